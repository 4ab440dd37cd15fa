//! What a screen shows: each query is asked of the book, small and windowed.

use super::Engine;
use super::host::Host;
use super::view::{any_record, number, partner_filter, summary, timeline_filter, window};
use super::workspace::{DRAFTS, Workspace};
use crate::port::{
    Answer, Mark, PartnerFilter, PartnerList, PartnerSort, Places, Query, RecordCard, Rows, TaskList,
    Timeline, TimelineEntry, TimelineFilter, Trash, Week, Window,
};
use satchel_domain::RecordId;

impl<H: Host> Engine<H> {
    /// Answers a query from what is open.
    pub(super) async fn answer(&self, open: &Workspace<H>, query: Query) -> Answer {
        match query {
            Query::Partners { filter, sort, window, rows } => {
                Answer::Partners(open.partners(&filter, sort, window, rows))
            }
            Query::Place { id, filter, sort } => Answer::Place(id, open.place(id, &filter, sort)),
            Query::Partner { id } => open.partner(id).await,
            Query::Timeline { partner, filter, window } => {
                Answer::Timeline(open.timeline(partner, filter, window).await)
            }
            Query::Record { id } => open.record(id).await,
            Query::History { id } => Answer::History(open.readable_history(id).await.map(Box::new)),
            Query::Today { from_ms, to_ms } => {
                let mut today = open.book.borrow().today(from_ms, to_ms);
                open.fill(&mut today).await;
                Answer::Today(Box::new(open.today(today)))
            }
            Query::LastMethod => Answer::LastMethod(open.book.borrow().last_method()),
            Query::Tasks { window } => Answer::Tasks(open.tasks(window)),
            Query::Week { from_ms, to_ms } => Answer::Week(Box::new(open.week(from_ms, to_ms))),
            Query::Find { text, limit, kind } => {
                let found = open.book.borrow().find(&text, limit as usize, kind);
                Answer::Find(open.rows(found))
            }
            Query::Alike(newcomer) => Answer::Alike(open.alike(&newcomer)),
            Query::Bulk(bulk) => Answer::Bulk(open.preview_many(&bulk)),
            Query::Picked(asked) => Answer::Picked(open.picked_count(asked)),
            Query::FindRecords { text, limit } => Answer::FindRecords(open.find_records(&text, limit).await),
            Query::Trash { window } => Answer::Trash(open.trash_page(window).await),
            Query::Devices => Answer::Devices(open.device_cards()),
            Query::Account => Answer::Account(open.account_card()),
            Query::Files { partner } => Answer::Files(open.customer_files(partner).await),
            Query::KeptFile { file } => Answer::KeptFile(open.kept_file(file).await),
            Query::Preview { id, file } => Answer::Preview(open.preview(id, file).await),
            Query::Sync => Answer::Sync(Box::new(open.sync_page().await)),
            Query::Backup => Answer::Backup(open.backup_page().await),
            Query::Person { id } => Answer::Person(open.person_page(id).await.map(Box::new)),
            Query::Erasures => Answer::Erasures(open.erasures().await),
            Query::Fields { id } => Answer::Fields(open.fields(id).await),
            Query::Draft { key } => {
                let bytes = open.local(&format!("{DRAFTS}{key}")).await.unwrap_or_default();
                Answer::Draft(String::from_utf8(bytes).unwrap_or_default())
            }
            Query::Team => Answer::Team(Box::new(open.team_page().await)),
            Query::Beside => Answer::Beside(self.others_of(open).await),
            Query::Tags => Answer::Tags(open.book.borrow().tags()),
            Query::Cities => Answer::Cities(Places(open.book.borrow().cities())),
            Query::Plan { from_ms, to_ms } => Answer::Plan(open.plan(from_ms, to_ms)),
            Query::Views => Answer::Views(open.book.borrow().views()),
            Query::Statistics { selection, period } => {
                Answer::Statistics(Box::new(open.statistics(&selection, period)))
            }
            Query::ImportPreview { import, plans, file, rows } => {
                Answer::ImportPreview(self.preview(open, import, &plans, file, rows).await)
            }
        }
    }
}

impl<H: Host> Workspace<H> {
    fn partners(&self, filter: &PartnerFilter, sort: PartnerSort, asked: Window, rows: Rows) -> PartnerList {
        let (filtered, sort) = (partner_filter(filter), self.order(sort));
        let wanted = |id| !filter.waiting || self.mark(id) == Mark::Waiting;
        let list = self.book.borrow().partners(&filtered, sort, window(asked), wanted);
        PartnerList {
            total: number(list.total),
            all: number(list.all),
            offset: asked.offset,
            cells: if rows == Rows::Table { self.cells(&list.rows) } else { Vec::new() },
            tiers: list.tiers,
            rows: self.rows(list.rows),
            letters: list.letters.into_iter().map(|(letter, at)| (letter, number(at))).collect(),
        }
    }

    fn place(&self, id: RecordId, filter: &PartnerFilter, sort: PartnerSort) -> Option<u32> {
        let wanted = |id| !filter.waiting || self.mark(id) == Mark::Waiting;
        let sort = self.order(sort);
        self.book.borrow().place(id, &partner_filter(filter), sort, wanted).map(number)
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
        let ids: Vec<RecordId> = found.entries.iter().map(|entry| entry.what.id()).collect();
        let mut files = self.files_of(&ids).await;
        let entry = |entry: satchel_book::TimelineEntry| {
            let files = files.remove(&entry.what.id()).unwrap_or_default();
            TimelineEntry { files, ..self.entry(entry) }
        };
        Timeline {
            total: number(found.total),
            all: number(found.all),
            offset: asked.offset,
            entries: found.entries.into_iter().map(entry).collect(),
            summary: summary(found.summary),
        }
    }

    async fn record(&self, id: RecordId) -> Answer {
        let mut card = self.book.borrow().record(id);
        self.fill(&mut card).await;
        let files = self.files_of(&[id]).await.remove(&id).unwrap_or_default();
        let card = card.map(|card| RecordCard {
            what: any_record(card.what),
            with: card.with,
            files,
            mark: self.mark(id),
        });
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

    fn week(&self, from_ms: i64, to_ms: i64) -> Week {
        let week = self.book.borrow().week(from_ms, to_ms);
        let rows = |rows: Vec<satchel_book::TaskRow>| rows.into_iter().map(|row| self.task(row)).collect();
        Week {
            late: rows(week.late),
            late_count: number(week.late_count),
            due: rows(week.due),
            undated: rows(week.undated),
            undated_count: number(week.undated_count),
        }
    }

    async fn trash_page(&self, asked: Window) -> Trash {
        let mut trash = self.book.borrow().trash(window(asked));
        self.fill(&mut trash).await;
        let rows = trash.rows.into_iter().map(|(record, at_ms)| (any_record(record), at_ms)).collect();
        Trash { total: number(trash.total), offset: asked.offset, rows }
    }
}
