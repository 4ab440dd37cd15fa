//! Finds the partner that a row of another file means.

use crate::ProblemCode;
use crate::guess::namespace;
use crate::import::{Source, needs_customer};
use crate::overlay::View;
use crate::partners::Oddity;
use crate::plan::{FilePlan, Target};
use crate::table::Table;
use crate::text;
use satchel_domain::sorted::{self, Gather};
use satchel_domain::{External, PartnerDraft, PartnerKind, RecordId};
use std::collections::BTreeSet;

/// How many identities are tried in each namespace.
const TRIED: usize = 400;

/// The namespaces that know identities of the file's customer column, the best first; of equals the
/// one that is called like the column.
pub(crate) fn systems(table: &Table, plan: &FilePlan, view: View<'_>) -> Vec<(String, usize)> {
    let Some(column) = plan.column(&Target::CustomerId).filter(|_| needs_customer(plan.role)) else {
        return Vec::new();
    };
    let ids: BTreeSet<&str> = table.column(column).filter(|id| !id.is_empty()).take(TRIED).gather();
    let own = namespace(table, column);
    let knows = |system: &str| {
        let external = |id: &&&str| {
            view.partner_by_external(&External { system: system.to_owned(), id: (**id).to_owned() })
        };
        ids.iter().filter(|id| external(id).is_some()).count()
    };
    let mut found: Vec<(String, usize)> = view
        .systems()
        .into_iter()
        .map(|system| (knows(&system), system))
        .map(|(hits, system)| (system, hits))
        .collect();
    found.retain(|(system, hits)| *hits > 0 || *system == own);
    sorted::sort_by_key(&mut found, |(system, hits)| (std::cmp::Reverse(*hits), *system != own));
    found
}

/// The namespace with the most matches, or the one that the column's heading names.
pub(crate) fn best_system(table: &Table, plan: &FilePlan, view: View<'_>) -> Option<String> {
    let column = plan.column(&Target::CustomerId)?;
    let best = systems(table, plan, view).into_iter().find(|(_, hits)| *hits > 0);
    Some(best.map_or_else(|| namespace(table, column), |(system, _)| system))
}

/// The one partner that the row names.
pub(crate) fn find(source: &Source, row: usize, view: View<'_>) -> Result<RecordId, Oddity> {
    let value = |target: &Target| {
        let column = source.plan.column(target)?;
        let value = source.table.row(row)?.value(column);
        (!value.is_empty()).then_some((column, value))
    };
    let by_id = value(&Target::CustomerId);
    let by_name = value(&Target::CustomerName);
    let any = source.plan.column(&Target::CustomerId).or(source.plan.column(&Target::CustomerName));
    let (column, shown) = by_id.or(by_name).ok_or((any, ProblemCode::MissingName, String::new()))?;
    if let Some(id) = by_id.and_then(|(_, id)| by_identity(source, id, view)) {
        return Ok(id);
    }
    let names = by_name.into_iter().chain(by_id).map(|(_, name)| by_words(name, view));
    let found = names.into_iter().find(|ids| !ids.is_empty()).unwrap_or_default();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err((Some(column), ProblemCode::UnknownCustomer, shown.to_owned())),
        _ => Err((Some(column), ProblemCode::AmbiguousCustomer, shown.to_owned())),
    }
}

fn by_identity(source: &Source, id: &str, view: View<'_>) -> Option<RecordId> {
    let system = source.customer_system.clone()?;
    view.partner_by_external(&External { system, id: id.to_owned() })
}

/// Partners by mail address, name or phone number, whichever the text is.
fn by_words(text: &str, view: View<'_>) -> Vec<RecordId> {
    if text::is_mail(text) {
        return view.by_mail(text);
    }
    let named = view.by_name(None, text);
    if named.is_empty() && text::is_phone(text) { view.by_phone(text) } else { named }
}

/// A customer of whom only the identity is known.
pub(crate) fn from_identity(source: &Source, column: Option<usize>, name: &str) -> PartnerDraft {
    let identified = column.is_some() && column == source.plan.column(&Target::CustomerId);
    let system = source.customer_system.clone().filter(|_| identified);
    let organisation = text::is_organisation_name(name);
    PartnerDraft {
        kind: if organisation { PartnerKind::Organisation } else { PartnerKind::Person },
        name: name.to_owned(),
        external: system.map(|system| External { system, id: name.to_owned() }),
        ..PartnerDraft::default()
    }
}
