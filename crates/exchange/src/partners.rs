//! A row of a partners' file as drafts: the partner, the organisation she works for, the person to speak to.

use crate::date::{self, When};
use crate::plan::{DateOrder, FilePlan, Target};
use crate::table::{Row, Table};
use crate::{ProblemCode, heading, text};
use chrono::Datelike;
use satchel_domain::{Address, ContactPoint, PartnerDraft, PartnerKind, PartnerType};
use std::collections::BTreeSet;

/// Something odd about a cell.
pub(crate) type Oddity = (Option<usize>, ProblemCode, String);

/// What a row says, before it meets what is here.
#[derive(Clone, Debug, Default)]
pub(crate) struct PartnerRow {
    /// The partner of the row.
    pub(crate) main: PartnerDraft,
    /// Whether the row itself says what the partner is to us.
    pub(crate) says_type: bool,
    /// The organisation that the partner, a person, works for.
    pub(crate) organisation: String,
    /// The person to speak to at the partner, an organisation.
    pub(crate) contact: Option<PartnerDraft>,
    /// The row's own identity, or empty.
    pub(crate) id: String,
    /// Packed purchases, verbatim.
    pub(crate) purchases: String,
    /// What was odd.
    pub(crate) oddities: Vec<Oddity>,
}

/// Everything that the columns say, by meaning.
#[derive(Default)]
struct Said {
    name: String,
    given: String,
    family: String,
    organisation: String,
    contact: String,
    position: String,
    kind: Option<PartnerKind>,
    partner_type: Option<PartnerType>,
    address: Address,
    row: PartnerRow,
}

/// Reads a row; `None` when nothing in it can serve as a name.
pub(crate) fn read(
    row: Row<'_>,
    table: &Table,
    plan: &FilePlan,
    usual_type: &PartnerType,
) -> Option<PartnerRow> {
    let mut said = Said::default();
    for (column, target) in plan.targets.iter().enumerate() {
        let value = row.value(column);
        if !value.is_empty() {
            said.take(target, value, column, table, plan);
        }
    }
    said.finish(plan, usual_type)
}

impl Said {
    fn take(&mut self, target: &Target, value: &str, column: usize, table: &Table, plan: &FilePlan) {
        if text::is_dangerous(value) && *target != Target::Ignore {
            self.row.oddities.push((Some(column), ProblemCode::Formula, value.to_owned()));
        }
        let main = &mut self.row.main;
        match target {
            Target::Name => first(&mut self.name, value),
            Target::GivenName => first(&mut self.given, value),
            Target::FamilyName => first(&mut self.family, value),
            Target::Organisation => first(&mut self.organisation, value),
            Target::ContactPerson => first(&mut self.contact, value),
            Target::Position => first(&mut self.position, value),
            Target::Kind => self.kind = kind_of(value),
            Target::PartnerType => self.partner_type = Some(type_of(value)),
            Target::ExternalId => first(&mut self.row.id, value),
            Target::PackedPurchases => first(&mut self.row.purchases, value),
            Target::Website => first(&mut main.website, value),
            Target::Gender => main.gender = gender_of(value),
            Target::Tags => main.tags.extend(tags_of(value)),
            Target::Note => push_line(&mut main.note, &labelled(&table.headers[column], value)),
            Target::Birth => self.take_birth(value, column, plan.date_order),
            Target::Phone(label) => self.take_phones(label, value, column),
            Target::Mail(label) => self.take_mails(label, value, column),
            Target::Messenger(label) => main.messengers.push(ContactPoint::new(label.clone(), value)),
            other => self.take_address(other, value),
        }
    }

    fn take_address(&mut self, target: &Target, value: &str) {
        let address = &mut self.address;
        match target {
            Target::Street => join_street(&mut address.street, value),
            Target::District => first(&mut address.district, value),
            Target::City => first(&mut address.city, value),
            Target::Region => first(&mut address.region, value),
            Target::PostalCode => first(&mut address.postal_code, value),
            Target::Country => first(&mut address.country, value),
            _ => {}
        }
    }

