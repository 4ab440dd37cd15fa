//! Committing: what becomes a row, what a mark, and what goes into new pages.

use super::directory::{Page, Place};
use super::format::{self, Mark};
use super::{Brief, PageState, Shelf, pack};
use crate::safeguard::{Safeguard, holds};
use crate::store::{PageChange, PageKey, PageKind, PagesHead};
use crate::{Changeset, Content, Durability, Put, RowState, Store, StoreError};
use satchel_wire::{RecordId, Stream};
use std::collections::VecDeque;

/// A page of several records is no larger once it is packed, also where little of it packs.
const FULL: usize = 120 * 1024;
/// Marks of one page, at most: none takes 90 bytes, and little of them packs.
pub(super) const MARKS: usize = 600;

/// A record that goes into a page at once.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    pub(crate) id: RecordId,
    /// The version that was read, of a row or of a page's copy; `None` for a new record.
    pub(crate) expected: Option<u64>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) stream: Stream,
    pub(crate) state: PageState,
    pub(crate) brief: Option<Brief>,
}

/// What a commit does to the directory once it is done.
#[derive(Default)]
pub(super) struct Moves {
    pub(super) pages: Vec<(u32, Page)>,
    pub(super) marks: Vec<(u32, Vec<Mark>)>,
    pub(super) gone: Vec<u32>,
    pub(super) gone_marks: Vec<u32>,
}

impl Moves {
    fn hold_unsent(&self) -> bool {
        let mut entries = self.pages.iter().flat_map(|(_, page)| &page.entries);
        entries.any(|listed| listed.state.turn().is_some())
    }
}

impl<S: Store> Shelf<S> {
    /// Writes all of it or nothing: rows, and records that go into pages at once.
    pub(crate) async fn commit_with(
        &self,
        mut changeset: Changeset,
        fresh: Vec<Fresh>,
    ) -> Result<(), StoreError> {
        if !(changeset.rows.is_empty() && fresh.is_empty()) {
            self.ready().await?;
        }
        let head = self.head.get();
        let mut change = PageChange { over: head.generation, ..PageChange::default() };
        let mut moves = Moves::default();
        let marks = self.split(&mut changeset, &mut change);
        let touches_rows = !(changeset.rows.is_empty() && fresh.is_empty() && marks.is_empty());
        let mut next = head.next;
        if !fresh.is_empty() {
            self.bind(fresh, &mut next, &mut change, &mut moves).await?;
        }
        if !marks.is_empty() {
            self.write_marks(marks, &mut next, &mut change, &mut moves).await?;
        }
        changeset.pages = touches_rows.then_some(change);
        self.commit_moves(changeset, moves).await
    }

    /// Commits, and moves the directory along. What holds anything that was never sent survives a power cut: nobody
    /// can have it again, wherever it lay before.
    pub(super) async fn commit_moves(
        &self,
        mut changeset: Changeset,
        moves: Moves,
    ) -> Result<(), StoreError> {
        if changeset.rows.iter().any(|put| put.state.is_unsent()) || moves.hold_unsent() {
            let left_out = moves.hold_unsent() && !holds(Safeguard::Strict);
            changeset.durability = if left_out { Durability::Relaxed } else { Durability::Strict };
        }
        let after = changeset.pages.as_ref().map(|change| self.head.get().after(change));
        let written: Vec<_> = changeset.rows.iter().map(|put| (put.id, put.next_version())).collect();
        match self.store.commit(changeset).await {
            Ok(_) => {
                self.moved(after, moves, &written);
                Ok(())
            }
            Err(StoreError::Stale(stale)) => {
                if stale.pages {
                    self.refresh().await?;
                }
                Err(StoreError::Stale(stale))
            }
            Err(error) => Err(error),
        }
    }

