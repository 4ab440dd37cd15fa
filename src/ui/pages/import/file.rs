//! One file: what it is, what its columns mean, how it would look, what is wrong with it.

use super::Work;
use super::column::ColumnRow;
use super::options::Options;
use super::preview::Preview;
use super::problems::Problems;
use super::words;
use crate::port::{FileForm, FilePlan, FileRole, ImportId, ImportSheet, InspectedFile};
use crate::ui::components::{Icon, SelectField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::use_format;
use leptos::prelude::*;

/// One file's plan among those of the work.
#[derive(Clone, Copy)]
pub(super) struct PlanOf {
    work: Work,
    index: usize,
}

impl PlanOf {
    /// Reads something of the plan.
    pub(super) fn with<T>(self, read: impl Fn(&FilePlan) -> T) -> Option<T> {
        self.work.plans.with(|plans| plans.get(self.index).map(read))
    }

    /// Changes the plan.
    pub(super) fn update(self, change: impl FnOnce(&mut FilePlan)) {
        self.work.plans.update(|plans| {
            if let Some(plan) = plans.get_mut(self.index) {
                change(plan);
            }
        });
    }

    pub(super) fn role(self) -> FileRole {
        self.with(|plan| plan.role).unwrap_or(FileRole::Skip)
    }
}

#[component]
pub(super) fn FileCard(work: Work, import: ImportId, index: usize, file: InspectedFile) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let plan = PlanOf { work, index };
    let (rows, columns) = (file.rows, file.columns.len() as u64);
    let (encoding, holds, unusable) = (file.encoding.clone(), file.form, file.unusable);
    let (sheets, sheet) = (file.sheets.clone(), file.sheet);
    let size = move || match holds {
        FileForm::Cards => t_string!(i18n, import.file.cards, count = format.count(rows)).to_string(),
        FileForm::Delimited(_) | FileForm::Workbook => {
            t_string!(i18n, import.file.rows, rows = format.count(rows), columns = format.count(columns))
                .to_string()
        }
    };
    let form = move || {
        let encoding = encoding.clone();
        match holds {
            FileForm::Cards => t_string!(i18n, import.file.cards_encoding, encoding = encoding).to_string(),
            FileForm::Workbook => t_string!(i18n, import.file.workbook).to_owned(),
            FileForm::Delimited(delimiter) => {
                let delimiter = words::delimiter(i18n.get_locale(), delimiter);
                t_string!(i18n, import.file.encoding, encoding = encoding, delimiter = delimiter).to_string()
            }
        }
    };
    view! {
        <section class="card impf">
            <header class="impf-h">
                <span class="dev"><Icon name="table" /></span>
                <div>
                    <h2>{file.name.clone()}</h2>
                    {unusable.is_none().then(|| view! { <p class="k">{size}<span class="sep">"·"</span>{form}</p> })}
                </div>
            </header>
            {(sheets.len() > 1).then(|| view! { <SheetChoice work import index sheets sheet /> })}
            {match unusable {
                Some(code) => {
                    view! {
                        <p class="rev-t rev-bad">
                            <Icon name="alert" />
                            <span>
                                <b>{text!(i18n, import.file.unusable)}</b>
                                {move || words::problem(i18n.get_locale(), code)}
                            </span>
                        </p>
                    }
                        .into_any()
                }
                None => view! { <Usable plan import index file /> }.into_any(),
            }}
        </section>
    }
}

/// Which sheet of a workbook: another one is another table.
#[component]
fn SheetChoice(
    work: Work,
    import: ImportId,
    index: usize,
    sheets: Vec<ImportSheet>,
    sheet: Option<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let options: Vec<_> = sheets.into_iter().map(|sheet| (sheet.at.to_string(), sheet.name)).collect();
    let chosen = sheet.map(|at| at.to_string()).unwrap_or_default();
    let choose = move |key: String| {
        if let Ok(sheet) = key.parse() {
            work.choose_sheet(import, index, sheet);
        }
    };
    view! {
        <div class="impf-r impf-s">
            <SelectField
                label=text!(i18n, import.file.sheet)
                value=Signal::stored(chosen)
                options=Signal::stored(options)
                on_choose=choose
            />
        </div>
    }
}

#[component]
fn Usable(plan: PlanOf, import: ImportId, index: usize, file: InspectedFile) -> impl IntoView {
    let i18n = use_i18n();
    let form = file.form;
    let role = Memo::new(move |_| plan.role());
    let key = Signal::derive(move || {
        words::ROLES.iter().find(|(each, _)| *each == role.get()).map_or("", |(_, key)| key).to_owned()
    });
    let roles = Signal::derive(move || {
        let locale = i18n.get_locale();
        words::ROLES
            .iter()
            .filter(|(role, _)| words::can_be(form, *role))
            .map(|(role, key)| ((*key).to_owned(), words::role(locale, *role).to_owned()))
            .collect()
    });
    let choose = move |key: String| {
        if let Some((role, _)) = words::ROLES.iter().find(|(_, each)| *each == key) {
            plan.update(|plan| plan.role = *role);
        }
    };
    let label = Signal::derive(move || match form {
        FileForm::Cards => t_string!(i18n, import.role.card).to_owned(),
        FileForm::Delimited(_) | FileForm::Workbook => t_string!(i18n, import.role.label).to_owned(),
    });
    let columns = StoredValue::new(file.columns);
    let (problems, counts) = (file.problems, file.counts);
    view! {
        <div class="impf-r"><SelectField label=label value=key options=roles on_choose=choose /></div>
        <Show when=move || role.get() != FileRole::Skip>
            <div class="impf-g">
                <div class="impf-c">
                    <h3>{text!(i18n, import.columns)}</h3>
                    <ul class="cols-l">
                        {move || {
                            role.track();
                            let row = |(at, column)| view! { <li><ColumnRow plan at column /></li> };
                            columns.get_value().into_iter().enumerate().map(row).collect_view()
                        }}
                    </ul>
                    <Options plan form />
                </div>
                <Preview work=plan.work import index />
            </div>
        </Show>
        <div class="impf-p"><Problems problems counts /></div>
    }
}
