//! Monograms: square for an organisation, round for a person.

use leptos::prelude::*;
use satchel_domain::PartnerKind;

/// How large.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Size {
    /// In a line of people.
    Small,
    /// In a list.
    #[default]
    Medium,
    /// In a header.
    Large,
}

/// One or two letters on a tint that follows from `key`, the same on every device.
#[component]
pub fn Monogram(
    /// The name.
    #[prop(into)]
    name: Signal<String>,
    /// Round or square.
    #[prop(into)]
    kind: Signal<PartnerKind>,
    /// What the tint follows from: the record's identity.
    #[prop(into)]
    key: Signal<[u8; 16]>,
    /// How large.
    #[prop(optional)]
    size: Size,
) -> impl IntoView {
    let class = move || {
        let two = name.with(|name| letters(name).chars().count() > 1);
        let round = if kind.get() == PartnerKind::Person { " mono-p" } else { "" };
        let two = if two { " mono-2" } else { "" };
        let size = match size {
            Size::Small => " mono-s",
            Size::Medium => "",
            Size::Large => " mono-l",
        };
        format!("mono sw-{}{round}{two}{size}", tint(&key.get()))
    };
    view! { <span class=class aria-hidden="true">{move || name.with(|name| letters(name))}</span> }
}

/// One or two letters: the initials of the first two Latin words, or the first character.
fn letters(name: &str) -> String {
    let mut initials = name.split_whitespace().filter_map(initial);
    let Some(first) = initials.next() else { return "?".to_owned() };
    match initials.next() {
        Some(second) if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
            [first, second].iter().collect()
        }
        _ => first.to_string(),
    }
}

fn initial(word: &str) -> Option<char> {
    word.chars().find(|letter| letter.is_alphanumeric()).and_then(|letter| letter.to_uppercase().next())
}

/// One of five tints.
fn tint(key: &[u8; 16]) -> u8 {
    1 + key.iter().fold(0_u8, |sum, byte| (sum + byte % 5) % 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_scripts_have_letters() {
        assert_eq!(letters("Aurelia Foods Ltd"), "AF");
        assert_eq!(letters("宏达机电"), "宏");
        assert_eq!(letters("Fjord & Pine AS"), "FP");
        assert_eq!(letters("3M 中国"), "3");
        assert_eq!(letters(" … "), "?");
    }

    #[test]
    fn tints_are_five() {
        assert!((0..=255).all(|byte| (1..=5).contains(&tint(&[byte; 16]))));
    }
}
