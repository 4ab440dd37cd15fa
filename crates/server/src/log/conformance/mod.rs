//! What every log must do, whatever lies behind the port. A backend's tests call [`conformance!`]
//! with a function that makes an empty log and something that keeps it alive, and the ledger's own suite
//! with a [`Ledger`].

mod accounts;
mod concurrency;
mod ledger;
mod members;

use std::sync::Arc;

use satchel_ledger::Span;
use satchel_wire::{
    AccountContent, AccountId, DeviceId, Envelope, Etag, Header, Kdf, Push, PushAnswer, PushMode, RecordId,
    Register, Row, Seen, SlotId, SlotRecord, SpaceId, SpaceState, Stream, Verdict,
};

use crate::log::{Denied, Log, Registered, Session};

pub(crate) use accounts::*;
pub(crate) use concurrency::*;
pub(crate) use ledger::Ledger;
pub(crate) use members::*;

/// The clock of these cases, ms since 1970 UTC.
pub(crate) const NOW: u64 = 1_800_000_000_000;

/// Runs every case on a log of its own.
macro_rules! conformance {
    ($open:path) => {
        conformance!(@cases $open:
            registering_is_idempotent_by_content,
            a_space_belongs_to_who_registered_it,
            an_account_changes_by_compare_and_swap,
            only_a_current_key_changes_an_account,
            a_way_that_is_gone_ends_the_sessions_that_came_by_it,
            devices_are_told_with_what_they_said_last,
            a_revoked_device_is_let_in_no_more,
            what_a_revoked_device_hands_over_is_kept_until_it_is_taken_in,
            what_was_handed_over_goes_with_its_space,
            what_is_handed_over_is_bounded_for_each_account,
            a_challenge_opens_one_session,
            sessions_end,
            strangers_are_denied,
            watchers_are_told_after_the_commit,
            no_reader_misses_a_row,
            one_of_two_rivals_wins,
            a_closed_log_refuses,
        );
    };
    (@cases $open:path: $($case:ident,)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $case() {
            let (log, _keep) = $open();
            $crate::log::conformance::$case(log).await;
        })*
    };
}
pub(crate) use conformance;

/// An account with its space and a device, signed in.
#[derive(Clone, Copy)]
pub(crate) struct Home {
    pub(crate) session: Session,
    pub(crate) space: SpaceId,
}

/// The registration of account `name`, with the space of the same name.
pub(crate) fn registration(name: u8) -> Register {
    Register {
        account: AccountId([name; 16]),
        content: content(1, name),
        space: Some(SpaceId([name; 16])),
        device: DeviceId(u64::MAX),
    }
}

/// What account `name` keeps at a revision.
pub(crate) fn content(revision: u64, name: u8) -> AccountContent {
    let kdf = Kdf { memory_kib: 65_536, passes: 3, lanes: 1, salt: [name; 16] };
    let slot =
        SlotRecord { id: SlotId::PASSPHRASE, kdf: Some(kdf), login_key: [name; 32], sealed: vec![name; 60] };
    AccountContent { revision, slots: vec![slot], keyring: vec![name; 200], proof: [name; 32] }
}

/// Registers account `name`.
pub(crate) async fn home(log: &dyn Log, name: u8) -> Home {
    let registration = registration(name);
    let made = log.register(registration.clone(), NOW).await.expect("storage answers");
    assert!(matches!(made, Registered::Created(_)), "{made:?}");
    let (account, device) = (registration.account, registration.device);
    let session = Session { account, device, slot: SlotId::PASSPHRASE, expires_ms: NOW + 1 };
    Home { session, space: registration.space.expect("a first space") }
}

impl Home {
    /// A write of `content` to record `record`.
    pub(crate) fn write(&self, record: u32, replaces: Option<Etag>, content: &[u8]) -> Envelope {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&record.to_be_bytes());
        let header = Header {
            format: 1,
            space: self.space,
            record: RecordId(id),
            stream: Stream::State,
            epoch: 1,
            replaces,
            device: self.session.device,
        };
        Envelope { header, ciphertext: content.to_vec() }
    }

    /// Pushes and expects to be answered.
    pub(crate) async fn push(&self, log: &dyn Log, mode: PushMode, writes: Vec<Envelope>) -> PushAnswer {
        self.offer(log, offer(mode, writes)).await.expect("not denied")
    }

    /// Pushes each write on its own and gives the verdicts.
    pub(crate) async fn each(&self, log: &dyn Log, writes: Vec<Envelope>) -> Vec<Verdict> {
        self.push(log, PushMode::Each, writes).await.verdicts
    }

    /// Pushes whatever is offered.
    pub(crate) async fn offer(&self, log: &dyn Log, push: Push) -> Result<PushAnswer, Denied> {
        log.push(self.session, self.space, push, NOW).await.expect("storage answers")
    }

    /// All rows after `since`, by pages of `limit`.
    pub(crate) async fn read_all(&self, log: &dyn Log, mut since: u64, limit: u32) -> (Vec<Row>, SpaceState) {
        let mut rows = Vec::new();
        loop {
            let pulled =
                log.changes(self.session.account, self.space, Span { since, limit, floor: 0 }, NOW).await;
            let page = pulled.expect("storage answers").expect("not denied");
            assert!(page.rows.len() <= limit as usize);
            rows.extend(page.rows);
            since = page.next;
            if since == page.space.head {
                return (rows, page.space);
            }
        }
    }
}

/// A push of a device that knows nothing yet.
pub(crate) fn offer(mode: PushMode, writes: Vec<Envelope>) -> Push {
    Push { push_id: 1, incarnation: None, epoch: 1, seen: Seen { seq: 0, root: None }, mode, writes }
}

/// The log behind a shared pointer, for tasks.
pub(crate) type SharedLog = Arc<dyn Log>;
