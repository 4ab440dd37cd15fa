//! Live queries as signals.

use super::Session;
use crate::port::{
    AccountCard, Alike, Answer, BackupPage, BulkPreview, CustomerFile, DeviceCard, Erasure, FileCard, Found,
    History, ImportPreview, PartnerCard, PartnerList, PartnerRow, PersonPage, PickedCount, Places, Plan,
    Preview, Query, RecordCard, Statistics, SyncPage, TaskList, Team, Timeline, Today, Trash, Week,
    WorkspaceRef,
};
use leptos::prelude::*;
use satchel_domain::{Method, RecordId, Value, View};
use std::cell::Cell;
use std::rc::Rc;

/// What an answer carries: lets a screen name the type that it shows.
pub trait FromAnswer: Sized + Send + Sync + 'static {
    /// Takes it out; `None` for an answer to another kind of query.
    fn from_answer(answer: Answer) -> Option<Self>;
}

macro_rules! carried {
    ($($variant:ident: $type:ty),* $(,)?) => {$(
        impl FromAnswer for $type {
            fn from_answer(answer: Answer) -> Option<Self> {
                match answer {
                    Answer::$variant(inner) => Some(inner),
                    _ => None,
                }
            }
        }
    )*};
}

carried! {
    Partners: PartnerList,
    Partner: Option<Box<PartnerCard>>,
    Timeline: Timeline,
    Record: Option<Box<RecordCard>>,
    History: Option<Box<History>>,
    Today: Box<Today>,
    LastMethod: Method,
    Tasks: TaskList,
    Week: Box<Week>,
    Find: Vec<PartnerRow>,
    Alike: Vec<Alike>,
    FindRecords: Vec<Found>,
    Bulk: BulkPreview,
    Picked: PickedCount,
    Trash: Trash,
    Account: AccountCard,
    Devices: Vec<DeviceCard>,
    Files: Vec<CustomerFile>,
    KeptFile: Option<FileCard>,
    Preview: Preview,
    Sync: Box<SyncPage>,
    Backup: BackupPage,
    Fields: Vec<(String, Value)>,
    Person: Option<Box<PersonPage>>,
    Erasures: Vec<Erasure>,
    Draft: String,
    Tags: Vec<(String, u32)>,
    Cities: Places,
    Plan: Plan,
    Views: Vec<View>,
    Statistics: Box<Statistics>,
    ImportPreview: ImportPreview,
    Team: Box<Team>,
    Beside: Vec<WorkspaceRef>,
}

impl FromAnswer for (RecordId, Option<u32>) {
    fn from_answer(answer: Answer) -> Option<Self> {
        match answer {
            Answer::Place(id, at) => Some((id, at)),
            _ => None,
        }
    }
}

impl Session {
    /// Asks once. `then` hears the first answer, screen or no screen; nothing when the workspace is locked before it.
    pub fn ask<T: FromAnswer>(self, query: Query, then: impl FnOnce(T) + 'static) {
        let asked = Rc::new(Cell::new(None));
        let (core, id, then) = (self.core, Rc::clone(&asked), Cell::new(Some(then)));
        let on_answer: super::core::OnAnswer = Rc::new(move |answer| {
            if let (Some(inner), Some(then)) = (T::from_answer(answer), then.take()) {
                if let Some(id) = id.take() {
                    core.with_value(|core| core.forget(id));
                }
                then(inner);
            }
        });
        asked.set(Some(self.core.with_value(|core| core.watch(query, on_answer))));
    }

    /// Watches a query for as long as the calling component lives. When what `query` reads changes, the
    /// watch moves on and keeps showing the last answer until the next one comes; `None` before the first.
    ///
    /// ```ignore
    /// let today = session.watch::<Box<Today>>(move || Query::Today { from_ms, to_ms });
    /// ```
    pub fn watch<T: FromAnswer>(self, query: impl Fn() -> Query + 'static) -> ReadSignal<Option<T>> {
        self.watch_if(move || Some(query()))
    }

    /// As [`Session::watch`]; shows nothing while `query` gives none.
    pub fn watch_if<T: FromAnswer>(
        self,
        query: impl Fn() -> Option<Query> + 'static,
    ) -> ReadSignal<Option<T>> {
        let (shown, show) = signal(None);
        let watched = StoredValue::new(None::<u32>);
        let core = self.core;
        let on_answer: super::core::OnAnswer = Rc::new(move |answer| {
            if let Some(inner) = T::from_answer(answer) {
                show.try_set(Some(inner));
            }
        });
        Effect::new(move |before: Option<Option<Query>>| {
            let wanted = query();
            if before.as_ref() == Some(&wanted) {
                return wanted;
            }
            core.with_value(|core| match (watched.get_value(), &wanted) {
                (Some(id), Some(query)) => core.rewatch(id, query.clone()),
                (None, Some(query)) => {
                    watched.set_value(Some(core.watch(query.clone(), Rc::clone(&on_answer))))
                }
                (Some(id), None) => {
                    core.forget(id);
                    watched.set_value(None);
                    show.set(None);
                }
                (None, None) => {}
            });
            wanted
        });
        let forget = move || {
            if let Some(id) = watched.try_get_value().flatten() {
                core.try_with_value(|core| core.forget(id));
            }
        };
        on_cleanup(forget);
        shown
    }
}
