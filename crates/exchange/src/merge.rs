//! What is here and what a file says, made one. What the file does not say stays as it is.

use crate::plan::Existing;
use crate::text::{mail_key, phone_key};
use satchel_domain::{Address, ContactPoint, OrderDraft, PartnerDraft};

/// The partner as it should be; equal to `here` when the file says nothing new.
pub(crate) fn partner(
    here: &PartnerDraft,
    file: &PartnerDraft,
    says_type: bool,
    policy: Existing,
) -> PartnerDraft {
    let mut merged = here.clone();
    if merged.external.is_none() {
        merged.external.clone_from(&file.external);
    }
    if policy == Existing::Keep {
        return here.clone();
    }
    let wins = policy == Existing::Update;
    for (old, new) in [
        (&mut merged.name, &file.name),
        (&mut merged.position, &file.position),
        (&mut merged.gender, &file.gender),
        (&mut merged.website, &file.website),
    ] {
        if !new.is_empty() && (wins || old.is_empty()) {
            old.clone_from(new);
        }
    }
    if says_type && wins {
        merged.partner_type = file.partner_type.clone();
    }
    merged.organisation = prefer(here.organisation, file.organisation, wins);
    merged.birth_year = prefer(here.birth_year, file.birth_year, wins);
    merged.tags.extend(file.tags.iter().cloned());
    merged.note = note(&here.note, &file.note);
    points(&mut merged.phones, &file.phones, wins, phone_key);
    points(&mut merged.mails, &file.mails, wins, mail_key);
    points(&mut merged.messengers, &file.messengers, wins, |value| value.trim().to_lowercase());
    addresses(&mut merged.addresses, &file.addresses, wins);
    merged
}

/// The order as it should be. A file without the lines leaves the lines that are here.
pub(crate) fn order(here: &OrderDraft, file: &OrderDraft, policy: Existing) -> OrderDraft {
    let mut merged = file.clone();
    merged.note = note(&here.note, &file.note);
    if file.lines.is_empty() {
        merged.lines.clone_from(&here.lines);
    }
    merged.stated_total_minor = file.stated_total_minor.or(here.stated_total_minor);
    match policy {
        Existing::Update => merged,
        Existing::FillEmpty if here.lines.is_empty() && here.stated_total_minor.is_none() => {
            OrderDraft { lines: merged.lines, stated_total_minor: merged.stated_total_minor, ..here.clone() }
        }
        Existing::FillEmpty | Existing::Keep => here.clone(),
    }
}

fn prefer<T: Copy>(here: Option<T>, file: Option<T>, file_wins: bool) -> Option<T> {
    if file_wins { file.or(here) } else { here.or(file) }
}

/// Lines of the file's note that are not here yet are added: what a person wrote is never replaced.
fn note(here: &str, file: &str) -> String {
    let mut merged = here.to_owned();
    for line in file.lines().filter(|line| !line.trim().is_empty()) {
        if !here.lines().any(|old| old.trim() == line.trim()) {
            if !merged.is_empty() {
                merged.push('\n');
            }
            merged.push_str(line);
        }
    }
    merged
}

/// Entries that are here stay. A new value takes the place of the only one with its label, or is added.
fn points(here: &mut Vec<ContactPoint>, file: &[ContactPoint], replace: bool, key: impl Fn(&str) -> String) {
    let wanted: Vec<String> = file.iter().map(|point| key(&point.value)).collect();
    for (point, wanted_key) in file.iter().zip(&wanted) {
        let same = |old: &ContactPoint| {
            old.value == point.value || (!wanted_key.is_empty() && key(&old.value) == *wanted_key)
        };
        if here.iter().any(same) {
            continue;
        }
        let is_stale = |old: &ContactPoint| {
            old.label == point.label && !old.key.is_empty() && !wanted.contains(&key(&old.value))
        };
        let stale: Vec<usize> = (0..here.len()).filter(|at| is_stale(&here[*at])).collect();
        match stale.as_slice() {
            [only] if replace => here[*only].value.clone_from(&point.value),
            _ => here.push(point.clone()),
        }
    }
}

/// A file holds one address: part by part it updates the first one that is here.
fn addresses(here: &mut Vec<Address>, file: &[Address], replace: bool) {
    let Some(new) = file.first() else { return };
    let Some(old) = here.first_mut() else {
        here.push(new.clone());
        return;
    };
    for (old, new) in [
        (&mut old.street, &new.street),
        (&mut old.district, &new.district),
        (&mut old.city, &new.city),
        (&mut old.region, &new.region),
        (&mut old.postal_code, &new.postal_code),
        (&mut old.country, &new.country),
    ] {
        if !new.is_empty() && (replace || old.is_empty()) {
            old.clone_from(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(key: &str, label: &str, value: &str) -> ContactPoint {
        ContactPoint { key: key.into(), label: label.into(), value: value.into() }
    }

    #[test]
    fn numbers_are_replaced_only_where_it_is_plain() {
        let cases = [
            (
                "same, written otherwise",
                vec![point("a", "work", "030 12345")],
                "work",
                "(030) 123-45",
                vec!["030 12345"],
            ),
            ("changed", vec![point("a", "work", "030 12345")], "work", "030 99999", vec!["030 99999"]),
            (
                "another label",
                vec![point("a", "home", "030 12345")],
                "work",
                "030 99999",
                vec!["030 12345", "030 99999"],
            ),
            (
                "two of the label",
                vec![point("a", "work", "030 12345"), point("b", "work", "030 23456")],
                "work",
                "030 99999",
                vec!["030 12345", "030 23456", "030 99999"],
            ),
        ];
        for (name, mut here, label, value, expected) in cases {
            points(&mut here, &[point("", label, value)], true, phone_key);
            assert_eq!(here.iter().map(|point| point.value.as_str()).collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn what_a_person_wrote_stays() {
        let here = PartnerDraft { name: "Anna".into(), note: "likes tea".into(), ..PartnerDraft::default() };
        let file =
            PartnerDraft { name: "Anne".into(), note: "from the fair".into(), ..PartnerDraft::default() };
        let updated = partner(&here, &file, false, Existing::Update);
        assert_eq!((updated.name.as_str(), updated.note.as_str()), ("Anne", "likes tea\nfrom the fair"));
        assert_eq!(partner(&updated, &file, false, Existing::Update), updated);
        assert_eq!(partner(&here, &file, false, Existing::FillEmpty).name, "Anna");
        assert_eq!(partner(&here, &file, false, Existing::Keep), here);
    }
}
