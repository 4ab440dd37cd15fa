//! What a screen shows: each query is asked of the book, small and windowed.

use super::Engine;
use super::host::Host;
use super::view::{
    Title, any_record, number, partner_filter, partner_sort, summary, timeline_filter, window,
};
use super::workspace::Workspace;
use crate::port::{
    Answer, AsideItem, AsideReason, ItemKind, Mark, PartnerFilter, PartnerList, PartnerSort, Query,
    RecordCard, SyncPage, TaskList, Timeline, TimelineFilter, Trash, WaitingItem, Window,
};
use satchel_domain::RecordId;
use satchel_replica::Reason;
use satchel_wire::Refusal;

/// Records that wait and are listed by name.
const WAITING_SHOWN: usize = 20;

impl<H: Host> Engine<H> {
    /// Answers a query from what is open.
    pub(super) async fn answer(&self, open: &Workspace<H>, query: Query) -> Answer {
        match query {
            Query::Partners { filter, sort, window } => {
                Answer::Partners(open.partners(&filter, sort, window))
            }
            Query::Partner { id } => open.partner(id).await,
            Query::Timeline { partner, filter, window } => {
                Answer::Timeline(open.timeline(partner, filter, window).await)
            }
            Query::Record { id } => open.record(id).await,
            Query::History { id } => Answer::History(open.history(id).await.map(Box::new)),
            Query::Today { from_ms, to_ms } => {
                let mut today = open.book.borrow().today(from_ms, to_ms);
                open.fill(&mut today).await;
                Answer::Today(Box::new(open.today(today)))
            }
            Query::Tasks { window } => Answer::Tasks(open.tasks(window)),
            Query::Find { text, limit, kind } => {
                let found = open.book.borrow().find(&text, limit as usize, kind);
                Answer::Find(open.rows(found))
            }
            Query::Trash { window } => Answer::Trash(open.trash_page(window).await),
            Query::Sync => Answer::Sync(Box::new(open.sync_page().await)),
            Query::Draft { key } => {
                let bytes = open.local(&format!("draft/{key}")).await.unwrap_or_default();
                Answer::Draft(String::from_utf8(bytes).unwrap_or_default())
            }
            Query::Tags => Answer::Tags(open.book.borrow().tags()),
            Query::ImportPreview { import, plans, file, rows } => {
                Answer::ImportPreview(self.preview(open, import, &plans, file, rows).await)
            }
        }
    }
}

impl<H: Host> Workspace<H> {
    fn partners(&self, filter: &PartnerFilter, sort: PartnerSort, asked: Window) -> PartnerList {
        let (filtered, sort) = (partner_filter(filter), partner_sort(sort));
        let wanted = |id| !filter.waiting || self.mark(id) == Mark::Waiting;
        let list = self.book.borrow().partners(&filtered, sort, window(asked), wanted);
        PartnerList {
            total: number(list.total),
            all: number(list.all),
            offset: asked.offset,
            rows: self.rows(list.rows),
            letters: list.letters.into_iter().map(|(letter, at)| (letter, number(at))).collect(),
        }
    }

    async fn partner(&self, id: RecordId) -> Answer {
        let until_ms = i64::try_from(self.host.now_ms()).unwrap_or(i64::MAX);
        let review = self.review_items().await;
        let mut card = self.book.borrow().card(id, until_ms);
        self.fill(&mut card).await;
        Answer::Partner(card.map(|card| Box::new(self.card(card, review))))
    }

    async fn timeline(&self, partner: RecordId, filter: TimelineFilter, asked: Window) -> Timeline {
        let mut found = self.book.borrow().timeline(partner, &timeline_filter(filter), window(asked));
        self.fill(&mut found).await;
        Timeline {
            total: number(found.total),
            all: number(found.all),
            offset: asked.offset,
            entries: found.entries.into_iter().map(|entry| self.entry(entry)).collect(),
            summary: summary(found.summary),
        }
    }

    async fn record(&self, id: RecordId) -> Answer {
        let mut card = self.book.borrow().record(id);
        self.fill(&mut card).await;
        let card =
            card.map(|card| RecordCard { what: any_record(card.what), with: card.with, mark: self.mark(id) });
        Answer::Record(card.map(Box::new))
    }

    fn tasks(&self, asked: Window) -> TaskList {
        let list = self.book.borrow().tasks(window(asked));
        TaskList {
            total: number(list.total),
            open: number(list.open),
            offset: asked.offset,
            rows: list.rows.into_iter().map(|row| self.task(row)).collect(),
        }
    }

    async fn trash_page(&self, asked: Window) -> Trash {
        let mut trash = self.book.borrow().trash(window(asked));
        self.fill(&mut trash).await;
        let rows = trash.rows.into_iter().map(|(record, at_ms)| (any_record(record), at_ms)).collect();
        Trash { total: number(trash.total), offset: asked.offset, rows }
    }

    async fn sync_page(&self) -> SyncPage {
        let records =
            self.replica.counts().await.map_or(0, |counts| u32::try_from(counts.rows).unwrap_or(u32::MAX));
        SyncPage {
            status: self.status(),
            records,
            waiting: self.waiting_items().await,
            review: self.review_items().await,
            aside: self.aside_items().await,
            storage: self.host.storage().await,
            persistent: self.host.persisted().await,
            server: self.server.clone(),
            registered: self.meta().registered || self.replica.cursor().incarnation.is_some(),
        }
    }

    async fn waiting_items(&self) -> Vec<WaitingItem> {
        let mut waiting = self.waiting();
        waiting.sort_unstable_by(|(_, a), (_, b)| b.cmp(a));
        waiting.truncate(WAITING_SHOWN);
        let ids: Vec<RecordId> = waiting.iter().map(|(id, _)| *id).collect();
        let titles = self.titles(&ids).await;
        let item = |((id, changed_ms), title)| Self::waiting_item(id, changed_ms, title);
        waiting.into_iter().zip(titles).map(item).collect()
    }

    fn waiting_item(id: RecordId, changed_ms: u64, title: Option<Title>) -> WaitingItem {
        match title {
            Some(title) => WaitingItem {
                id,
                kind: title.kind,
                title: title.text,
                partner: title.partner,
                partner_id: title.partner_id,
                changed_ms,
            },
            None => WaitingItem {
                id,
                kind: ItemKind::Unknown,
                title: String::new(),
                partner: String::new(),
                partner_id: None,
                changed_ms,
            },
        }
    }

    async fn aside_items(&self) -> Vec<AsideItem> {
        let aside = self.replica.set_aside();
        let ids: Vec<RecordId> = aside.iter().map(|(id, _)| *id).collect();
        let titles = self.titles(&ids).await;
        aside.into_iter().zip(titles).map(|((id, why), title)| Self::aside_item(id, why, title)).collect()
    }

    fn aside_item(id: RecordId, why: Reason, title: Option<Title>) -> AsideItem {
        let (title, partner_id) = title.map_or((String::new(), None), |title| (title.text, title.partner_id));
        let (reason, mark) = match why {
            Reason::Unopenable => (AsideReason::Unopenable, Mark::Review),
            Reason::Unreadable => (AsideReason::Unreadable, Mark::Review),
            Reason::Refused(Refusal::TooLarge) => (AsideReason::TooLarge, Mark::Aside),
            Reason::Refused(Refusal::Mismatch | Refusal::Epoch | Refusal::Together) => {
                (AsideReason::Refused, Mark::Aside)
            }
        };
        AsideItem { id, title, partner_id, reason, mark }
    }
}
