//! Pages of records: the briefs that the book opens from, what is read after the doors are open, and packing.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::workspace::{Workspace, standing};
use satchel_book::{Book, Class};
use satchel_domain::{Record, RecordId, field};
use satchel_replica::{Brief, Briefs, Opened, Packed, PageCipher, PageKind, Shelving};
use std::rc::{Rc, Weak};

/// After so long without anything to do, packing begins, ms.
const QUIET_MS: u64 = 4_000;
/// Between two steps of packing, ms.
const STEP_MS: u64 = 50;

/// How this app uses pages.
pub fn shelving(cipher: Option<Rc<dyn PageCipher>>) -> Shelving {
    let briefs = Briefs { format: satchel_book::BRIEF_FORMAT, make: brief };
    Shelving { cipher, briefs: Some(briefs), ..Shelving::default() }
}

fn brief(id: RecordId, record: &Record) -> Option<Brief> {
    let satchel_book::Brief { class, cluster, bytes } = satchel_book::brief(id, record)?;
    let kind = match class {
        Class::Card => PageKind::Cards,
        Class::Event => PageKind::Events,
    };
    Some(Brief { kind, cluster, bytes })
}

/// What the briefs of an index are about.
pub(super) fn class(kind: PageKind) -> Class {
    if kind == PageKind::Cards { Class::Card } else { Class::Event }
}

/// Puts what was opened into the book; tells whose brief does not read: its record is to be read instead.
pub fn take_in(book: &mut Book, opened: Opened<'_>) -> Option<RecordId> {
    match opened {
        Opened::Record(id, record) => {
            book.apply(id, standing(&record));
            None
        }
        Opened::Brief(id, kind, bytes) => book.apply_brief(id, class(kind), bytes).err().map(|_| id),
    }
}

/// Puts the content of an interaction, if that is what these bytes of a record are, among what is searched.
pub fn take_text(book: &mut Book, id: RecordId, bytes: &[u8]) {
    if book.lacks_text(id) {
        book.put_text(id, &Record::peek_text(bytes, field::CONTENT).unwrap_or_default());
    }
}

impl<H: Host> Workspace<H> {
    /// What happened enters the book behind the open doors, then the texts that it is found by.
    pub(super) async fn open_rest(self: &Rc<Self>) -> Ended<()> {
        let mut unread = self.unread.take();
        self.replica
            .open_rest(&mut |opened| unread.extend(take_in(&mut self.book.borrow_mut(), opened)))
            .await?;
        if !unread.is_empty() {
            self.reload(&unread).await;
        }
        self.end_cut_off_restore().await?;
        self.whole.set(true);
        // These only decorate; a failure shows none until the next round.
        let _ = self.replica.tidy_reviews().await;
        let _ = self.count_waiting().await;
        let _ = self.count_reviews().await;
        self.changed();
        // What is not read now is not found by its text until the next unlock; everything else is here.
        let _ = self.open_texts().await;
        Ok(())
    }

    async fn open_texts(&self) -> Ended<()> {
        let mut after = None;
        loop {
            let take = |id, bytes: &[u8]| take_text(&mut self.book.borrow_mut(), id, bytes);
            let next = self.replica.each_event(after, take).await?;
            if next.is_none() {
                break;
            }
            after = next;
            self.host.breathe().await;
        }
        // Code that never ran is slow: better now than under the first letter that is typed.
        let _found = self.book.borrow().find("warm", 1, None);
        self.note_entered();
        self.changed();
        Ok(())
    }

    /// Whether everything is known.
    pub(super) fn is_whole(&self) -> bool {
        self.whole.get()
    }

    /// Waits until everything is known: what is written before that could not be told from what is still to come.
    ///
    /// # Errors
    /// Why it never will be.
    pub(super) async fn whole(&self) -> Ended<()> {
        while !self.whole.get() {
            if let Some(code) = self.closed.get() {
                return Err(code.into());
            }
            self.host.breathe().await;
        }
        Ok(())
    }
}

/// Packs while nothing else happens, as long as the workspace is open.
pub(super) async fn keep_packed<H: Host>(host: Rc<H>, workspace: Weak<Workspace<H>>) {
    let (mut seen, mut packed) = (None, None);
    loop {
        host.sleep(QUIET_MS).await;
        let Some(open) = workspace.upgrade() else { return };
        let now = Some(open.entered());
        let done = packed == now && !open.replica.has_broken_pages();
        if seen != now || done || !open.whole.get() {
            seen = now;
            continue;
        }
        // A failure is the disk's; what is not packed stays as it is until something enters again.
        while matches!(open.replica.pack().await, Ok(Packed::Some)) && now == Some(open.entered()) {
            host.sleep(STEP_MS).await;
        }
        // A damaged page may have been found on the way, and what was lost with it. The counts only decorate.
        let _ = open.count_waiting().await;
        let _ = open.count_reviews().await;
        open.tell_status();
        packed = now;
    }
}
