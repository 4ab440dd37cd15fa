//! What a person is offered to look at after a merge: kept sealed, on this device only.

use crate::id::{to_domain, to_wire};
use crate::{LocalItem, LocalPut, Replica, ReplicaError, Store, StoreError, sealer::Sealer};
use satchel_domain::{Conflict, Reconciled, Record, Register, Seen, Stamp, Value};
use satchel_wire::{RecordId, from_cbor};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Local items under this prefix are reviews: `review/<record>/<what>`.
pub const REVIEW_PREFIX: &str = "review/";

/// What the writer of a value in place knew when it was written.
#[derive(Clone, Debug)]
pub(crate) enum Knew {
    /// The writes that her record knew of.
    Writes(Seen),
    /// The value that her form showed.
    Value(Value),
}

impl Knew {
    fn of(&self, side: &Side) -> bool {
        match self {
            Self::Writes(seen) => seen.has(side.stamp),
            Self::Value(shown) => *shown == side.value,
        }
    }
}

/// Something to ask about.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    review: Review,
    knew: Knew,
}

impl Question {
    /// About a conflict that a form made.
    pub(crate) fn of_form(record: RecordId, conflict: &Conflict, at_ms: u64) -> Self {
        let knew = Knew::Value(conflict.base.clone());
        Self { review: Review::conflict(record, conflict, at_ms), knew }
    }

    /// About what two sides made of one record when they met.
    pub(crate) fn of_meeting(
        record: RecordId,
        joined: &Reconciled,
        mine: &Record,
        theirs: &Record,
        at_ms: u64,
    ) -> Vec<Self> {
        let ask = |conflict: &Conflict| {
            let winner = if conflict.mine_won() { mine } else { theirs };
            let knew = Knew::Writes(winner.seen.clone());
            Self { review: Review::conflict(record, conflict, at_ms), knew }
        };
        let restored = joined.restored.then(|| Self::restored(record, at_ms));
        joined.conflicts.iter().map(ask).chain(restored).collect()
    }

    /// About a record that is back.
    pub(crate) fn restored(record: RecordId, at_ms: u64) -> Self {
        let review = Review { record: to_domain(record), at_ms, matter: Matter::Restored };
        Self { review, knew: Knew::Writes(Seen::default()) }
    }
}

/// What a review's key ended with that said that times were moved back: nobody is asked about that any more.
const OF_A_CLOCK: &str = "/clock";

/// One value of a conflict.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Side {
    /// What was written.
    pub value: Value,
    /// When, and by which device.
    pub stamp: Stamp,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Matter {
    /// Two devices changed one field; the later one is in place.
    Conflict {
        /// The field, by its id in [`satchel_domain::field`].
        field: String,
        /// What is in place.
        winner: Side,
        /// What gave way, and is offered.
        loser: Side,
        /// Whether the winner was written on this device.
        mine_won: bool,
    },
    /// It had been deleted on one device and edited on another: it is back.
    Restored,
}

/// Something to look at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Review {
    /// Which record.
    pub record: satchel_domain::RecordId,
    /// When it was noticed, ms since 1970 UTC.
    pub at_ms: u64,
    /// What happened.
    pub matter: Matter,
}

impl Review {
    fn conflict(record: RecordId, conflict: &Conflict, at_ms: u64) -> Self {
        let side = |Register { value, stamp }: &Register| Side { value: value.clone(), stamp: *stamp };
        let (mine, theirs) = (side(&conflict.mine), side(&conflict.theirs));
        let mine_won = conflict.mine_won();
        let (winner, loser) = if mine_won { (mine, theirs) } else { (theirs, mine) };
        let matter = Matter::Conflict { field: conflict.field.clone(), winner, loser, mine_won };
        Self { record: to_domain(record), at_ms, matter }
    }

    /// Whether nobody has decided since, here or elsewhere: what won is in place still, or what came back is still there.
    pub(crate) fn still_asks(&self, record: &Record) -> bool {
        let asks = match &self.matter {
            Matter::Conflict { field, winner, .. } => stands(record.value(field), &winner.value),
            Matter::Restored => !record.is_deleted(),
        };
        asks && !record.is_grave()
    }

