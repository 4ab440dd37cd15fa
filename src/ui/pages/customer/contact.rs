//! Ways out to other apps: calling, mailing, finding the way; and what of a card they use.

use super::form_model::address_line;
use super::reached::{self, Reached};
use crate::ui::platform::install::is_apple;
use crate::ui::platform::{clock, dom};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Coordinates, Method, PartnerDraft, RecordId};

/// `tel:` for a number as it is written.
pub(super) fn tel(number: &str) -> String {
    let kept: String = number
        .chars()
        .filter(|letter| letter.is_ascii_digit() || matches!(letter, '+' | '*' | '#' | ','))
        .collect();
    format!("tel:{kept}")
}

/// `sms:` for a number as it is written.
pub(super) fn sms(number: &str) -> String {
    tel(number).replacen("tel:", "sms:", 1)
}

/// The chat of a number in WhatsApp, which wants it with its country; `None` for one without.
pub(super) fn whatsapp(number: &str) -> Option<String> {
    let number = number.trim();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let whole = if number.starts_with('+') { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    whole.filter(|digits| (8..=15).contains(&digits.len())).map(|digits| format!("https://wa.me/{digits}"))
}

/// `mailto:` for an address.
pub(super) fn mailto(address: &str) -> String {
    format!("mailto:{}", escape(address.trim()))
}

/// How the device's own map is opened, without a word to a web site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maps {
    /// `geo:`, which Android and most desktops know.
    Geo,
    /// `maps:`, which Apple's devices know instead.
    Apple,
}

impl Maps {
    /// The way of this device.
    pub fn here() -> Self {
        if is_apple() { Self::Apple } else { Self::Geo }
    }

    /// A link to a postal address.
    pub(super) fn address(self, address: &str) -> String {
        match self {
            Self::Geo => format!("geo:0,0?q={}", escape(address)),
            Self::Apple => format!("maps:?q={}", escape(address)),
        }
    }

    fn place(self, place: Coordinates) -> String {
        let (lat, lon) = place.degrees();
        match self {
            Self::Geo => format!("geo:{lat:.6},{lon:.6}?q={lat:.6},{lon:.6}"),
            Self::Apple => format!("maps:?ll={lat:.6},{lon:.6}&q={lat:.6},{lon:.6}"),
        }
    }

    /// The way to somebody: to where she was found, else to her address.
    pub fn way_to(self, found: Option<Coordinates>, address: &str) -> Option<String> {
        let found = found.map(|found| self.place(found));
        found.or_else(|| (!address.is_empty()).then(|| self.address(address)))
    }
}

/// A web address with its scheme; `None` for what a link must not lead to.
pub(super) fn web(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
    let allowed = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let plain =
        !rest.is_empty() && !rest.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    (allowed && plain).then(|| format!("{scheme}://{rest}"))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// What the header's buttons use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ways {
    pub(super) phone: Option<String>,
    pub(super) wechat: Option<String>,
    pub(super) mail: Option<String>,
    pub(super) way: Option<String>,
}

impl Ways {
    /// The first of each kind; a person without a number or an address is reached by the organisation's.
    pub(super) fn of(card: &PartnerDraft, firm: Option<&PartnerDraft>) -> Self {
        let wechat = card.messengers.iter().find(|point| point.label == "wechat");
        let phone = |card: &PartnerDraft| card.phones.first().map(|point| point.value.clone());
        let way = |card: &PartnerDraft| {
            let line = card.addresses.first().map(address_line).unwrap_or_default();
            Maps::here().way_to(card.coordinates, &line)
        };
        Self {
            phone: phone(card).or_else(|| firm.and_then(phone)),
            wechat: wechat.map(|point| point.value.clone()),
            mail: card.mails.first().map(|point| point.value.clone()),
            way: way(card).or_else(|| firm.and_then(way)),
        }
    }
}

/// A link that calls, and remembers that a call began: it may be worth logging afterwards.
#[component]
pub fn TelLink(
    /// Who is called.
    partner: RecordId,
    /// The number as it is written.
    number: String,
    /// Classes of the link.
    #[prop(optional)]
    class: &'static str,
    /// Words for who cannot see what is in it; empty where it says enough.
    #[prop(optional, into)]
    label: Signal<String>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! { <ReachLink partner=partner method=Method::Phone href=tel(&number) class=class label=label>{children()}</ReachLink> }
}

