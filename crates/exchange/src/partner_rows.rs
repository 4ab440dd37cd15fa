//! Partners' rows against what is here: found, made, brought up to date.

use crate::guess::CARDS;
use crate::import::{Draft, Fate, Import, ImportWrite, Outcome, World};
use crate::partners::{self, PartnerRow};
use crate::plan::Target;
use crate::text::{mail_key, name_key, phone_key};
use crate::units::Place;
use crate::{ProblemCode, merge, packed};
use satchel_domain::{
    Code, Currency, External, OrderDraft, OrderLine, OrderStatus, PartnerDraft, PartnerKind, RecordId, field,
};

impl Import {
    pub(crate) fn partner_row(&mut self, place: Place, world: &mut World<'_>) -> Outcome {
        let source = &self.sources[place.file];
        let row = source.table.row(place.row);
        let Some(mut said) =
            row.and_then(|row| partners::read(row, &source.table, &source.plan, &source.usual_type))
        else {
            let column = source.plan.column(&Target::Name).or(source.plan.column(&Target::Organisation));
            return self.skip(place, (column, ProblemCode::MissingName, String::new()));
        };
        if !said.id.is_empty() {
            said.main.external = Some(External { system: source.system.clone(), id: said.id.clone() });
        }
        if !self.seen.insert((place.file, identity(&said))) {
            let shown = if said.id.is_empty() { said.main.name } else { said.id };
            return self.skip(place, (None, ProblemCode::DuplicateRow, shown));
        }
        if let Err(oddity) = mend(&mut said, world.now_ms) {
            return self.skip(place, oddity);
        }
        self.note_all(place, std::mem::take(&mut said.oddities));
        self.settle_partner(place, said, world)
    }

    fn settle_partner(&mut self, place: Place, mut said: PartnerRow, world: &mut World<'_>) -> Outcome {
        let mut writes = Vec::new();
        if !said.organisation.is_empty() {
            said.main.organisation = Some(self.organisation(&said.organisation, world, &mut writes));
        }
        let (id, fate) = self.put(said.main.clone(), said.says_type, None, world, &mut writes);
        if let Some(mut contact) = said.contact.take() {
            contact.organisation = Some(id);
            contact.partner_type = said.main.partner_type.clone();
            contact.external = said.main.external.as_ref().map(contact_identity);
            self.put(contact, false, Some(id), world, &mut writes);
        }
        if !said.purchases.is_empty() {
            self.purchases(place, id, &said, world, &mut writes);
        }
        let fate = if fate == Fate::Unchanged && !writes.is_empty() { Fate::Update } else { fate };
        self.outcome(place, fate, writes)
    }

    /// The organisation with this name, made once if there is none.
    fn organisation(&mut self, name: &str, world: &mut World<'_>, writes: &mut Vec<ImportWrite>) -> RecordId {
        let known = self.view(world.known).by_name(Some(PartnerKind::Organisation), name);
        if let Some(id) = known.first() {
            return *id;
        }
        let draft = PartnerDraft {
            kind: PartnerKind::Organisation,
            name: name.to_owned(),
            ..PartnerDraft::default()
        };
        let id = (world.new_id)();
        self.write(id, draft, true, true, writes);
        id
    }

    /// Finds the partner and brings it up to date, or makes it. `beside` is the organisation whose contact
    /// person it is.
    fn put(
        &mut self,
        draft: PartnerDraft,
        says_type: bool,
        beside: Option<RecordId>,
        world: &mut World<'_>,
        writes: &mut Vec<ImportWrite>,
    ) -> (RecordId, Fate) {
        let related = beside.is_some();
        let Some(id) = self.find(&draft, beside, world) else {
            let id = (world.new_id)();
            self.write(id, draft, true, related, writes);
            return (id, Fate::Create);
        };
        // Who is known by her number as the organisation that she works for by its name does not work for herself.
        let draft = PartnerDraft { organisation: draft.organisation.filter(|firm| *firm != id), ..draft };
        let Some(here) = self.view(world.known).partner(id) else { return (id, Fate::Unchanged) };
        let merged = merge::partner(&here, &draft, says_type, self.settings.existing);
        if merged == here {
            return (id, Fate::Unchanged);
        }
        self.write(id, merged, false, related, writes);
        (id, Fate::Update)
    }

    fn write(
        &mut self,
        id: RecordId,
        draft: PartnerDraft,
        is_new: bool,
        is_related: bool,
        writes: &mut Vec<ImportWrite>,
    ) {
        self.overlay.put_partner(id, &draft);
        writes.push(ImportWrite { id, is_new, is_related, draft: Draft::Partner(Box::new(draft)) });
    }

    /// By identity; else one with the same name and a number or address in common (or the same
    /// organisation), unless it has an identity of its own in the same namespace; contact cards of one person
    /// have as many identities as she is in address books.
    fn find(&self, draft: &PartnerDraft, beside: Option<RecordId>, world: &World<'_>) -> Option<RecordId> {
        let view = self.view(world.known);
        if let Some(id) = draft.external.as_ref().and_then(|external| view.partner_by_external(external)) {
            return Some(id);
        }
        let system = |draft: &PartnerDraft| draft.external.as_ref().map(|external| external.system.clone());
        view.by_name(Some(draft.kind), &draft.name).into_iter().find(|id| {
            view.partner(*id).is_some_and(|here| {
                let own = system(draft).filter(|system| system != CARDS);
                let foreign = own.is_none() || system(&here) != own;
                here.kind == draft.kind && foreign && in_common(&here, draft, beside)
            })
        })
    }