    /// The key under which it is kept; the same thing noticed twice has one key.
    pub(crate) fn key(&self, sealer: &Sealer) -> String {
        let record = self.record.to_hex();
        match &self.matter {
            Matter::Conflict { field, loser, .. } => {
                // Keys lie on the disk in clear: neither a field's name nor the time of an edit is told by one,
                // not even to whoever tries them all.
                let which = sealer.local_name(&[field.as_bytes(), &loser.stamp.to_bytes()].concat());
                format!("{REVIEW_PREFIX}{record}/{which}")
            }
            Matter::Restored => format!("{REVIEW_PREFIX}{record}/restored"),
        }
    }

    /// As it is asked once the value in place gives way to a third whose writer knew of neither: that is no decision.
    fn beside(&self, later: &Question) -> Option<Self> {
        let Matter::Conflict { field, winner, loser, .. } = &self.matter else { return None };
        let Matter::Conflict { field: other, winner: third, loser: second, mine_won } = &later.review.matter
        else {
            return None;
        };
        let gave_way = self.record == later.review.record && field == other && winner.value == second.value;
        let (field, winner, loser) = (field.clone(), third.clone(), loser.clone());
        let goes_on = gave_way && !later.knew.of(&loser);
        let matter = Matter::Conflict { field, winner, loser, mine_won: *mine_won };
        goes_on.then(|| Self { matter, ..self.clone() })
    }

    /// Whether both sides say the same by now.
    fn is_moot(&self) -> bool {
        matches!(&self.matter, Matter::Conflict { winner, loser, .. } if winner.value == loser.value)
    }

    fn put(&self, sealer: &Sealer) -> Result<LocalPut, ReplicaError> {
        let key = self.key(sealer);
        let sealed = sealer.seal_local(&key, &satchel_wire::to_cbor(self))?;
        Ok(LocalPut::Set(LocalItem { key, sealed }))
    }
}

/// Whether what won is in place still. Lines that were added below it, such as another value that a person keeps in words,
/// decide nothing.
fn stands(now: &Value, won: &Value) -> bool {
    let below = || now.as_text()?.strip_prefix(won.as_text()?);
    now == won || below().is_some_and(|added| added.starts_with('\n'))
}

/// The record that a review's key names.
fn record_of(key: &str) -> Option<RecordId> {
    let (record, _) = key.strip_prefix(REVIEW_PREFIX)?.split_once('/')?;
    satchel_domain::RecordId::from_hex(record).map(to_wire)
}

impl<S: Store> Replica<S> {
    /// What takes the reviews of records off the list that are erased for good.
    pub(crate) async fn reviews_off(
        &self,
        erased: impl IntoIterator<Item = RecordId>,
    ) -> Result<Vec<LocalPut>, StoreError> {
        let erased: BTreeSet<_> = erased.into_iter().collect();
        if erased.is_empty() {
            return Ok(Vec::new());
        }
        let items = self.store.locals(REVIEW_PREFIX).await?.into_iter().map(|item| item.key);
        let off = items.filter(|key| record_of(key).is_some_and(|record| erased.contains(&record)));
        Ok(off.map(LocalPut::Remove).collect())
    }

    /// What puts these onto the list. What had been asked about a value that gives way with them is asked about the one
    /// that takes its place.
    pub(crate) async fn asking(&self, questions: Vec<Question>) -> Result<Vec<LocalPut>, ReplicaError> {
        if questions.is_empty() {
            return Ok(Vec::new());
        }
        let mut list = self.asked_before(&questions).await?;
        let mut touched = BTreeSet::new();
        for question in questions {
            for (key, earlier) in &mut list {
                if let Some(beside) = earlier.beside(&question) {
                    *earlier = beside;
                    touched.insert(key.clone());
                }
            }
            let key = question.review.key(&self.sealer);
            touched.insert(key.clone());
            list.insert(key, question.review);
        }
        let put = |key: String| match list.get(&key) {
            Some(review) if !review.is_moot() => review.put(&self.sealer),
            _ => Ok(LocalPut::Remove(key)),
        };
        touched.into_iter().map(put).collect()
    }

