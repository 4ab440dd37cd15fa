//! The customer list's filter and order in the address, so that a view is a link.

use crate::port::{PartnerFilter, PartnerSort};
use crate::ui::pages::vocabulary::slug::{KINDS, parse, parse_partner_type, partner_type_slug, slug};

/// Days after which a customer is quiet.
pub const QUIET_DAYS: i32 = 60;

/// Orders with their short names.
pub const SORTS: [(PartnerSort, &str); 4] = [
    (PartnerSort::Name, "name"),
    (PartnerSort::Recent, "recent"),
    (PartnerSort::Quietest, "quiet"),
    (PartnerSort::Value, "value"),
];

/// What the address says about the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// Which partners; `quiet_since_ms` is always empty here, see [`View::quiet`].
    pub filter: PartnerFilter,
    /// Without contact for [`QUIET_DAYS`]: counted back from the day on which it is looked at.
    pub quiet: bool,
    /// In which order.
    pub sort: PartnerSort,
}

impl View {
    /// Reads the pairs of an address; what is not understood is ignored.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut view = Self::default();
        for (key, value) in pairs {
            match key {
                "q" => view.filter.text = value.to_owned(),
                "kind" => view.filter.kind = parse(&KINDS, value),
                "type" => view.filter.partner_type = parse_partner_type(value),
                "tag" => view.filter.tag = Some(value.to_owned()).filter(|tag| !tag.is_empty()),
                "quiet" => view.quiet = true,
                "waiting" => view.filter.waiting = true,
                "sort" => view.sort = parse(&SORTS, value).unwrap_or_default(),
                _ => {}
            }
        }
        view
    }

    /// The pairs that say it again; nothing for what is usual.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let filter = &self.filter;
        let text = Some(filter.text.clone()).filter(|text| !text.is_empty());
        [
            ("q", text),
            ("kind", filter.kind.map(|kind| slug(&KINDS, &kind).to_owned())),
            ("type", filter.partner_type.as_ref().map(partner_type_slug)),
            ("tag", filter.tag.clone()),
            ("quiet", self.quiet.then(|| QUIET_DAYS.to_string())),
            ("waiting", filter.waiting.then(|| "1".to_owned())),
            ("sort", (self.sort != PartnerSort::Name).then(|| slug(&SORTS, &self.sort).to_owned())),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
    }

    /// The filter as it is asked for, with the moment since which a customer must have been quiet.
    pub fn filter_since(&self, quiet_since_ms: i64) -> PartnerFilter {
        PartnerFilter { quiet_since_ms: self.quiet.then_some(quiet_since_ms), ..self.filter.clone() }
    }

    /// Whether anything but the order narrows the list.
    pub fn narrows(&self) -> bool {
        self.quiet || self.filter != PartnerFilter::default()
    }

    /// Whether a chip narrows the list, apart from the search text.
    pub fn chips(&self) -> bool {
        Self { filter: PartnerFilter { text: String::new(), ..self.filter.clone() }, ..self.clone() }.narrows()
    }

    /// The same order without any filter.
    pub fn cleared(&self) -> Self {
        Self { sort: self.sort, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{PartnerKind, PartnerType};

    fn again(view: &View) -> View {
        let pairs = view.pairs();
        View::read(pairs.iter().map(|(key, value)| (*key, value.as_str())))
    }

    #[test]
    fn a_view_survives_the_address() {
        let filter = PartnerFilter {
            text: "zs 张".into(),
            kind: Some(PartnerKind::Organisation),
            partner_type: Some(PartnerType::Other("VIP".into())),
            tag: Some("泵类".into()),
            quiet_since_ms: None,
            waiting: true,
        };
        let view = View { filter, quiet: true, sort: PartnerSort::Value };
        assert_eq!(again(&view), view);
        assert_eq!(View::default().pairs(), Vec::new());
    }

    #[test]
    fn nonsense_in_the_address_is_ignored() {
        let view = View::read([("kind", "robot"), ("type", "own:"), ("sort", "magic"), ("tag", ""), ("x", "y")]);
        assert_eq!(view, View::default());
        assert!(!view.narrows());
    }

    #[test]
    fn clearing_keeps_the_order() {
        let view = View { quiet: true, sort: PartnerSort::Recent, ..View::default() };
        assert!(view.narrows() && view.chips());
        assert_eq!(view.cleared(), View { sort: PartnerSort::Recent, ..View::default() });
    }

    #[test]
    fn a_search_text_is_no_chip() {
        let view = View::read([("q", "zs")]);
        assert!(view.narrows() && !view.chips());
    }
}
