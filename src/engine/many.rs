//! Acts on many customers, looked at before and taken back as one (R38, R39); two partners that become one (R3);
//! who is like somebody new.

use super::commands::{check, count, revised, written};
use super::failure::Outcome as Ended;
use super::host::Host;
use super::import::Breathing;
use super::view::partner_filter;
use super::workspace::{Many, Workspace};
use crate::port::{
    self, Bulk, BulkChange, BulkPreview, Done, Failure, FailureCode, Mark, Meant, Merge, Outcome,
    PickedCount, PickedIn,
};
use satchel_book as book;
use satchel_domain::{
    AccountId, Code, Invalid, PartnerDraft, RecordId, Revision, Write, field, merge_writes,
};
use satchel_replica::Edit;
use std::collections::HashSet;

/// So many records wait as one, for the server too; more are still one to take back.
const AT_ONCE: usize = 500;
/// How many of those that would change are shown.
const SHOWN: usize = 5;
/// How many are offered as alike.
const ALIKE: usize = 3;

impl<H: Host> Workspace<H> {
    /// Changes each customer that is meant and is not so already.
    pub(super) async fn change_many(&self, bulk: &Bulk) -> Ended<Done> {
        self.check_change(&bulk.change)?;
        let meant = self.whom(&bulk.meant);
        let changing = self.changing(&meant, &bulk.change);
        let write = writes(&bulk.change);
        let told = bulk.task.as_ref().filter(|_| matches!(bulk.change, BulkChange::Owner(Some(_))));
        let edits = |id: &RecordId| {
            let telling = told.map(|task| self.telling(*id, task));
            [written(*id, vec![write.clone()])].into_iter().chain(telling)
        };
        let edits: Vec<Edit> = changing.iter().flat_map(edits).collect();
        let changed = count(changing.len());
        let outcome = Outcome::Changed { changed, same: count(meant.len()) - changed };
        if edits.len() > AT_ONCE {
            let many = self.write_many(&edits, &mut Breathing(&*self.host)).await?;
            return Ok(self.done_many(many, changed, outcome));
        }
        let undo = self.write(edits).await?;
        Ok(Done { outcome, undo })
    }

    /// How an act on `meant` customers ended: as a whole, or with how many were changed and how many were not. Either
    /// way what was done is taken back as one.
    pub(super) fn done_many(&self, Many { touched, failed }: Many, meant: u32, whole: Outcome) -> Done {
        let changed = count(touched.iter().filter(|one| one.edit.is_some()).count());
        let partly = |failure: Failure| Outcome::ChangedPartly {
            changed,
            left: meant.saturating_sub(changed),
            why: failure.code,
        };
        Done { outcome: failed.map_or(whole, partly), undo: self.remember(touched) }
    }

    /// What [`Self::change_many`] would do.
    pub(super) fn preview_many(&self, bulk: &Bulk) -> BulkPreview {
        let meant = self.whom(&bulk.meant);
        let changing = self.changing(&meant, &bulk.change);
        let book = self.book.borrow();
        let first = changing.iter().take(SHOWN).filter_map(|id| book.partner_row(*id));
        BulkPreview {
            meant: count(meant.len()),
            changing: count(changing.len()),
            first: self.rows(first.collect()),
        }
    }

    /// How many are meant, and how many of them a list does not show.
    pub(super) fn picked_count(&self, asked: PickedIn) -> PickedCount {
        let PickedIn { meant, filter } = asked;
        let chosen = self.whom(&meant);
        let listed: HashSet<RecordId> =
            self.whom(&Meant::Found { filter, but: Vec::new() }).into_iter().collect();
        let unseen = chosen.iter().filter(|id| !listed.contains(id)).count();
        PickedCount { meant: count(chosen.len()), unseen: count(unseen) }
    }

    /// Nothing is written for an empty tag, or for an owner who is no member.
    fn check_change(&self, change: &BulkChange) -> Ended<()> {
        let invalid = |field: &str| vec![Invalid { field: field.to_owned(), code: Code::Required }];
        match change {
            BulkChange::Tag(tag) | BulkChange::Untag(tag) if tag.trim().is_empty() => {
                Err(invalid(field::TAGS).into())
            }
            BulkChange::Owner(Some(to)) if !self.is_member(AccountId(*to)) => {
                Err(FailureCode::NotFound.into())
            }
            _ => Ok(()),
        }
    }

