//! What a card says, by column. What has no column of its own becomes a line of the note.

use super::column::Column;
use super::property::{Property, Writing};
use crate::decode::Decoders;
use crate::text::{full_name, is_han};
use crate::{Target, heading};
use std::collections::BTreeMap;

/// How many numbers or addresses of one label have a column.
const COLUMNS_EACH: usize = 8;

/// The values of a card.
pub(crate) type Cells = Vec<(Column, String)>;

/// Reads a card; `None` for one that is a group of others.
pub(crate) fn read(properties: &[Property], decoders: &dyn Decoders) -> Option<Cells> {
    let old = properties.iter().any(|property| property.name == "VERSION" && is_old(property, decoders));
    let writing = Writing { old, decoders };
    let labels = properties.iter().filter(|it| it.name == "X-ABLABEL" && !it.group.is_empty());
    let labels = labels.map(|label| (label.group.as_str(), label.text(writing))).collect();
    let mut card = Card { properties, labels, writing, cells: Vec::new(), note: Vec::new() };
    let kind = card.kind();
    if kind == "group" {
        return None;
    }
    card.names(&kind);
    let (preferred, others): (Vec<_>, Vec<_>) =
        properties.iter().partition(|property| property.is_preferred());
    preferred.into_iter().chain(others).for_each(|property| card.take(property));
    Some(card.finish())
}

fn is_old(version: &Property, decoders: &dyn Decoders) -> bool {
    version.text(Writing { old: true, decoders }).starts_with("2.")
}

struct Card<'c> {
    properties: &'c [Property],
    /// A person's own labels (`item1.X-ABLabel`), by what they stand beside.
    labels: BTreeMap<&'c str, String>,
    writing: Writing<'c>,
    cells: Cells,
    note: Vec<String>,
}

