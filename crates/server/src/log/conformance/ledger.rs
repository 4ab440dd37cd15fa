//! The rules of a space's log, held against whatever lies behind the port.

use satchel_ledger::{Denied as Rule, Detail, Span, conformance::Subject};
use satchel_wire::{Changes, DeviceId, Digest, Push, PushAnswer};
use tokio::runtime::{Builder, Runtime};

use super::{Home, NOW, SharedLog, home};
use crate::log::{Denied, Session};

/// The space of account 1 in a log, with a runtime to wait on.
pub(crate) struct Ledger {
    log: SharedLog,
    home: Home,
    runtime: Runtime,
    raise_epoch: Box<dyn FnMut()>,
}

impl Ledger {
    /// Registers account 1, whose space has the name that the cases use. No request raises an epoch yet:
    /// `raise_epoch` does it by other means.
    pub(crate) fn new(log: SharedLog, raise_epoch: impl FnMut() + 'static) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let home = runtime.block_on(home(&*log, 1));
        Self { log, home, runtime, raise_epoch: Box::new(raise_epoch) }
    }
}

fn rule<T>(answer: Result<T, Denied>) -> Result<T, Rule> {
    answer.map_err(|denied| match denied {
        Denied::Ledger(rule) => rule,
        other => panic!("a member is let in: {other:?}"),
    })
}

impl Subject for Ledger {
    fn push(&mut self, writer: DeviceId, push: &Push, now_ms: u64) -> Result<PushAnswer, Rule> {
        let session = Session { device: writer, ..self.home.session };
        let pushing = self.log.push(session, self.home.space, push.clone(), now_ms);
        rule(self.runtime.block_on(pushing).expect("storage answers"))
    }

    fn changes(&mut self, span: Span, now_ms: u64) -> Result<Changes, Rule> {
        let pulling = self.log.changes(self.home.session.account, self.home.space, span, now_ms);
        rule(self.runtime.block_on(pulling).expect("storage answers"))
    }

    fn digest(&mut self, detail: Detail, now_ms: u64) -> Digest {
        let asking = self.log.digest(self.home.session.account, self.home.space, detail, now_ms);
        rule(self.runtime.block_on(asking).expect("storage answers")).expect("a digest is not refused")
    }

    fn purge(&mut self, now_ms: u64) {
        self.runtime.block_on(self.log.purge(now_ms)).expect("storage answers");
    }

    fn raise_epoch(&mut self) {
        (self.raise_epoch)();
    }
}

/// The clocks of the cases here and there are one.
const _: () = assert!(NOW == satchel_ledger::conformance::NOW);
