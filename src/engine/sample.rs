//! The sample workspace: made-up records in a database of its own, never synced. Its passphrase stands here, for
//! everybody to read, because it keeps nobody's secret.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::keys;
use super::session::progress;
use super::workspace::Workspace;
use super::{Cancel, Engine};
use crate::port::{Done, FailureCode, RequestId, SampleSize, Secret, Stage, WorkspaceRef};
use satchel_domain::{
    DeviceId, InteractionDraft, Kind, PartnerDraft, RecordId, Stamp, field, moment::DAY_MS, task::done_writes,
};
use satchel_replica::{Change, Edit, Matter, REVIEW_PREFIX, Review, Side, Steady};
use satchel_sample::{Demo, Language, Made, Scale, Sizes, What};

/// The records of a sample are the same wherever it is made on a day.
const SEED: u64 = 20;
/// Records that are written at one time: more than that many in a commit go into pages.
const BATCH: usize = 120;
/// Customers that are written at one time where there are many, with what happened with them.
const MANY: usize = 200;
/// Interactions of each of them, on average.
const EACH: usize = 10;
/// How many records look as if they waited to be sent.
const WAITING: usize = 3;
/// The local item that names them.
const WAITING_KEY: &str = "sample/waiting";
const HOUR_MS: u64 = 3_600_000;

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
        size: SampleSize,
        cancel: Cancel,
    ) -> Ended<Done> {
        if self.place().is_some() {
            return Err(FailureCode::AlreadyHere.into());
        }
        self.progress(id, Stage::Deriving, 0, 0).await;
        let (meta, keys) = keys::make(&*self.host, &name, &passphrase())?;
        let database = format!("{}{}", WorkspaceRef::SAMPLE, meta.space.to_hex());
        let place = WorkspaceRef { id: database, name };
        let opened = self.settle_at(id, place, meta, keys).await?;
        let language = if chinese { Language::Chinese } else { Language::English };
        let open = self.require()?;
        match size {
            SampleSize::Story => open.fill_with_samples(id, language, &cancel).await?,
            SampleSize::Scale { customers } => open.fill_at_scale(id, customers as usize, &cancel).await?,
        }
        Ok(opened)
    }
}

impl<H: Host> Workspace<H> {
    /// Writes the records, each under the time at which it would have been written.
    async fn fill_with_samples(&self, id: RequestId, language: Language, cancel: &Cancel) -> Ended<()> {
        self.whole().await?;
        let made = self.demo(language);
        let total = made.len() as u64;
        let planted = Planted::among(&made);
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
        if cancel.asked() { Ok(()) } else { self.plant(planted).await }
    }

    /// Customers of realistic sizes, as many as were asked for, each with what happened.
    async fn fill_at_scale(&self, id: RequestId, customers: usize, cancel: &Cancel) -> Ended<()> {
        self.whole().await?;
        let scale = Scale { seed: SEED, partners: customers, interactions: customers * EACH };
        let mut at = 0;
        while at < customers && !cancel.asked() {
            let until = (at + MANY).min(customers);
            let partners = (at..until).map(|place| scale.partner(place));
            let mut edits: Vec<Edit> = partners.map(|(id, draft)| self.new_partner(id, &draft)).collect();
            edits.extend(scale.interactions(at..until).map(|(id, draft)| new_interaction(id, &draft)));
            let imported = self.replica.import(&edits, self.host.now_ms(), &mut Steady).await?;
            self.took(imported.edited);
            at = until;
            self.host.post(progress(id, Stage::Writing, at as u64, customers as u64));
            self.host.breathe().await;
        }
        Ok(())
    }

    /// Nothing of a sample is ever sent, so that nothing waits and no two devices meet. What that looks like is shown
    /// all the same: three records wait, and one field was changed on two devices.
    async fn plant(&self, planted: Planted) -> Ended<()> {
        self.keep_local(WAITING_KEY, Some(&satchel_wire::to_cbor(&planted.waiting))).await?;
        self.count_waiting().await?;
        let now_ms = self.host.now_ms();
        let reviews = planted.conflict.map(|conflict| conflict.review(now_ms));
        self.bring_back(&reviews.into_iter().collect::<Vec<_>>()).await
    }

    /// The records of a sample that look as if they waited.
    pub(super) async fn planted_waiting(&self) -> Vec<RecordId> {
        let bytes = self.local(WAITING_KEY).await.unwrap_or_default();
        satchel_wire::from_cbor(&bytes).unwrap_or_default()
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
            What::Partner(draft) => return self.new_partner(made.id, &draft),
            What::Interaction(draft) => return new_interaction(made.id, &draft),
            What::Order(draft) => (Kind::Order, draft.create()),
            What::Task(draft, done_ms) => {
                let done = done_ms.into_iter().flat_map(|ms| done_writes(Some(ms)));
                (Kind::Task, draft.create().into_iter().chain(done).collect())
            }
        };
        Edit { id: made.id, change: Change::Create(kind, writes) }
    }

    fn new_partner(&self, id: RecordId, draft: &PartnerDraft) -> Edit {
        Edit { id, change: Change::Create(Kind::Partner, draft.create(&mut || self.random_u64())) }
    }
}

fn new_interaction(id: RecordId, draft: &InteractionDraft) -> Edit {
    Edit { id, change: Change::Create(Kind::Interaction, draft.create()) }
}

/// What is shown of syncing, although nothing syncs.
struct Planted {
    waiting: Vec<RecordId>,
    conflict: Option<Planned>,
}

/// Somebody's position, written on two devices.
struct Planned {
    who: RecordId,
    here: String,
    there: String,
}

impl Planted {
    /// The newest interactions wait; about the first person two devices disagree.
    fn among(made: &[Made]) -> Self {
        let newest = made.iter().rev().filter(|made| matches!(made.what, What::Interaction(_)));
        let waiting = newest.take(WAITING).map(|made| made.id).collect();
        let mut positions = made.iter().filter_map(|made| match &made.what {
            What::Partner(draft) if !draft.position.is_empty() => Some((made.id, draft.position.clone())),
            _ => None,
        });
        let conflict = positions.next().and_then(|(who, here)| {
            let (_, there) = positions.find(|(_, other)| *other != here)?;
            Some(Planned { who, here, there })
        });
        Self { waiting, conflict }
    }
}

impl Planned {
    /// As it would stand in the review list, under its key.
    fn review(self, now_ms: u64) -> (String, Review) {
        let side = |value: String, hours: u64, device: u64| Side {
            value: value.into(),
            stamp: Stamp {
                ms: now_ms.saturating_sub(hours * HOUR_MS),
                counter: 0,
                device: DeviceId(device),
                nth: 1,
            },
        };
        let key = format!("{REVIEW_PREFIX}{}/sample", self.who.to_hex());
        let (winner, loser) = (side(self.here, 2, SEED), side(self.there, 3, SEED + 1));
        let matter = Matter::Conflict { field: field::POSITION.to_owned(), winner, loser, mine_won: true };
        (key, Review { record: self.who, at_ms: now_ms, matter })
    }
}
