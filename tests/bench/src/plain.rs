//! The same customers as a plain app would keep them: JSON, for the baselines.

use satchel_domain::{InteractionDraft, PartnerDraft, RecordId};
use satchel_sample::Scale;
use serde::Serialize;
use std::ops::Range;

#[derive(Serialize)]
struct Partner {
    id: String,
    /// What the list is sorted by.
    sort: String,
    #[serde(flatten)]
    card: Card,
}

#[derive(Serialize)]
struct Card {
    kind: satchel_domain::PartnerKind,
    name: String,
    position: String,
    phones: Vec<Labelled>,
    mails: Vec<Labelled>,
    street: String,
    city: String,
    tags: Vec<String>,
    note: String,
}

#[derive(Serialize)]
struct Labelled {
    label: String,
    value: String,
}

#[derive(Serialize)]
struct Interaction {
    id: String,
    partner: String,
    r#type: satchel_domain::RecordType,
    method: satchel_domain::Method,
    at: i64,
    zone: String,
    minutes: Option<u32>,
    content: String,
    outcome: Option<satchel_domain::Outcome>,
}

/// The partners at `range`, as a list in JSON.
pub fn partners(sample: &Scale, range: Range<usize>) -> String {
    let rows: Vec<_> = range.map(|place| partner(sample.partner(place))).collect();
    json(&rows)
}

/// The interactions of the partners at `range`, as a list in JSON.
pub fn interactions(sample: &Scale, range: Range<usize>) -> String {
    let rows: Vec<_> = sample.interactions(range).map(interaction).collect();
    json(&rows)
}

fn json(rows: &impl Serialize) -> String {
    serde_json::to_string(rows).expect("plain rows are plain JSON")
}

fn hex(id: RecordId) -> String {
    satchel_replica::to_wire(id).to_hex()
}

fn partner((id, draft): (RecordId, PartnerDraft)) -> Partner {
    let labelled = |points: Vec<satchel_domain::ContactPoint>| {
        points.into_iter().map(|point| Labelled { label: point.label, value: point.value }).collect()
    };
    let address = draft.addresses.into_iter().next().unwrap_or_default();
    let card = Card {
        kind: draft.kind,
        name: draft.name,
        position: draft.position,
        phones: labelled(draft.phones),
        mails: labelled(draft.mails),
        street: address.street,
        city: address.city,
        tags: draft.tags.into_iter().collect(),
        note: draft.note,
    };
    Partner { id: hex(id), sort: card.name.to_lowercase(), card }
}

fn interaction((id, draft): (RecordId, InteractionDraft)) -> Interaction {
    Interaction {
        id: hex(id),
        partner: hex(draft.partner),
        r#type: draft.record_type,
        method: draft.method,
        at: draft.at.utc_ms,
        zone: draft.at.zone,
        minutes: draft.minutes,
        content: draft.content,
        outcome: draft.outcome,
    }
}
