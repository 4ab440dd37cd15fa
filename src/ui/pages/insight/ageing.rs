//! How long ago customers were last contacted (R56): each class opens the list of who is in it.

use super::card::{ChartCard, Grid};
use super::mix::bar;
use super::{Found, read};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::customers::View;
use crate::ui::pages::memory::use_memory;
use crate::ui::platform::intl::{Format, use_format};
use crate::ui::routes::Place;
use leptos::prelude::*;
use satchel_domain::{Condition, Group, Join, Selection, Term, Time};

/// A class of days since the last contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class {
    /// From so many days on; `None` for never.
    least: Option<u32>,
    most: Option<u32>,
    count: u32,
}

fn classes(ages: &[u32], counts: &[u32]) -> Vec<Class> {
    let class = |(n, count): (usize, &u32)| {
        let least = match n {
            0 => Some(0),
            n => ages.get(n - 1).map(|age| age + 1).filter(|_| n <= ages.len()),
        };
        Class { least, most: ages.get(n).copied(), count: *count }
    };
    counts.iter().enumerate().map(class).collect()
}

impl Class {
    fn word(self, locale: Locale, format: Format) -> String {
        match (self.least, self.most) {
            (Some(0), Some(most)) => {
                td_string!(locale, insight.age_up_to, days = format.number(most)).to_string()
            }
            (Some(least), Some(most)) => {
                td_string!(locale, insight.age_between, from = format.number(least), to = format.number(most))
                    .to_string()
            }
            (Some(least), None) => {
                td_string!(locale, insight.age_over, days = format.number(least - 1)).to_string()
            }
            (None, _) => td_string!(locale, insight.age_never).to_owned(),
        }
    }

    fn selection(self) -> Selection {
        let never = Time::Ago { least: 0, most: None };
        let term = match self.least {
            Some(least) => {
                Term { not: false, is: Condition::LastContact(Time::Ago { least, most: self.most }) }
            }
            None => Term { not: true, is: Condition::LastContact(never) },
        };
        Selection { join: Join::All, groups: vec![Group { join: Join::All, terms: vec![term] }] }
    }
}

/// The card.
#[component]
pub(super) fn Ageing(
    /// What was found.
    found: Found,
    /// Who is counted.
    #[prop(into)]
    population: Signal<Selection>,
) -> impl IntoView {
    let (i18n, format, memory) = (use_i18n(), use_format(), use_memory());
    let rows = Memo::new(move |_| read(found, |it| classes(&it.ages, &it.ageing)));
    let grid = move || Grid {
        heads: vec![
            t_string!(i18n, insight.last_contact).to_owned(),
            t_string!(i18n, insight.customers).to_owned(),
        ],
        rows: rows.with(|rows| {
            let row = |class: &Class| vec![class.word(i18n.get_locale(), format), format.number(class.count)];
            rows.iter().map(row).collect()
        }),
    };
    let open = move |class: Class| {
        let selection = population.with_untracked(|population| population.clone().and(class.selection()));
        memory.change_view(|view| *view = View::of(selection));
    };
    let chart = move || {
        let rows = rows.get();
        let all: u32 = rows.iter().map(|class| class.count).sum();
        let row = move |class: Class| {
            view! {
                <li>
                    <a class="age-r" href=Place::Customers.href() on:click=move |_| open(class)>
                        <span>{class.word(i18n.get_locale(), format)}</span>
                        <b class="num">{format.number(class.count)}</b>
                        {bar(f64::from(class.count) / f64::from(all.max(1)))}
                    </a>
                </li>
            }
        };
        view! { <ul class="ages">{rows.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    view! { <ChartCard title=text!(i18n, insight.ageing) class="ins-a" grid=Signal::derive(grid) chart=chart /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_leave_no_day_out() {
        let classes = classes(&[7, 30], &[1, 2, 3, 4]);
        let ends: Vec<_> = classes.iter().map(|class| (class.least, class.most)).collect();
        assert_eq!(ends, [(Some(0), Some(7)), (Some(8), Some(30)), (Some(31), None), (None, None)]);
    }
}