    fn take_birth(&mut self, value: &str, column: usize, order: DateOrder) {
        let year = value.parse().ok().filter(|year| (1900..=2200).contains(year)).or_else(|| {
            let year = match date::parse_date(value, order)? {
                When::Day(day) => day.year(),
                When::Local(local) => local.year(),
                When::Instant(ms) => chrono::DateTime::from_timestamp_millis(ms)?.year(),
            };
            u16::try_from(year).ok()
        });
        self.row.main.birth_year = year;
        if year.is_none() {
            self.row.oddities.push((Some(column), ProblemCode::NotDate, value.to_owned()));
        }
    }

    fn take_phones(&mut self, label: &str, value: &str, column: usize) {
        let parts: Vec<&str> = value.split([';', '；', '、', '\n', '/', '，']).map(str::trim).collect();
        let separate = parts.len() > 1
            && parts.iter().all(|part| text::is_phone(part) && text::phone_key(part).len() >= 6);
        for phone in if separate { parts } else { vec![value] } {
            if satchel_domain::normalise_phone(phone).is_empty() {
                self.row.oddities.push((Some(column), ProblemCode::NotPhone, phone.to_owned()));
            }
            let label = if label.is_empty() && is_chinese_mobile(phone) { "mobile" } else { label };
            add_point(&mut self.row.main.phones, label, phone);
        }
    }

    fn take_mails(&mut self, label: &str, value: &str, column: usize) {
        let separators = [';', '；', ',', '，', '、', '\n', '|'];
        for mail in value.split(separators).map(str::trim).filter(|mail| !mail.is_empty()) {
            if !text::is_mail(mail) {
                self.row.oddities.push((Some(column), ProblemCode::NotMail, mail.to_owned()));
            }
            add_point(&mut self.row.main.mails, label, mail);
        }
    }

    fn finish(mut self, plan: &FilePlan, usual_type: &PartnerType) -> Option<PartnerRow> {
        let person = self.person_name();
        let organisation = self.settle(plan, &person);
        let row = &mut self.row;
        row.main.kind = if organisation { PartnerKind::Organisation } else { PartnerKind::Person };
        if row.main.name.is_empty() {
            let reachable = row.main.mails.first().or(row.main.phones.first());
            row.main.name = reachable.map(|point| point.value.clone())?;
        }
        row.says_type = self.partner_type.is_some();
        row.main.partner_type = self.partner_type.unwrap_or_else(|| usual_type.clone());
        label_plain(&mut row.main, if organisation { "work" } else { "other" });
        self.address.label = if organisation { "work" } else { "other" }.to_owned();
        let empty = Address { label: self.address.label.clone(), ..Address::default() };
        if self.address != empty {
            row.main.addresses.push(self.address);
        }
        Some(self.row)
    }

    fn person_name(&self) -> String {
        let joined = text::full_name(&self.given, &self.family);
        if joined.is_empty() { self.contact.clone() } else { joined }
    }

    /// Names the partner of the row, and says whether it is an organisation.
    ///
    /// A contact person stands beside an organisation; given and family name, or a name beside a
    /// company, mean a person who works there; a lone name is what it looks like.
    fn settle(&mut self, plan: &FilePlan, person: &str) -> bool {
        let row = &mut self.row;
        let beside = plan.has(&Target::ContactPerson);
        let split_name = !self.given.is_empty() || !self.family.is_empty();
        let company = if beside && self.organisation.is_empty() { &self.name } else { &self.organisation };
        let is_organisation = self.kind.map_or_else(
            || match (beside, company.is_empty()) {
                (true, false) => true,
                _ if split_name => false,
                (_, false) => self.name.is_empty() && person.is_empty(),
                (_, true) => text::is_organisation_name(&self.name),
            },
            |kind| kind == PartnerKind::Organisation,
        );
        if is_organisation {
            row.main.name = [company, &self.name, &person.to_owned()]
                .into_iter()
                .find(|name| !name.is_empty())
                .cloned()
                .unwrap_or_default();
            let contact = if beside && !self.contact.is_empty() { &self.contact } else { person };
            if !contact.is_empty() && *contact != row.main.name {
                row.contact = Some(PartnerDraft {
                    name: contact.to_owned(),
                    position: self.position.clone(),
                    gender: std::mem::take(&mut row.main.gender),
                    birth_year: row.main.birth_year.take(),
                    ..PartnerDraft::default()
                });
            }
        } else {
            let own = if split_name || self.name.is_empty() { person } else { &self.name };
            row.main.name = own.to_owned();
            row.main.position.clone_from(&self.position);
            if *company != row.main.name {
                row.organisation.clone_from(company);
            }
        }
        is_organisation
    }
}