    /// The list of the records that these are about.
    async fn asked_before(&self, questions: &[Question]) -> Result<BTreeMap<String, Review>, ReplicaError> {
        let ids: BTreeSet<_> = questions.iter().map(|question| question.review.record).collect();
        let prefix = match questions {
            [one] => format!("{REVIEW_PREFIX}{}/", one.review.record.to_hex()),
            _ => REVIEW_PREFIX.to_owned(),
        };
        let items = self.store.locals(&prefix).await?.into_iter();
        let own = items.filter(|item| record_of(&item.key).is_some_and(|id| ids.contains(&to_domain(id))));
        let opened = own.filter_map(|LocalItem { key, sealed }| {
            let bytes = self.sealer.open_local(&key, sealed).ok()?;
            Some((key, from_cbor::<Review>(&bytes).ok()?))
        });
        Ok(opened.collect())
    }

    /// What a person is offered to look at and nobody has decided since, with the keys to [`Self::remove_locals`] when she
    /// has.
    pub async fn reviews(&self) -> Result<Vec<(String, Review)>, ReplicaError> {
        Ok(self.split_reviews().await?.0)
    }

    /// What still asks, and the keys of what somebody has decided since. What is about a record that cannot be read now is
    /// neither.
    async fn split_reviews(&self) -> Result<(Vec<(String, Review)>, BTreeSet<String>), ReplicaError> {
        let items = self.locals(REVIEW_PREFIX).await?.into_iter();
        let reviews = items.filter_map(|(key, bytes)| Some((key, from_cbor::<Review>(&bytes).ok()?)));
        let reviews: Vec<_> = reviews.collect();
        let ids: BTreeSet<_> = reviews.iter().map(|(_, review)| review.record).collect();
        if ids.is_empty() {
            return Ok((Vec::new(), BTreeSet::new()));
        }
        let records: BTreeMap<_, _> = self.records(&Vec::from_iter(ids)).await?.into_iter().collect();
        let (mut asking, mut decided) = (Vec::new(), BTreeSet::new());
        for (key, review) in reviews {
            match records.get(&review.record).map(|record| review.still_asks(record)) {
                Some(true) => asking.push((key, review)),
                Some(false) => drop(decided.insert(key)),
                None => {}
            }
        }
        Ok((asking, decided))
    }

    /// Takes off the list what nobody is to be asked about any more: what somebody has decided since, what is about
    /// records that are erased, and clocks that ran ahead, of which earlier versions asked. To be called once the whole
    /// copy is known.
    ///
    /// # Errors
    /// Nothing was changed then.
    pub async fn tidy_reviews(&self) -> Result<(), ReplicaError> {
        let items = self.store.locals(REVIEW_PREFIX).await?;
        let ids: Vec<_> = items.iter().filter_map(|item| record_of(&item.key)).collect();
        let rows = self.store.get(&ids).await?;
        let (_, decided) = self.split_reviews().await?;
        let graves: BTreeSet<_> = rows.iter().filter(|row| row.is_grave()).map(|row| row.id).collect();
        let is_over = |key: &String| {
            let is_settled = key.ends_with(OF_A_CLOCK) || decided.contains(key);
            is_settled || record_of(key).is_some_and(|record| graves.contains(&record))
        };
        let over: Vec<_> = items.into_iter().map(|item| item.key).filter(is_over).collect();
        if over.is_empty() { Ok(()) } else { self.remove_locals(&over).await }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::DeviceId;

    #[test]
    fn a_key_tells_conflicts_apart_and_nobody_else_can_make_it() {
        let [mine, other] = [1, 2].map(crate::sealer::tests::sealer);
        let side =
            |ms| Side { value: Value::Null, stamp: Stamp { ms, counter: 0, device: DeviceId(1), nth: 0 } };
        let key = |sealer: &Sealer, field: &str, ms| {
            let matter =
                Matter::Conflict { field: field.into(), winner: side(9), loser: side(ms), mine_won: true };
            Review { record: satchel_domain::RecordId([7; 16]), at_ms: ms, matter }.key(sealer)
        };
        let keys = [key(&mine, "website", 1), key(&mine, "website", 2), key(&mine, "note", 1)];
        assert!(keys.iter().all(|key| !key.contains("website") && !key.contains("note")));
        assert_eq!(std::collections::BTreeSet::from(keys).len(), 3);
        assert_eq!(key(&mine, "website", 1), key(&mine, "website", 1));
        assert_ne!(
            key(&mine, "website", 1),
            key(&other, "website", 1),
            "to try all fields and times is not enough"
        );
    }
}