impl Card<'_> {
    /// The first value of a property, or nothing.
    fn said(&self, name: &str) -> String {
        let named = self.properties.iter().filter(|property| property.name == name);
        named.map(|property| property.text(self.writing)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    fn parts<const N: usize>(&self, property: &Property) -> [String; N] {
        let mut parts = property.parts(self.writing).into_iter();
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    }

    fn parts_of<const N: usize>(&self, name: &str) -> [String; N] {
        let property = self.properties.iter().find(|property| property.name == name);
        property.map_or_else(|| std::array::from_fn(|_| String::new()), |property| self.parts(property))
    }

    /// `person`, `organisation`, `group`, or nothing where the card does not say.
    fn kind(&self) -> String {
        let said =
            ["KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS"].map(|name| self.said(name).to_lowercase());
        match said.iter().find(|kind| !kind.is_empty()).map_or("", String::as_str) {
            "individual" => "person",
            "org" | "company" => "organisation",
            "group" => "group",
            _ => "",
        }
        .to_owned()
    }

    /// The name, the organisation, and which of the two the card is about.
    fn names(&mut self, kind: &str) {
        let [family, given, additional, prefix, suffix] = self.parts_of("N");
        let [company, department] = self.parts_of("ORG");
        let split = joined([&prefix, &given, &additional, &family, &suffix], " ");
        let shown = self.said("FN");
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let han = !family.is_empty() && !given.is_empty() && (family.clone() + &given).chars().all(is_han);
        let same = [format!("{family}{given}"), format!("{given}{family}"), String::new()];
        let name = if han && same.contains(&bare(&shown)) {
            full_name(&given, &family)
        } else if shown.is_empty() {
            split.clone()
        } else {
            shown
        };
        let only_company = !company.is_empty() && split.is_empty() && (name.is_empty() || name == company);
        let kind = match kind {
            "" if only_company => "organisation",
            "" if !family.is_empty() && !given.is_empty() => "person",
            said => said,
        };
        if kind == "organisation" && !split.is_empty() && split != name {
            self.remark("N", &split);
        }
        self.put(Target::Name, if name.is_empty() { company.clone() } else { name });
        self.put(Target::Kind, kind.to_owned());
        self.put(Target::Organisation, company);
        self.put(Target::Position, self.said("TITLE"));
        self.remark("ORG", &department);
    }

    fn take(&mut self, property: &Property) {
        let writing = self.writing;
        let text = || property.text(writing);
        match property.name.as_str() {
            "TEL" => self.point(Target::Phone(self.label(property)), "TEL", phone(&text())),
            "EMAIL" => {
                let mail = text();
                let mail = without_scheme(&mail, "mailto:").to_owned();
                self.point(Target::Mail(self.label(property)), "EMAIL", mail);
            }
            "ADR" => self.address(property),
            "TITLE" | "ROLE" => self.single(Target::Position, &property.name, text()),
            "URL" => self.single(Target::Website, "URL", text()),
            "BDAY" => self.birth(property),
            "CATEGORIES" => self.point(Target::Tags, "CATEGORIES", text()),
            "GENDER" | "X-GENDER" => {
                let [code, words] = self.parts(property);
                let known = matches!(code.to_ascii_uppercase().as_str(), "F" | "M" | "FEMALE" | "MALE");
                self.single(Target::Gender, "GENDER", if known { code } else { words });
            }
            "NICKNAME" => self.remark("NICKNAME", &text()),
            "NOTE" => self.note.push(text()),
            "UID" => {
                let uid = text();
                self.put(Target::ExternalId, without_scheme(&uid, "urn:uuid:").to_lowercase());
            }
            _ => self.messenger(property),
        }
    }

    /// What a number or address is labelled with, by its types or by the words beside it.
    fn label(&self, property: &Property) -> String {
        let said = format!("{} {}", property.types(), self.label_beside(property));
        heading::label(&said).unwrap_or_default().to_owned()
    }

    /// The words of a person's own label, or nothing.
    fn label_beside(&self, property: &Property) -> &str {
        self.labels.get(property.group.as_str()).map_or("", String::as_str)
    }

    /// `IMPP`, social profiles, and the `X-QQ` and `X-WECHAT` of phones.
    fn messenger(&mut self, property: &Property) {
        let text = property.text(self.writing);
        let own = property.name.strip_prefix("X-").and_then(heading::messenger);
        if let Some(label) = own {
            return self.point(Target::Messenger(label.to_owned()), &property.name, text);
        }
        if property.name != "IMPP" && property.name != "X-SOCIALPROFILE" {
            return;
        }
        let (scheme, name) = text.split_once(':').unwrap_or(("", &text));
        let service = property.parameter("X-SERVICE-TYPE").unwrap_or(scheme);
        let said = format!("{service} {} {scheme} {}", property.types(), self.label_beside(property));
        let label = heading::messenger(&said).unwrap_or("other").to_owned();
        let is_link = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let value = match (is_link, label.as_str()) {
            (true, _) => text,
            (false, "other") => format!("{service} {name}").trim().to_owned(),
            (false, _) => name.to_owned(),
        };
        self.point(Target::Messenger(label), "IMPP", value);
    }

    fn address(&mut self, property: &Property) {
        let parts: [String; 7] = self.parts(property);
        let [post_box, extended, street, city, region, code, country] =
            parts.map(|part| part.split('\n').map(str::trim).collect::<Vec<_>>().join(", "));
        let street = joined([&street, &extended, &post_box], ", ");
        if self.cells.iter().any(|(column, _)| is_address(&column.target)) {
            let city = joined([&code, &city], " ");
            return self.remark("ADR", &joined([&street, &city, &region, &country], ", "));
        }
        self.put(Target::Street, street);
        self.put(Target::City, city);
        self.put(Target::Region, region);
        self.put(Target::PostalCode, code);
        self.put(Target::Country, country);
    }

    /// A birthday whose year is not told is a line of the note.
    fn birth(&mut self, property: &Property) {
        let text = property.text(self.writing);
        let day = text.split('T').next().unwrap_or_default();
        let yearless = day.strip_prefix("--").or_else(|| {
            property.parameter("X-APPLE-OMIT-YEAR").and_then(|year| day.strip_prefix(year)?.strip_prefix('-'))
        });
        match yearless {
            Some(day) => self.remark("BDAY", day),
            None => self.single(Target::Birth, "BDAY", day.to_owned()),
        }
    }

    /// One of several values: a column of its own, as long as there are few.
    fn point(&mut self, target: Target, name: &str, value: String) {
        let same = || self.cells.iter().filter(|(column, _)| column.target == target);
        let nth = same().count();
        if value.is_empty() || same().any(|(_, old)| *old == value) {
            return;
        }
        if nth < COLUMNS_EACH {
            self.cells.push((Column { target, nth }, value));
        } else {
            self.remark(name, &value);
        }
    }

    /// The first value counts; another one is a line of the note.
    fn single(&mut self, target: Target, name: &str, value: String) {
        match self.cells.iter().find(|(column, _)| column.target == target) {
            Some((_, old)) if *old == value => {}
            Some(_) => self.remark(name, &value),
            None => self.put(target, value),
        }
    }

    fn put(&mut self, target: Target, value: String) {
        if !value.is_empty() && !self.cells.iter().any(|(column, _)| column.target == target) {
            self.cells.push((Column { target, nth: 0 }, value));
        }
    }

    fn remark(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.note.push(format!("{name}: {value}"));
        }
    }

    fn finish(mut self) -> Cells {
        self.note.retain(|line| !line.is_empty());
        let note = self.note.join("\n");
        self.put(Target::Note, note);
        self.cells
    }
}

fn is_address(target: &Target) -> bool {
    use Target::*;
    matches!(target, Street | City | Region | PostalCode | Country)
}

fn joined<const N: usize>(parts: [&str; N], between: &str) -> String {
    let filled: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    filled.join(between)
}

fn without_scheme<'t>(text: &'t str, scheme: &str) -> &'t str {
    let has = text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if has { &text[scheme.len()..] } else { text }
}

/// A number as people write it, also where the card has it as a link (`tel:+49-30-1;ext=2`).
fn phone(text: &str) -> String {
    let number = without_scheme(text, "tel:");
    if number.len() == text.len() {
        return text.to_owned();
    }
    let mut parts = number.split(';');
    let main = parts.next().unwrap_or_default();
    let extension = parts.find_map(|part| part.strip_prefix("ext="));
    extension.map_or_else(|| main.to_owned(), |extension| format!("{main} x{extension}"))
}
