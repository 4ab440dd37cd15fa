//! After an epoch began: what the server has under older keys is sealed anew, a little at a time, while nothing
//! else happens. Whoever was removed can then read nothing of what the server has, not even with a copy of it.

use super::host::Host;
use super::workspace::Workspace;
use crate::port::SyncPhase;
use satchel_replica::{Resealing, Wake};
use satchel_wire::members::Role;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// How often is looked whether there is something to do, ms.
const QUIET_MS: u64 = 5_000;
/// Between two steps, ms.
const STEP_MS: u64 = 50;
/// While what the last step sealed is on its way, or the server is away, ms.
const WAIT_MS: u64 = 500;

/// What is under way.
#[derive(Default)]
pub(super) struct Reseal {
    way: RefCell<Option<Resealing>>,
    /// Records looked at, of all, while it is under way.
    told: Cell<Option<(u32, u32)>>,
    /// How long the membership log was when nothing was left to do: an epoch begins with an entry of it.
    done: Cell<Option<u64>>,
}

impl Reseal {
    pub(super) fn told(&self) -> Option<(u32, u32)> {
        self.told.get()
    }
}

/// Seals anew as long as the workspace is open.
pub(super) async fn keep_resealed<H: Host>(host: Rc<H>, workspace: Weak<Workspace<H>>) {
    loop {
        let Some(open) = workspace.upgrade() else { return };
        let pause = open.reseal_step().await;
        drop(open);
        host.sleep(pause).await;
    }
}

impl<H: Host> Workspace<H> {
    /// One step, where nothing else waits; how long to pause then, ms. What failed is begun again later.
    async fn reseal_step(&self) -> u64 {
        let going = self.may_reseal();
        if going && !self.is_at_rest() {
            return WAIT_MS;
        }
        let going = going && self.reseal_some().await;
        if !going {
            self.reseal.way.take();
            self.reseal.told.set(None);
        }
        self.tell_status();
        if going { STEP_MS } else { QUIET_MS }
    }

    /// She may write, and something may be left to do. Who works alone has nobody to keep out.
    fn may_reseal(&self) -> bool {
        let due = self.reseal.done.get() != Some(self.team.n());
        due && self.is_whole() && self.team.role() >= Role::Editor && !self.team.is_removed()
    }

    /// Everything is on the server.
    fn is_at_rest(&self) -> bool {
        self.status().phase == SyncPhase::Synced && self.waiting_count() == 0
    }

    async fn reseal_some(&self) -> bool {
        let way = self.reseal.way.take();
        let way = match way {
            Some(way) => Ok(Some(way)),
            None => self.replica.begin_resealing().await,
        };
        let mut way = match way {
            Ok(Some(way)) => way,
            Ok(None) => {
                self.reseal.done.set(Some(self.team.n()));
                return false;
            }
            Err(_) => return false,
        };
        let Ok(step) = self.replica.reseal_some(&mut way, self.host.now_ms()).await else { return false };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.reseal.told.set(Some((count(step.done), count(step.total))));
        if step.sealed > 0 {
            // The counts only decorate; the outbox is the replica's.
            let _ = self.count_waiting().await;
            self.wake_sync(Wake::Write { waiting: step.sealed as u64 });
        }
        if !way.is_over() {
            *self.reseal.way.borrow_mut() = Some(way);
            return true;
        }
        // A way that found something is walked again: others may have written under the old key meanwhile.
        !matches!(self.replica.end_resealing(&way).await, Ok(true) | Err(_))
    }
}
