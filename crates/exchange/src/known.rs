//! What an import asks of the workspace. The engine answers from the open book.

use satchel_domain::{External, InteractionDraft, OrderDraft, PartnerDraft, PartnerKind, RecordId};

/// The workspace as an import sees it. Nothing in the trash is known.
///
/// Keys are made by [`crate::text`]: names by [`crate::text::name_key`], numbers by
/// [`crate::text::phone_key`], mail addresses by [`crate::text::mail_key`]; the answering side
/// indexes with the same functions.
pub trait Known {
    /// The partner that was imported from there.
    fn partner_by_external(&self, external: &External) -> Option<RecordId>;
    /// Partners with this name.
    fn partners_by_name(&self, kind: Option<PartnerKind>, name_key: &str) -> Vec<RecordId>;
    /// Partners with this number.
    fn partners_by_phone(&self, phone_key: &str) -> Vec<RecordId>;
    /// Partners with this address.
    fn partners_by_mail(&self, mail_key: &str) -> Vec<RecordId>;
    /// A partner as it is now.
    fn partner(&self, id: RecordId) -> Option<PartnerDraft>;
    /// Every namespace from which a partner was imported.
    fn partner_systems(&self) -> Vec<String>;
    /// The order that was imported from there.
    fn order_by_external(&self, external: &External) -> Option<RecordId>;
    /// An order as it is now.
    fn order(&self, id: RecordId) -> Option<OrderDraft>;
    /// Whether the same partner already has an interaction at this time, by this method, with this content.
    fn has_interaction(&self, draft: &InteractionDraft) -> bool;
}

/// A workspace in which there is nothing yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Known for Nothing {
    fn partner_by_external(&self, _: &External) -> Option<RecordId> {
        None
    }
    fn partners_by_name(&self, _: Option<PartnerKind>, _: &str) -> Vec<RecordId> {
        Vec::new()
    }
    fn partners_by_phone(&self, _: &str) -> Vec<RecordId> {
        Vec::new()
    }
    fn partners_by_mail(&self, _: &str) -> Vec<RecordId> {
        Vec::new()
    }
    fn partner(&self, _: RecordId) -> Option<PartnerDraft> {
        None
    }
    fn partner_systems(&self) -> Vec<String> {
        Vec::new()
    }
    fn order_by_external(&self, _: &External) -> Option<RecordId> {
        None
    }
    fn order(&self, _: RecordId) -> Option<OrderDraft> {
        None
    }
    fn has_interaction(&self, _: &InteractionDraft) -> bool {
        false
    }
}

/// Where local times become instants: the zone's name and its rule.
pub trait Zone {
    /// IANA name, such as `Europe/Berlin`.
    fn name(&self) -> &str;
    /// Milliseconds since 1970 UTC at which a clock there shows `local_ms` (the same count, read locally).
    fn to_utc_ms(&self, local_ms: i64) -> i64;
}

/// A zone that is always a fixed number of minutes ahead of UTC.
#[derive(Clone, Debug)]
pub struct FixedZone {
    /// IANA name.
    pub name: String,
    /// Minutes ahead of UTC.
    pub ahead_minutes: i32,
}

impl Zone for FixedZone {
    fn name(&self) -> &str {
        &self.name
    }
    fn to_utc_ms(&self, local_ms: i64) -> i64 {
        local_ms - i64::from(self.ahead_minutes) * 60_000
    }
}
