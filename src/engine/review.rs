//! The review list: what two devices changed at once, and what the person makes of it.

use super::failure::Outcome as Ended;
use super::view::Title;
use super::workspace::Workspace;
use super::{Host, saved};
use crate::port::{Done, FailureCode, Outcome, ReviewChoice, ReviewItem, Side};
use satchel_domain::{Kind, Record, RecordId, Revision, Value, Write, field, sorted};
use satchel_replica::{Change, Edit, Matter, Review};
use std::collections::BTreeMap;

impl<H: Host> Workspace<H> {
    /// Everything that wants a look, newest first.
    pub(super) async fn review_items(&self) -> Vec<ReviewItem> {
        let mut reviews = self.replica.reviews().await.unwrap_or_default();
        sorted::sort_by_key(&mut reviews, |(_, review)| std::cmp::Reverse(review.at_ms));
        let ids: Vec<RecordId> = reviews.iter().map(|(_, review)| review.record).collect();
        let titles = self.titles(&ids).await;
        let items = reviews.into_iter().zip(titles);
        items.filter_map(|((key, review), title)| Some(self.review_item(key, review, title?))).collect()
    }

    fn review_item(&self, key: String, review: Review, title: Title) -> ReviewItem {
        let field = match &review.matter {
            Matter::Conflict { field, .. } => field.clone(),
            Matter::Restored => field::DELETED.to_owned(),
        };
        let side = |side: satchel_replica::Side| Side {
            value: self.readable(review.record, &field, side.value),
            at_ms: side.stamp.ms,
            device: self.elsewhere(side.stamp.device),
        };
        let nothing = || Side { value: Value::Null, at_ms: review.at_ms, device: String::new() };
        let (mine, theirs, mine_stands, restored) = match review.matter {
            Matter::Conflict { winner, loser, mine_won: true, .. } => {
                (side(winner), side(loser), true, false)
            }
            Matter::Conflict { winner, loser, mine_won: false, .. } => {
                (side(loser), side(winner), false, false)
            }
            Matter::Restored => (nothing(), nothing(), true, true),
        };
        let (kind, title, partner_id) = (title.kind, title.text, title.partner_id);
        let id = review.record;
        ReviewItem { key, id, kind, title, partner_id, field, mine, theirs, mine_stands, restored }
    }

    /// The short code of another device; nothing for this one, of which two tabs may change the same field.
    fn elsewhere(&self, device: satchel_domain::DeviceId) -> String {
        let is_here = device.0 == self.meta().device.0;
        if is_here { String::new() } else { device.short_code() }
    }

    /// Settles some, in one commit: each chosen value is written if it is not the one that stands. The reviews
    /// are put away, and come back with the undo.
    pub(super) async fn review(&self, choices: &[(String, ReviewChoice)]) -> Ended<Done> {
        let mut settled = self.replica.reviews().await?;
        settled.retain(|(key, _)| choices.iter().any(|(chosen, _)| chosen == key));
        if settled.is_empty() {
            return Err(FailureCode::NotFound.into());
        }
        let keys: Vec<String> = settled.iter().map(|(key, _)| key.clone()).collect();
        let mut edits = edits(&settled, choices);
        edits.extend(self.lines(&settled, choices).await?);
        let undo = match edits {
            nothing if nothing.is_empty() => {
                self.replica.remove_locals(&keys).await?;
                None
            }
            edits => self.write_and_drop(edits, &keys).await?,
        };
        let undo = self.remember_reviews(undo, settled);
        self.count_reviews().await?;
        self.tell_status();
        Ok(Done { outcome: Outcome::Saved, undo })
    }

    /// The edits that keep a value which does not stand as the last line of what the record says in words.
    async fn lines(
        &self,
        settled: &[(String, Review)],
        choices: &[(String, ReviewChoice)],
    ) -> Ended<Vec<Edit>> {
        let mut kept: BTreeMap<RecordId, Vec<&str>> = BTreeMap::new();
        for (key, review) in settled {
            if let Some(ReviewChoice::Both(line)) = choice_of(key, choices) {
                kept.entry(review.record).or_default().push(line);
            }
        }
        let ids: Vec<RecordId> = kept.keys().copied().collect();
        let records = self.replica.records(&ids).await?;
        let edits = records.iter().filter_map(|(id, record)| with_lines(*id, record, kept.get(id)?));
        let edits: Vec<Edit> = edits.collect();
        if edits.len() < kept.len() { Err(FailureCode::NotFound.into()) } else { Ok(edits) }
    }

    /// Puts reviews back into the list.
    pub(super) async fn bring_back(&self, reviews: &[(String, Review)]) -> Ended<()> {
        for (key, review) in reviews {
            self.replica.put_local(key, &satchel_wire::to_cbor(review)).await?;
        }
        if !reviews.is_empty() {
            self.count_reviews().await?;
            self.tell_status();
        }
        Ok(())
    }

    /// Offers a record again that the server refused or that could not be opened.
    pub(super) async fn retry(&self, id: RecordId) -> Ended<Done> {
        let records = self.replica.records(&[id]).await?;
        if records.is_empty() {
            return Err(FailureCode::StillSealed.into());
        }
        // An edit without writes makes a fresh envelope, which the server judges anew.
        self.write(vec![Edit { id, change: Change::Write(Vec::new()) }]).await?;
        Ok(saved())
    }
}

/// What was chosen, where it does not stand already.
fn edits(settled: &[(String, Review)], choices: &[(String, ReviewChoice)]) -> Vec<Edit> {
    let edit = |(key, review): &(String, Review)| {
        let change = chosen(review, choice_of(key, choices)?)?;
        Some(Edit { id: review.record, change })
    };
    settled.iter().filter_map(edit).collect()
}

fn choice_of<'a>(key: &str, choices: &'a [(String, ReviewChoice)]) -> Option<&'a ReviewChoice> {
    choices.iter().find(|(chosen, _)| chosen == key).map(|(_, choice)| choice)
}

/// Only what has a field for words can keep more of them.
fn with_lines(id: RecordId, record: &Record, lines: &[&str]) -> Option<Edit> {
    let field = match record.kind {
        Kind::Partner => field::NOTE,
        Kind::Interaction => field::CONTENT,
        _ => return None,
    };
    let said = match record.value(field) {
        Value::Text(text) => text.as_str(),
        _ => "",
    };
    let said = [said].into_iter().chain(lines.iter().copied()).filter(|line| !line.is_empty());
    let value = Value::Text(said.collect::<Vec<_>>().join("\n"));
    Some(Edit { id, change: Change::Write(vec![Write::Set { field: field.to_owned(), value }]) })
}

/// What puts the chosen value in place of the one that was shown beside it; `None` where it stands already. What came
/// meanwhile was not shown: it is offered in its turn.
fn chosen(review: &Review, choice: &ReviewChoice) -> Option<Change> {
    match (&review.matter, choice) {
        (_, ReviewChoice::AsIs | ReviewChoice::Both(_)) => None,
        (Matter::Conflict { mine_won: true, .. }, ReviewChoice::Mine)
        | (Matter::Conflict { mine_won: false, .. }, ReviewChoice::Theirs) => None,
        (Matter::Conflict { field, winner, loser, .. }, _) => {
            Some(Change::Revise(Revision::of_value(field, &winner.value, &loser.value)))
        }
        // It came back because it was edited; the other choice is the trash after all.
        (Matter::Restored, ReviewChoice::Theirs) => Some(Change::Write(vec![Write::deleted(true)])),
        (Matter::Restored, ReviewChoice::Mine) => None,
    }
}