    /// Who is meant, by name, each once; those in the trash and those that gave way to others are not.
    pub(super) fn whom(&self, meant: &Meant) -> Vec<RecordId> {
        let book = self.book.borrow();
        match meant {
            Meant::These(ids) => {
                let mut seen = HashSet::new();
                let here = |id: &RecordId| book.partner_row(*id).map(|row| row.id);
                ids.iter().filter_map(here).filter(|id| seen.insert(*id)).collect()
            }
            Meant::Found { filter, but } => {
                let but: HashSet<&RecordId> = but.iter().collect();
                let waiting = |id| !filter.waiting || self.mark(id) == Mark::Waiting;
                book.found(&partner_filter(filter), |id| !but.contains(&id) && waiting(id))
            }
        }
    }

    /// Those of them that are not so already.
    fn changing(&self, meant: &[RecordId], change: &BulkChange) -> Vec<RecordId> {
        let book = self.book.borrow();
        let card = |id: &RecordId| book.partner(*id).map(|partner| &partner.card);
        let changes = |id: &&RecordId| card(id).is_some_and(|card| differs(card, change));
        meant.iter().filter(changes).copied().collect()
    }

    /// Makes two partners one: what the person chose is written to the one that stays, the other leads to it.
    pub(super) async fn merge(&self, merge: &Merge) -> Ended<Done> {
        let Merge { into, from, seen, draft } = merge;
        check(draft.validate(self.now()))?;
        let apart = {
            let book = self.book.borrow();
            let live = |id: RecordId| book.is_deleted(id) == Some(false) && book.partner(id).is_some();
            live(*into) && live(*from) && book.resolve(*into) != book.resolve(*from)
        };
        if !apart {
            return Err(FailureCode::NotFound.into());
        }
        let mut edits = vec![written(*from, merge_writes(*into))];
        let revision = Revision::of_partner(seen, draft, &mut || self.random_u64());
        edits.extend((!revision.is_empty()).then(|| revised(*into, revision)));
        let undo = self.write(edits).await?;
        Ok(Done { outcome: Outcome::Saved, undo })
    }

    /// Who is like somebody who is being typed.
    pub(super) fn alike(&self, newcomer: &port::Newcomer) -> Vec<port::Alike> {
        let port::Newcomer { kind, name, company, phones, mails, but } = newcomer;
        let asked = book::Newcomer {
            kind: *kind,
            name: name.clone(),
            company: company.clone(),
            phones: phones.clone(),
            mails: mails.clone(),
        };
        let found = self.book.borrow().alike(&asked, *but, ALIKE);
        let one = |alike: book::Alike| port::Alike {
            partner: self.row(alike.partner),
            percent: alike.percent,
            common: alike.common.into_iter().map(common).collect(),
        };
        found.into_iter().map(one).collect()
    }
}

fn common(common: book::Common) -> port::Common {
    match common {
        book::Common::Phone => port::Common::Phone,
        book::Common::Mail => port::Common::Mail,
        book::Common::Name => port::Common::Name,
        book::Common::NearName => port::Common::NearName,
        book::Common::Company => port::Common::Company,
    }
}

/// Whether a change makes another of this card.
fn differs(card: &PartnerDraft, change: &BulkChange) -> bool {
    match change {
        BulkChange::Type(partner_type) => card.partner_type != *partner_type,
        BulkChange::Tag(tag) => !card.tags.contains(tag.trim()),
        BulkChange::Untag(tag) => card.tags.contains(tag.trim()),
        BulkChange::Owner(owner) => card.owner != owner.map(AccountId),
        BulkChange::Delete => true,
    }
}

fn writes(change: &BulkChange) -> Write {
    let set = |field: &str, value| Write::Set { field: field.to_owned(), value };
    let tag = |tag: &str, present| Write::Element {
        field: field::TAGS.to_owned(),
        element: tag.trim().into(),
        present,
    };
    match change {
        BulkChange::Type(partner_type) => set(field::TYPE, partner_type.code().into()),
        BulkChange::Tag(name) => tag(name, true),
        BulkChange::Untag(name) => tag(name, false),
        BulkChange::Owner(owner) => set(field::OWNER, owner.map(AccountId).into()),
        BulkChange::Delete => Write::deleted(true),
    }
}
