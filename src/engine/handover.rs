//! A lost device: once it was revoked it hands over what is nowhere else, part by part, and erases itself.
//!
//! Nothing is erased on a server's word alone: the answer to each part carries the revocation, signed by one of
//! the ways into the account that this device knows. What could not be handed over stays, sealed, and is tried again;
//! what was is not handed over twice.

mod taken;

use super::Engine;
use super::account;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::keys::Entrance;
use super::workspace::{DRAFTS, Workspace};
use crate::port::{Event, Failure, FailureCode, REACHED, Session, VISIT};
use satchel_replica::{Given, Meta, Part, PartSink};
use satchel_vault::is_revocation;
use satchel_wire::AccountId;
use std::ops::ControlFlow;
use std::rc::Rc;

/// How often is handed over what entered while something was handed over.
const TRIES: usize = 4;
/// The local item that says what was handed over.
const GIVEN: &str = "handover/given";

/// How much was handed over.
#[derive(Clone, Copy, Default)]
struct Handed {
    records: u32,
    /// Forms that were begun and not saved.
    drafts: u32,
    files: u32,
}

/// Parts on their way to the server.
struct Giving<'a, H: Host> {
    open: &'a Workspace<H>,
    meta: Meta,
    entrance: Rc<Entrance>,
    account: AccountId,
    given: Given,
    /// What kept a part from being handed over.
    failure: Option<Failure>,
}

impl<H: Host> PartSink for Giving<'_, H> {
    async fn take(&mut self, part: Part) -> ControlFlow<()> {
        match self.give(part).await {
            Ok(true) => ControlFlow::Continue(()),
            Ok(false) => ControlFlow::Break(()),
            Err(failure) => {
                self.failure = Some(failure);
                ControlFlow::Break(())
            }
        }
    }
}

impl<H: Host> Giving<'_, H> {
    /// Whether the server has it and the account itself revoked this device: a server could claim anything.
    async fn give(&mut self, Part { sealed, items, is_last }: Part) -> Ended<bool> {
        let Self { open, meta, entrance, .. } = self;
        // Another workspace was opened: it goes on when this one is opened again.
        if open.unseen.get() {
            return Ok(false);
        }
        let path = if is_last { "/v1/handover" } else { "/v1/handover/part" };
        let proof = account::hand_over(&*open.host, &open.server, meta, entrance, path, sealed).await?;
        if !is_revocation(&proof, &meta.slots, self.account, meta.device) {
            return Ok(false);
        }
        self.given.extend(items);
        // What is not noted is handed over once more.
        let _ = open.keep_local(GIVEN, Some(&self.given.to_bytes())).await;
        Ok(true)
    }
}

impl<H: Host> Engine<H> {
    /// Hands over what was not sent, and erases this device. What fails is tried again with the next round.
    pub(super) fn leave_if_revoked(&self, open: &Rc<Workspace<H>>) {
        if !open.syncing.revoked.get() || open.devices.leaving.replace(true) {
            return;
        }
        let open = Rc::clone(open);
        // Beside the sync: what it holds open would keep the store from being erased.
        self.spawn(async move |engine| {
            let leaving = Rc::downgrade(&open);
            // One tab at a time: the next one finds what was handed over.
            let turn = format!("{} leaving", open.id);
            let _: Result<(), Failure> = engine.host.alone(&turn, engine.leave(open)).await;
            if let Some(open) = leaving.upgrade() {
                open.devices.leaving.set(false);
            }
        });
    }

    async fn leave(&self, open: Rc<Workspace<H>>) -> Ended<()> {
        open.whole().await?;
        for _ in 0..TRIES {
            let written = open.written();
            let Some(before) = open.work_here().await else { return Ok(()) };
            let Some(handed) = open.give_up().await? else { return Ok(()) };
            // What was written meanwhile, in this tab or another one, is still to be handed over.
            if open.written() == written && !open.has_more_than(&before).await {
                return self.erase_revoked(open, handed).await;
            }
        }
        Ok(())
    }

    async fn erase_revoked(&self, open: Rc<Workspace<H>>, handed: Handed) -> Ended<()> {
        // Another workspace may have been opened meanwhile: then this one is erased when it is opened again.
        let place = self.place().filter(|place| place.id == open.id).ok_or(FailureCode::NotFound)?;
        drop(open);
        self.erase_here(None, &place).await?;
        let Handed { records, drafts, files } = handed;
        self.tell(Event::Session(Session::Erased { workspace: place, handed: records, drafts, files }));
        Ok(())
    }
}

impl<H: Host> Workspace<H> {
    /// Hands over what is on this device alone, as far as that was not done before; how much there was in all, once the
    /// server has everything.
    async fn give_up(&self) -> Ended<Option<Handed>> {
        let (meta, entrance) = (self.fresh_meta().await, self.entrance());
        let account = account::account_of(&meta);
        let before = self.local(GIVEN).await.map(|bytes| Given::from_bytes(&bytes)).unwrap_or_default();
        let given = before.clone();
        let mut giving = Giving { open: self, meta, entrance, account, given, failure: None };
        let now_ms = self.host.now_ms();
        let all = self.replica.hand_over(&self.backup, account, now_ms, &before, &mut giving).await?;
        if let Some(failure) = giving.failure {
            return Err(failure);
        }
        let begun = self.replica.locals(DRAFTS).await?;
        let forms = begun.iter().filter(|(key, _)| is_form(key)).count();
        Ok(all.map(|all| Handed {
            records: number(all.unsent),
            drafts: number(forms),
            files: number(all.files),
        }))
    }
}

/// Whether a local item is a form that was begun: a visit under way goes along with them, and is none.
fn is_form(key: &str) -> bool {
    let Some(form) = key.strip_prefix(DRAFTS) else { return false };
    let waits = form.strip_prefix("handed/").and_then(|handed| handed.split_once('/'));
    ![VISIT, REACHED].contains(&waits.map_or(form, |(_, form)| form))
}

fn number(count: impl TryInto<u32>) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::is_form;

    #[test]
    fn a_visit_under_way_is_no_form() {
        let table = [
            ("draft/partner/new", true),
            ("draft/log/00000000000000000000000000000007", true),
            ("draft/handed/0000000000000007/partner/new", true),
            ("draft/visit", false),
            ("draft/reached", false),
            ("draft/handed/0000000000000007/visit", false),
            ("review/1", false),
        ];
        for (key, expected) in table {
            assert_eq!(is_form(key), expected, "{key}");
        }
    }
}
