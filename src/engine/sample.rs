//! The sample workspace: made-up records in a database of its own, never synced. Its passphrase stands here, for
//! everybody to read, because it keeps nobody's secret.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::keys;
use super::session::progress;
use super::workspace::Workspace;
use super::{Cancel, Engine};
use crate::port::{Done, FailureCode, RequestId, Secret, Stage, WorkspaceRef};
use satchel_domain::{Kind, moment::DAY_MS, task::done_writes};
use satchel_replica::{Change, Edit, Steady};
use satchel_sample::{Demo, Language, Made, Sizes, What};

/// The records of a sample are the same wherever it is made on a day.
const SEED: u64 = 20;
/// Records that are written at one time: more than that many in a commit go into pages.
const BATCH: usize = 120;

/// What opens every sample workspace.
pub(super) fn passphrase() -> Secret {
    Secret("nothing in here is anybody's".into())
}

impl<H: Host> Engine<H> {
    /// Makes a sample workspace, opens it and fills it.
    pub(super) async fn create_sample(
        &self,
        id: RequestId,
        name: String,
        chinese: bool,
        cancel: Cancel,
    ) -> Ended<Done> {
        if self.place().is_some() {
            return Err(FailureCode::AlreadyHere.into());
        }
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (meta, keys) = keys::make(&*self.host, &name, &passphrase())?;
        let database = format!("{}{}", WorkspaceRef::SAMPLE, meta.space.to_hex());
        let place = WorkspaceRef { id: database, name };
        let opened = self.settle_at(id, place, meta, keys, Vec::new()).await?;
        let language = if chinese { Language::Chinese } else { Language::English };
        self.require()?.fill_with_samples(id, language, &cancel).await?;
        Ok(opened)
    }
}

impl<H: Host> Workspace<H> {
    /// Writes the records, each under the time at which it would have been written.
    async fn fill_with_samples(&self, id: RequestId, language: Language, cancel: &Cancel) -> Ended<()> {
        self.whole().await;
        let made = self.demo(language);
        let total = made.len() as u64;
        let mut done = 0;
        let mut batches = made.into_iter().peekable();
        while batches.peek().is_some() && !cancel.asked() {
            let batch: Vec<Made> = batches.by_ref().take(BATCH).collect();
            let at_ms = batch.last().map_or(0, |last| u64::try_from(last.written_ms).unwrap_or(0));
            done += batch.len() as u64;
            let edits: Vec<Edit> = batch.into_iter().map(|made| self.edit_of(made)).collect();
            let imported = self.replica.import(&edits, at_ms, &mut Steady).await?;
            self.took(imported.edited);
            self.host.post(progress(id, Stage::Writing, done, total));
            self.host.breathe().await;
        }
        Ok(())
    }

    fn demo(&self, language: Language) -> Vec<Made> {
        let now_ms = i64::try_from(self.host.now_ms()).unwrap_or(i64::MAX);
        let offset_ms = now_ms - self.host.local_to_utc_ms(now_ms);
        let local_midnight_ms = (now_ms + offset_ms).div_euclid(DAY_MS) * DAY_MS;
        let midnight_ms = self.host.local_to_utc_ms(local_midnight_ms);
        Demo { seed: SEED, language, now_ms, midnight_ms, zone: &self.zone, sizes: Sizes::DEMO }.records()
    }

    fn edit_of(&self, made: Made) -> Edit {
        let (kind, writes) = match made.what {
            What::Partner(draft) => (Kind::Partner, draft.create(&mut || self.random_u64())),
            What::Interaction(draft) => (Kind::Interaction, draft.create()),
            What::Order(draft) => (Kind::Order, draft.create()),
            What::Task(draft, done_ms) => {
                let done = done_ms.into_iter().flat_map(|ms| done_writes(Some(ms)));
                (Kind::Task, draft.create().into_iter().chain(done).collect())
            }
        };
        Edit { id: made.id, change: Change::Create(kind, writes) }
    }
}