    /// Packed purchases as orders of one line each.
    fn purchases(
        &mut self,
        place: Place,
        partner: RecordId,
        said: &PartnerRow,
        world: &mut World<'_>,
        writes: &mut Vec<ImportWrite>,
    ) {
        let source = &self.sources[place.file];
        let (order, currency) = (source.plan.date_order, source.plan.currency);
        let system = format!("{}.purchases", source.system);
        let column = source.plan.column(&Target::PackedPurchases);
        let dates = crate::date::DateColumn { order, days_only: false };
        for part in packed::unpack(&said.purchases, order) {
            let read = part
                .and_then(|part| dates.moment(part.date, world.zone).map(|at| (part, at)).ok_or(part.date));
            let (part, at) = match read {
                Ok(read) => read,
                Err(text) => {
                    self.note(place, (column, ProblemCode::NotPurchase, text.to_owned()), false);
                    continue;
                }
            };
            let who = if said.id.is_empty() { name_key(&said.main.name) } else { said.id.clone() };
            let id = self.numbered(place.file, format!("{who}|{}|{}", part.date, part.product));
            let external = External { system: system.clone(), id };
            let draft = purchase(partner, at, currency, part.product, external);
            self.put_order(draft, true, world, writes);
        }
    }

    /// An identity for what has none: its text, and which one of the same text in the file it is.
    pub(crate) fn numbered(&mut self, file: usize, text: String) -> String {
        let count = self.repeats.entry((file, text.clone())).or_default();
        *count += 1;
        if *count == 1 { text } else { format!("{text}#{count}") }
    }
}

fn purchase(
    partner: RecordId,
    at: satchel_domain::Moment,
    currency: Currency,
    product: &str,
    external: External,
) -> OrderDraft {
    let line = OrderLine { product: product.to_owned(), quantity_milli: 1_000, ..OrderLine::default() };
    OrderDraft {
        partner,
        number: String::new(),
        at,
        status: OrderStatus::default(),
        currency,
        lines: vec![line],
        freight_minor: 0,
        stated_total_minor: None,
        note: String::new(),
        external: Some(external),
    }
}

/// The contact person of an imported organisation is found again by the organisation's identity.
fn contact_identity(external: &External) -> External {
    External { system: format!("{}.contact", external.system), id: external.id.clone() }
}

/// What makes a row the same as another of its file.
fn identity(said: &PartnerRow) -> String {
    if !said.id.is_empty() {
        return format!("id {}", said.id);
    }
    let mut key = format!("{} | {}", name_key(&said.main.name), name_key(&said.organisation));
    if let Some(contact) = &said.contact {
        key = format!("{key} | {}", name_key(&contact.name));
    }
    for point in &said.main.phones {
        key = format!("{key} | {}", phone_key(&point.value));
    }
    for point in &said.main.mails {
        key = format!("{key} | {}", mail_key(&point.value));
    }
    for address in &said.main.addresses {
        key = format!("{key} | {}", name_key(&format!("{} {}", address.street, address.city)));
    }
    key
}

/// Whether two of one name are one: a number or address in common, or the same organisation; an organisation's
/// name alone is enough where neither has a number or address.
fn in_common(here: &PartnerDraft, draft: &PartnerDraft, beside: Option<RecordId>) -> bool {
    let keys = |points: &[satchel_domain::ContactPoint], key: fn(&str) -> String| -> Vec<String> {
        points.iter().map(|point| key(&point.value)).filter(|key| !key.is_empty()).collect()
    };
    let meets = |a: Vec<String>, b: Vec<String>| a.iter().any(|key| b.contains(key));
    let bare = |draft: &PartnerDraft| draft.phones.is_empty() && draft.mails.is_empty();
    meets(keys(&here.phones, phone_key), keys(&draft.phones, phone_key))
        || meets(keys(&here.mails, mail_key), keys(&draft.mails, mail_key))
        || (beside.is_some() && here.organisation == beside)
        || (draft.kind == PartnerKind::Organisation && (bare(here) || bare(draft)))
        || (bare(draft)
            && bare(here)
            && here.organisation == draft.organisation
            && here.external.is_none()
            && draft.external.is_none())
}

/// Holds the row against the rules of the domain: what can be left out is, the rest blocks the row.
fn mend(said: &mut PartnerRow, now_ms: i64) -> Result<(), partners::Oddity> {
    for invalid in said.main.validate(now_ms).into_iter().filter(|invalid| invalid.code.blocks()) {
        if invalid.field == field::BIRTH_YEAR {
            let year = said.main.birth_year.take();
            said.oddities.push((
                None,
                ProblemCode::NotDate,
                year.map_or_else(String::new, |year| year.to_string()),
            ));
            continue;
        }
        return Err((None, of_domain(invalid.code), said.main.name.clone()));
    }
    Ok(())
}

/// The domain's word for what is wrong, as a problem of a row.
pub(crate) fn of_domain(code: Code) -> ProblemCode {
    match code {
        Code::Required => ProblemCode::MissingName,
        Code::TooLong => ProblemCode::TooLarge,
        Code::NotMail => ProblemCode::NotMail,
        Code::NotPhone => ProblemCode::NotPhone,
        Code::NotDate | Code::InFuture | Code::OutOfRange => ProblemCode::NotDate,
        Code::NotNumber => ProblemCode::NotNumber,
        Code::NotCurrency => ProblemCode::NotCurrency,
        Code::UnknownPartner => ProblemCode::UnknownCustomer,
        Code::Duplicate => ProblemCode::DuplicateRow,
    }
}