fn first(field: &mut String, value: &str) {
    if field.is_empty() {
        value.clone_into(field);
    }
}

fn push_line(field: &mut String, line: &str) {
    if !field.is_empty() {
        field.push('\n');
    }
    field.push_str(line);
}

/// A value under its heading; a column that is itself called note needs no heading.
pub(crate) fn labelled(header: &str, value: &str) -> String {
    if header.is_empty() || heading::is_note(header) {
        value.to_owned()
    } else {
        format!("{header}: {value}")
    }
}

/// A house number is joined by a space, further lines by a comma.
fn join_street(street: &mut String, value: &str) {
    if !street.is_empty() {
        let number =
            street.chars().all(|c| c.is_ascii_digit() || c.is_ascii_alphabetic() && street.len() <= 5);
        street.push_str(if number { " " } else { ", " });
    }
    street.push_str(value);
}

fn add_point(points: &mut Vec<ContactPoint>, label: &str, value: &str) {
    if !points.iter().any(|point| point.value == value) {
        points.push(ContactPoint::new(label, value));
    }
}

fn label_plain(draft: &mut PartnerDraft, label: &str) {
    for point in draft.phones.iter_mut().chain(&mut draft.mails).filter(|point| point.label.is_empty()) {
        label.clone_into(&mut point.label);
    }
}

fn is_chinese_mobile(phone: &str) -> bool {
    let key = text::phone_key(phone);
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("86").unwrap_or(&digits);
    key.len() == 10 && national.len() == 11 && national.starts_with('1') && !national.starts_with("10")
}

fn tags_of(value: &str) -> BTreeSet<String> {
    let tags = value.split([',', ';', '，', '；', '、', '|', '\n']).map(str::trim);
    tags.filter(|tag| !text::present(tag).is_empty()).map(str::to_owned).collect()
}

fn kind_of(value: &str) -> Option<PartnerKind> {
    match text::name_key(value).as_str() {
        "person" | "individual" | "个人" | "人" | "private" => Some(PartnerKind::Person),
        "organisation" | "organization" | "company" | "business" | "企业" | "公司" | "单位" | "机构" => {
            Some(PartnerKind::Organisation)
        }
        _ => None,
    }
}

fn type_of(value: &str) -> PartnerType {
    match text::name_key(value).as_str() {
        "prospect" | "lead" | "潜在客户" | "意向客户" | "线索" => PartnerType::Prospect,
        "customer" | "client" | "客户" | "成交客户" => PartnerType::Customer,
        "distributor" | "reseller" | "dealer" | "经销商" | "代理商" | "分销商" => {
            PartnerType::Distributor
        }
        "supplier" | "vendor" | "供应商" => PartnerType::Supplier,
        "partner" | "合作伙伴" | "伙伴" => PartnerType::Partner,
        _ => PartnerType::Other(value.to_owned()),
    }
}

fn gender_of(value: &str) -> String {
    match text::name_key(value).as_str() {
        "f" | "female" | "w" | "woman" | "女" | "女性" | "女士" | "ms" | "mrs" => "female".to_owned(),
        "m" | "male" | "man" | "男" | "男性" | "先生" | "mr" => "male".to_owned(),
        "unknown" | "未知" | "保密" | "unspecified" => String::new(),
        _ => value.to_owned(),
    }
}
