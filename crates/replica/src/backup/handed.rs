//! Taking over what a revoked device of the account had begun: what was typed into forms, and what it asked of the
//! person. Neither takes the place of what was begun here.

use super::write::KEPT;
use crate::{Changeset, LocalItem, LocalPut, Matter, REVIEW_PREFIX, Replica, ReplicaError, Review, Store};
use satchel_wire::{self as wire, DeviceId, to_cbor};

/// Local items under this prefix are drafts, each under its form's key.
pub(super) const DRAFTS: &str = "draft/";
/// Of them, what another device had begun in a form that was begun here too: the device and the form's key follow. In
/// place of the device stands `new` where the form was begun here once more, with a name that was typed elsewhere.
const HANDED: &str = "draft/handed/";

/// The form's key of a draft that waits for its form; `None` for one that lies in its form.
fn form_of(key: &str) -> Option<&str> {
    let (_, form) = key.strip_prefix(HANDED)?.split_once('/')?;
    // It may have been handed over more than once.
    Some(form.strip_prefix("handed/").and_then(|again| again.split_once('/')).map_or(form, |(_, form)| form))
}

impl<S: Store> Replica<S> {
    /// Takes over the local items of a device of the account that is no more; which drafts of them were not here. A
    /// draft of a form that was begun here too waits for [`Self::give_handed`]; a review is dropped once it was
    /// answered by what is in place now. Nothing but drafts, reviews and files is taken: whoever holds the keys of a lost
    /// device decides over nothing else here.
    ///
    /// # Errors
    /// What was taken over by then is not taken over twice.
    pub async fn take_over(
        &self,
        from: DeviceId,
        items: Vec<LocalItem>,
    ) -> Result<Vec<String>, ReplicaError> {
        let mut drafts = Vec::new();
        for LocalItem { key, sealed } in items {
            let Ok(bytes) = self.sealer.open_local(&key, sealed) else { continue };
            if let Some(form) = key.strip_prefix(DRAFTS) {
                if self.take_draft(from, form, &bytes).await? {
                    drafts.push(key);
                }
            } else if key.starts_with(REVIEW_PREFIX) {
                self.take_review(&key, &bytes).await?;
            } else if key.starts_with(KEPT) && self.local_bytes(&key).await?.is_none() {
                self.put_local(&key, &bytes).await?;
            }
        }
        Ok(drafts)
    }

    /// Whether it was not here.
    async fn take_draft(&self, from: DeviceId, form: &str, bytes: &[u8]) -> Result<bool, ReplicaError> {
        let (key, beside) = (format!("{DRAFTS}{form}"), format!("{HANDED}{:016x}/{form}", from.0));
        let here = self.local_bytes(&key).await?;
        let is_here = |here: &Option<Vec<u8>>| here.as_deref() == Some(bytes);
        if is_here(&here) || is_here(&self.local_bytes(&beside).await?) {
            return Ok(false);
        }
        self.put_local(if here.is_none() { &key } else { &beside }, bytes).await?;
        Ok(true)
    }

    async fn take_review(&self, key: &str, bytes: &[u8]) -> Result<(), ReplicaError> {
        let Ok(mut review) = wire::from_cbor::<Review>(bytes) else { return Ok(()) };
        let records = self.records(&[review.record]).await?;
        let asks = records.first().is_some_and(|(_, record)| review.still_asks(record));
        if !asks || self.local_bytes(key).await?.is_some() {
            return Ok(());
        }
        self.see_from_here(&mut review.matter);
        self.put_local(key, &to_cbor(&review)).await
    }

    /// What was another device's there may be this one's.
    fn see_from_here(&self, matter: &mut Matter) {
        let Matter::Conflict { winner, loser, mine_won, .. } = matter else { return };
        let here = self.sealer.device.0;
        if [winner.stamp.device.0, loser.stamp.device.0].contains(&here) {
            *mine_won = winner.stamp.device.0 == here;
        }
    }

    /// A form opens: where nothing is begun in it, it is given what was handed over for it.
    ///
    /// # Errors
    /// It waits on then.
    pub async fn give_handed(&self, form: &str) -> Result<(), ReplicaError> {
        let key = format!("{DRAFTS}{form}");
        let waiting = self.locals(HANDED).await?.into_iter().find(|(key, _)| form_of(key) == Some(form));
        let Some((from, bytes)) = waiting else { return Ok(()) };
        if self.local_bytes(&key).await?.is_some() {
            return Ok(());
        }
        let sealed = self.sealer.seal_local(&key, &bytes)?;
        let locals = vec![LocalPut::Set(LocalItem { key, sealed }), LocalPut::Remove(from)];
        Ok(self.commit(Changeset { locals, ..Changeset::default() }).await?)
    }

    async fn local_bytes(&self, key: &str) -> Result<Option<Vec<u8>>, ReplicaError> {
        let items = self.locals(key).await?.into_iter();
        Ok(items.into_iter().find(|(found, _)| found == key).map(|(_, bytes)| bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::form_of;

    #[test]
    fn a_draft_that_waits_names_its_form() {
        assert_eq!(form_of("draft/partner/new"), None);
        assert_eq!(form_of("draft/handed/0000000000000007/partner/new"), Some("partner/new"));
        assert_eq!(form_of("draft/handed/new/partner/new"), Some("partner/new"));
        let twice = "draft/handed/0000000000000009/handed/0000000000000007/partner/new";
        assert_eq!(form_of(twice), Some("partner/new"));
    }
}
