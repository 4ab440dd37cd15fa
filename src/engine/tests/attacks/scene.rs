//! Two devices of one account, and a server that lies to the second one.

use super::super::patience::Patience;
use super::super::sync::{Pair, card, edit, pair, sync_page};
use super::super::world::{Device, Lie, Tab};
use super::super::{names, person};
use super::lies;
use super::sees::{Sees, is_whole};
use crate::port::{
    Answer, AsideReason, Command, Failure, FailureCode, Nudge, PartnerFilter, PartnerSort, Query, Rows,
    SyncStatus, Window,
};
use satchel_domain::RecordId;
use satchel_wire::Changes;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

/// What A writes before B is lied to, and what it says.
const OLD: (&str, &str) = ("Anna", "as it was");
/// What A makes of it meanwhile.
const NEW: &str = "as A changed it";
/// What B has not sent when it is lied to.
const UNSENT: &str = "Unsent on B";

/// The scene.
pub(super) struct Scene {
    pub(super) a: Device,
    pub(super) b: Device,
    pub(super) on_a: Tab,
    pub(super) on_b: Tab,
    pub(super) anna: RecordId,
}

impl Scene {
    /// Both have one record.
    pub(super) async fn set() -> Self {
        let Pair { a, b, on_a, on_b } = pair().await;
        let anna = on_a.created(creating(OLD.0)).await;
        edit(&on_a, anna, |draft| draft.note = OLD.1.into()).await;
        let scene = Self { a, b, on_a, on_b, anna };
        scene.agree().await;
        scene
    }

    /// The server lies to B of changes; see [`Self::played`].
    pub(super) async fn changes(sees: Sees, change: impl Fn(&mut Changes) + 'static) {
        let scene = Self::set().await;
        scene.played(sees, lies::changing(lies::CHANGES, change)).await;
    }

    /// The server lies to B while A writes and B has something unsent: nothing false comes in, nothing is lost, and
    /// the truth heals it.
    pub(super) async fn played(self, sees: Sees, lie: Lie) {
        self.lied(sees, lie).await;
        self.agree().await;
    }

    /// The same where no digest shows what was changed: the next edit of the record heals it.
    pub(super) async fn played_until_edited(self, sees: Sees, lie: Lie) {
        let bo = self.lied(sees, lie).await;
        for id in [bo, self.anna] {
            edit(&self.on_a, id, |draft| draft.position = "edited".into()).await;
        }
        self.on_a.synced().await;
        self.agree().await;
    }

    /// The server lies until B has seen it; what A made meanwhile.
    pub(super) async fn lied(&self, sees: Sees, lie: Lie) -> RecordId {
        self.b.lied_to(lie);
        let bo = self.a_writes().await;
        self.on_b.created(creating(UNSENT)).await;
        sees.shown(&self.on_b).await;
        self.is_true().await;
        self.b.told_the_truth();
        bo
    }

    /// A makes one record and changes the other.
    pub(super) async fn a_writes(&self) -> RecordId {
        let bo = self.on_a.created(creating("Bo")).await;
        edit(&self.on_a, self.anna, |draft| draft.note = NEW.into()).await;
        self.on_a.synced().await;
        bo
    }

    /// What B shows was written by A or by B, and B has what it wrote.
    pub(super) async fn is_true(&self) {
        let shown = all(&self.on_b).await;
        let known: BTreeSet<_> = [OLD.0, "Bo", UNSENT].map(str::to_owned).into();
        assert!(shown.is_subset(&known), "something false came in: {shown:?}");
        assert!(shown.contains(UNSENT) && shown.contains(OLD.0), "something was lost: {shown:?}");
        let note = card(&self.on_b, self.anna).await.note;
        assert!([OLD.1, NEW].contains(&note.as_str()), "something false came in: {note}");
    }

    /// Until both have the same, and nothing waits or was set aside.
    pub(super) async fn agree(&self) {
        whole(&self.on_b).await;
        whole(&self.on_a).await;
        whole(&self.on_b).await;
        assert_eq!(all(&self.on_a).await, all(&self.on_b).await);
        let notes = (card(&self.on_a, self.anna).await.note, card(&self.on_b, self.anna).await.note);
        assert_eq!(notes.0, notes.1);
    }
}

pub(super) fn creating(name: &str) -> Command {
    Command::CreatePartner { draft: person(name, "", "") }
}

/// All names that a tab shows.
pub(super) async fn all(tab: &Tab) -> BTreeSet<String> {
    let query = Query::Partners {
        filter: PartnerFilter::default(),
        sort: PartnerSort::Name,
        window: Window { offset: 0, limit: 50 },
        rows: Rows::Lines,
    };
    match tab.ask(query).await {
        Answer::Partners(list) => list.rows.into_iter().map(|row| row.name).collect(),
        other => panic!("not a list: {other:?}"),
    }
}

/// Whether a tab finds a name.
pub(super) async fn finds(tab: &Tab, name: &str) -> bool {
    names(tab, name).await.iter().any(|found| found == name)
}

/// Why records were set aside.
pub(super) async fn aside(tab: &Tab) -> Vec<AsideReason> {
    sync_page(tab).await.aside.into_iter().map(|item| item.reason).collect()
}

/// How a command failed.
pub(super) fn failed<T: std::fmt::Debug>(ended: Result<T, Failure>) -> FailureCode {
    ended.expect_err("a lie is not believed").code
}

/// How long nothing of what is waited for is seen until it is asked for again, ms.
const ASKED_AGAIN_MS: u64 = 4_000;

/// Asks for a look and lets time pass until a tab's status says so.
pub(in crate::engine::tests) async fn patiently(tab: &Tab, holds: impl Fn(&SyncStatus) -> bool) {
    let patience = Patience::new();
    loop {
        tab.nudge(Nudge::Asked);
        let again_ms = tab.clock().load(Ordering::Relaxed) + ASKED_AGAIN_MS;
        while tab.clock().load(Ordering::Relaxed) < again_ms {
            if tab.said.borrow().sync.as_ref().is_some_and(&holds) {
                return;
            }
            assert!(patience.is_left(), "never came: {:?}", tab.said.borrow().sync);
            tab.lets_time_pass();
            tokio::task::yield_now().await;
        }
    }
}

/// Until a look that begins now ends with everything on both sides, time passing meanwhile.
pub(super) async fn whole(tab: &Tab) {
    let since = tab.clock().fetch_add(1, Ordering::Relaxed) + 1;
    patiently(tab, |sync| is_whole(sync) && sync.synced_at_ms >= Some(since)).await;
}
