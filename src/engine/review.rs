//! The review list: what two devices changed at once, and what the person makes of it.

use super::failure::Outcome as Ended;
use super::view::Title;
use super::workspace::Workspace;
use super::{Host, saved};
use crate::port::{Done, FailureCode, Outcome, ReviewChoice, ReviewItem, Side};
use satchel_domain::{RecordId, Write};
use satchel_replica::{Change, Edit, Matter, Review};

impl<H: Host> Workspace<H> {
    /// Everything that wants a look, newest first.
    pub(super) async fn review_items(&self) -> Vec<ReviewItem> {
        let mut reviews = self.replica.reviews().await.unwrap_or_default();
        reviews.sort_by_key(|(_, review)| std::cmp::Reverse(review.at_ms));
        let ids: Vec<RecordId> = reviews.iter().map(|(_, review)| review.record).collect();
        let titles = self.titles(&ids).await;
        let items = reviews.into_iter().zip(titles);
        items.filter_map(|((key, review), title)| Self::review_item(key, review, title?)).collect()
    }

    /// A moved clock is set right already and needs no choice: it is not shown as one.
    fn review_item(key: String, review: Review, title: Title) -> Option<ReviewItem> {
        let side = |side: satchel_replica::Side| Side { value: side.value, at_ms: side.stamp.ms };
        let nothing = || Side { value: satchel_domain::Value::Null, at_ms: review.at_ms };
        let (field, mine, theirs, mine_stands, restored) = match review.matter {
            Matter::Conflict { field, winner, loser, mine_won: true } => {
                (field, side(winner), side(loser), true, false)
            }
            Matter::Conflict { field, winner, loser, mine_won: false } => {
                (field, side(loser), side(winner), false, false)
            }
            Matter::Restored => (satchel_domain::field::DELETED.to_owned(), nothing(), nothing(), true, true),
            Matter::FutureClock => return None,
        };
        let (kind, title, partner_id) = (title.kind, title.text, title.partner_id);
        Some(ReviewItem {
            key,
            id: review.record,
            kind,
            title,
            partner_id,
            field,
            mine,
            theirs,
            mine_stands,
            restored,
        })
    }

    /// Settles one: the chosen value is written if it is not the one that stands, and the review is put away.
    pub(super) async fn review(&self, key: &str, choice: ReviewChoice) -> Ended<Done> {
        let reviews = self.replica.reviews().await?;
        let (_, review) = reviews.into_iter().find(|(found, _)| found == key).ok_or(FailureCode::NotFound)?;
        let edits = chosen(&review, choice).map(|write| edit(review.record, write)).into_iter().collect();
        let undo = self.write(edits).await?;
        self.replica.remove_locals(&[key.to_owned()]).await?;
        self.count_reviews().await?;
        self.tell_status();
        Ok(Done { outcome: Outcome::Saved, undo })
    }

    /// Offers a record again that the server refused or that could not be opened.
    pub(super) async fn retry(&self, id: RecordId) -> Ended<Done> {
        let records = self.replica.records(&[id]).await?;
        if records.is_empty() {
            return Err(FailureCode::StorageDamaged.into());
        }
        // An edit without writes makes a fresh envelope, which the server judges anew.
        self.write(vec![Edit { id, change: Change::Write(Vec::new()) }]).await?;
        Ok(saved())
    }
}

/// A moved clock is set right already: nobody is asked about it.
pub(super) fn wants_a_choice(review: &Review) -> bool {
    !matches!(review.matter, Matter::FutureClock)
}

fn edit(id: RecordId, write: Write) -> Edit {
    Edit { id, change: Change::Write(vec![write]) }
}

/// The write that puts the chosen value in place; `None` where it stands already.
fn chosen(review: &Review, choice: ReviewChoice) -> Option<Write> {
    match (&review.matter, choice) {
        (_, ReviewChoice::AsIs) | (Matter::FutureClock, _) => None,
        (Matter::Conflict { mine_won: true, .. }, ReviewChoice::Mine)
        | (Matter::Conflict { mine_won: false, .. }, ReviewChoice::Theirs) => None,
        (Matter::Conflict { field, loser, .. }, _) => {
            Some(Write::Set { field: field.clone(), value: loser.value.clone() })
        }
        // It came back because it was edited; the other choice is the trash after all.
        (Matter::Restored, ReviewChoice::Theirs) => Some(Write::deleted(true)),
        (Matter::Restored, ReviewChoice::Mine) => None,
    }
}