    fn moved(&self, after: Option<PagesHead>, moves: Moves, written: &[(RecordId, u64)]) {
        let Moves { pages, marks, gone, gone_marks } = moves;
        let mut offered = self.offered.borrow_mut();
        let marked = marks.iter().flat_map(|(_, marks)| marks.iter().map(|mark| &mark.id));
        written.iter().map(|(id, _)| id).chain(marked).for_each(|id| {
            offered.remove(id);
        });
        let mut directory = self.directory.borrow_mut();
        // Before this was heard of, another tab may have packed the row, and this one have met the page.
        written.iter().for_each(|(id, version)| directory.cover(*id, *version));
        for (number, page) in pages {
            directory.add(number, page, |_| false);
        }
        for (number, marks) in marks {
            directory.mark_all(number, &marks);
        }
        gone.into_iter().for_each(|number| directory.drop_page(number));
        gone_marks.iter().for_each(|number| {
            directory.marks.remove(number);
        });
        if let Some(after) = after.filter(|after| after.generation >= self.head.get().generation) {
            self.head.set(after);
        }
    }

    /// Sorts writes by where what they replace lies: a new state of a page's copy is a mark, other writes
    /// over one are new rows.
    fn split(&self, changeset: &mut Changeset, change: &mut PageChange) -> Vec<Mark> {
        let directory = self.directory.borrow();
        let mut marks = Vec::new();
        changeset.rows.retain_mut(|put| {
            let found = directory.find(put.id).filter(|(_, listed)| Some(listed.version) == put.expected);
            let Some((Place { page, .. }, listed)) = found else { return true };
            change.waiting -= i64::from(listed.state.turn().is_some());
            if let (Content::Kept, RowState::Synced(at)) = (put.content, &put.state) {
                let state = PageState::Synced(*at);
                marks.push(Mark { id: put.id, page, version: listed.version + 1, state });
                return false;
            }
            change.rows -= 1;
            (put.expected, put.paged) = (None, put.expected);
            true
        });
        marks
    }

    pub(super) async fn write_marks(
        &self,
        marks: Vec<Mark>,
        next: &mut u32,
        change: &mut PageChange,
        moves: &mut Moves,
    ) -> Result<(), StoreError> {
        for marks in marks.chunks(MARKS) {
            let key = PageKey { kind: PageKind::Marks, number: *next };
            *next += 1;
            let sealed = self.seal_page(key, format::pack(&marks)).await?;
            change.writes.push((key, sealed));
            moves.marks.push((key.number, marks.to_vec()));
        }
        Ok(())
    }

    /// Puts records into new pages, those of one cluster beside each other.
    pub(super) async fn bind(
        &self,
        fresh: Vec<Fresh>,
        next: &mut u32,
        change: &mut PageChange,
        moves: &mut Moves,
    ) -> Result<(), StoreError> {
        for one in &fresh {
            self.replaces(one, change);
        }
        let mut sealing = Vec::new();
        let mut groups = VecDeque::from(pack::groups(fresh, self.shelving.page_bytes));
        while let Some(mut group) = groups.pop_front() {
            let number = *next;
            let (index, bodies, page) = pack::written(&group, number, self.shelving.brief_format());
            if group.len() > 1 && index.len().max(bodies.len()) > FULL {
                let second = group.split_off(group.len() / 2);
                groups.push_front(second);
                groups.push_front(group);
                continue;
            }
            *next += 1;
            for (kind, plain) in [(page.kind, index), (PageKind::Bodies, bodies)] {
                let key = PageKey { kind, number };
                sealing.push((key, self.seal_page(key, plain)));
            }
            moves.pages.push((number, page));
        }
        for (key, sealing) in sealing {
            change.writes.push((key, sealing.await?));
        }
        Ok(())
    }

    /// What a fresh record replaces goes in the same commit.
    fn replaces(&self, fresh: &Fresh, change: &mut PageChange) {
        change.waiting += i64::from(fresh.state.turn().is_some());
        let listed = self.directory.borrow().find(fresh.id).map(|(_, listed)| listed);
        match (fresh.expected, listed) {
            (Some(version), Some(listed)) if listed.version == version => {
                change.waiting -= i64::from(listed.state.turn().is_some());
            }
            (Some(version), _) => {
                change.rows += 1;
                change.unrow.push((fresh.id, version));
            }
            (None, _) => change.rows += 1,
        }
    }
}

impl Put {
    /// Where it stands, if nothing of it needs a row of its own.
    pub(crate) fn page_state(&self) -> Option<PageState> {
        match self.state {
            RowState::Synced(at) => Some(PageState::Synced(at)),
            RowState::New(unsent) => Some(PageState::New(unsent)),
            RowState::Edited { .. } | RowState::Quarantined { .. } => None,
        }
    }
}