/// A link into another app, where something with a customer begins that may be worth logging afterwards.
#[component]
pub(super) fn ReachLink(
    /// Who is reached for.
    partner: RecordId,
    /// By which channel.
    method: Method,
    /// Where it leads.
    href: String,
    /// Classes of the link.
    #[prop(optional)]
    class: &'static str,
    /// Words for who cannot see what is in it; empty where it says enough.
    #[prop(optional, into)]
    label: Signal<String>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let begin = reaching(partner, method);
    let outside = href.starts_with("https:").then_some("_blank");
    view! {
        <a
            class=class
            href=href
            target=outside
            rel="noreferrer"
            aria-label=move || Some(label.get()).filter(|label| !label.is_empty())
            on:click=move |_| begin()
        >
            {children()}
        </a>
    }
}

/// Calls a number, as a [`TelLink`] does.
pub fn use_call() -> impl Fn(RecordId, &str) + Copy + 'static {
    let session = use_session();
    move |partner, number| {
        reached::begin(session, Reached { partner, method: Method::Phone, began_ms: clock::now_ms() });
        dom::follow(&tel(number));
    }
}

/// Remembers that a customer is reached for now.
pub(super) fn reaching(partner: RecordId, method: Method) -> impl Fn() + Copy + 'static {
    let session = use_session();
    move || reached::begin(session, Reached { partner, method, began_ms: clock::now_ms() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dialled_without_their_ornaments() {
        assert_eq!(tel("+49 (30) 123-45.67"), "tel:+49301234567");
        assert_eq!(tel("0510-5550-0142"), "tel:051055500142");
    }

    #[test]
    fn a_chat_wants_the_country_of_a_number() {
        assert_eq!(sms("138 0013 8000"), "sms:13800138000");
        assert_eq!(whatsapp("+49 (30) 123-45").as_deref(), Some("https://wa.me/493012345"));
        assert_eq!(whatsapp("0086 138 0013 8000").as_deref(), Some("https://wa.me/8613800138000"));
        assert_eq!(whatsapp("138 0013 8000"), None);
        assert_eq!(whatsapp("+1"), None);
    }

    #[test]
    fn addresses_cannot_break_out_of_a_link() {
        assert_eq!(mailto("li@example.com?bcc=x"), "mailto:li@example.com%3Fbcc%3Dx");
        assert_eq!(Maps::Geo.address("港兴路 88"), "geo:0,0?q=%E6%B8%AF%E5%85%B4%E8%B7%AF%2088");
        assert_eq!(Maps::Apple.address("a&b=c"), "maps:?q=a%26b%3Dc");
    }

    #[test]
    fn the_way_leads_to_where_somebody_was_found_else_to_her_address() {
        let found = Coordinates::of_degrees(52.52, -13.405);
        let way = |maps: Maps, found, address| maps.way_to(found, address).unwrap_or_default();
        assert_eq!(way(Maps::Geo, found, "Kiel"), "geo:52.520000,-13.405000?q=52.520000,-13.405000");
        assert_eq!(way(Maps::Apple, found, "Kiel"), "maps:?ll=52.520000,-13.405000&q=52.520000,-13.405000");
        assert_eq!(way(Maps::Geo, None, "Kiel"), "geo:0,0?q=Kiel");
        assert_eq!(way(Maps::Apple, None, "Kiel"), "maps:?q=Kiel");
        assert_eq!(way(Maps::Geo, None, ""), "");
    }

    #[test]
    fn only_web_addresses_become_web_links() {
        assert_eq!(web("example.org/a").as_deref(), Some("https://example.org/a"));
        assert_eq!(web("HTTP://example.org").as_deref(), Some("HTTP://example.org"));
        assert_eq!(web("javascript://%0aalert(1)"), None);
        assert_eq!(web("exa mple.org"), None);
        assert_eq!(web(""), None);
    }
}
