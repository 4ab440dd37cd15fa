//! The customer list's filter and order, kept in memory only: a search text or tag in the address
//! would leave a customer's name in the browser's history.

use crate::port::{PartnerFilter, PartnerSort};
use satchel_domain::{AccountId, Condition, Group, Join, Selection, Term, Time, ViewDraft};

/// Days after which a customer is quiet.
pub const QUIET_DAYS: i32 = 60;

/// Orders, as the menu offers them; a table's headers offer more.
pub const SORTS: [PartnerSort; 4] =
    [PartnerSort::Name, PartnerSort::Recent, PartnerSort::Quietest, PartnerSort::Value];

/// What narrows and orders the list.
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
    /// Those who are meant by a selection, by name.
    pub fn of(selection: Selection) -> Self {
        Self { filter: PartnerFilter { selection, ..PartnerFilter::default() }, ..Self::default() }
    }

    /// What was saved under a name.
    pub fn saved(view: &ViewDraft) -> Self {
        let sort = PartnerSort::from_code(&view.sort).unwrap_or_default();
        Self { sort, ..Self::of(view.selection.clone()) }
    }

    /// All that narrows the list, as conditions that can be kept under a name; but not what waits to be sent, which is of
    /// this device and this moment.
    pub fn conditions(&self) -> Selection {
        let PartnerFilter { text, kind, partner_type, tag, owner, selection, .. } = &self.filter;
        let text = Some(text.trim()).filter(|text| !text.is_empty());
        let said = [
            text.map(|text| Condition::Text(text.to_owned())),
            kind.map(Condition::Kind),
            partner_type.clone().map(Condition::Type),
            tag.clone().map(Condition::Tag),
            owner.map(|owner| Condition::Owner(Some(AccountId(owner)))),
        ];
        let quiet = self.quiet.then(|| {
            let is = Condition::LastContact(Time::last(QUIET_DAYS.unsigned_abs()));
            let terms = vec![Term { not: true, is }];
            Selection { join: Join::All, groups: vec![Group { join: Join::All, terms }] }
        });
        let said = said.into_iter().flatten().map(Selection::of).chain(quiet);
        said.fold(selection.clone(), Selection::and)
    }

    /// The filter as it is asked for, with the moment since which a customer must have been quiet, and the local
    /// midnight from which days are counted.
    pub fn filter_since(&self, quiet_since_ms: i64, today_ms: i64) -> PartnerFilter {
        let today_ms = if self.filter.selection.is_everybody() { 0 } else { today_ms };
        let quiet_since_ms = self.quiet.then_some(quiet_since_ms);
        PartnerFilter { quiet_since_ms, today_ms, ..self.filter.clone() }
    }

    /// Whether anything but the order narrows the list.
    pub fn narrows(&self) -> bool {
        self.quiet || self.filter != PartnerFilter::default()
    }

    /// Whether a chip narrows the list, apart from the search text.
    pub fn chips(&self) -> bool {
        self.without_text().narrows()
    }

    /// How many conditions are set that stand behind the filter button.
    pub fn hidden_conditions(&self) -> usize {
        usize::from(self.filter.partner_type.is_some())
            + usize::from(self.filter.tag.is_some())
            + self.filter.selection.len()
    }

    /// The same without the search text.
    pub fn without_text(&self) -> Self {
        Self { filter: PartnerFilter { text: String::new(), ..self.filter.clone() }, ..self.clone() }
    }

    /// The same search and order without any chip.
    pub fn without_chips(&self) -> Self {
        let filter = PartnerFilter { text: self.filter.text.clone(), ..PartnerFilter::default() };
        Self { filter, quiet: false, sort: self.sort }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{PartnerKind, PartnerType};

    fn searched(text: &str) -> View {
        View { filter: PartnerFilter { text: text.into(), ..PartnerFilter::default() }, ..View::default() }
    }

    #[test]
    fn a_search_text_is_no_chip() {
        let view = searched("zs");
        assert!(view.narrows() && !view.chips());
        assert_eq!(view.without_text(), View::default());
    }

    #[test]
    fn clearing_chips_keeps_search_and_order() {
        let mut view = View { quiet: true, sort: PartnerSort::Recent, ..searched("zs") };
        view.filter.partner_type = Some(PartnerType::Supplier);
        assert_eq!(view.hidden_conditions(), 1);
        assert_eq!(view.without_chips(), View { sort: PartnerSort::Recent, ..searched("zs") });
    }

    #[test]
    fn what_is_kept_under_a_name_is_all_that_narrows_the_list_r49() {
        let berlin = Selection::of(Condition::City("Berlin".into()));
        assert_eq!(View::of(berlin.clone()).conditions(), berlin);
        let mut view = View { quiet: true, ..View::of(berlin) };
        view.filter = PartnerFilter { kind: Some(PartnerKind::Person), text: " anna ".into(), ..view.filter };
        let said: Vec<_> = view
            .conditions()
            .groups
            .into_iter()
            .flat_map(|group| group.terms)
            .map(|it| (it.not, it.is))
            .collect();
        let wanted = [
            (false, Condition::City("Berlin".into())),
            (false, Condition::Text("anna".into())),
            (false, Condition::Kind(PartnerKind::Person)),
            (true, Condition::LastContact(Time::last(60))),
        ];
        assert_eq!(said, wanted);
    }

    #[test]
    fn quiet_counts_back_from_the_day() {
        assert_eq!(View::default().filter_since(5, 7).quiet_since_ms, None);
        assert_eq!(View { quiet: true, ..View::default() }.filter_since(5, 7).quiet_since_ms, Some(5));
    }
}
