//! What was read from a pasted text: shown above the form, with the customers whom it may be about.

use super::form::LogForm;
use super::paste::{self, Mail, Pasted};
use crate::port::{PartnerRow, Query};
use crate::ui::components::{Icon, Monogram, Size};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::Method;

/// Customers that are looked for by a name or an address.
const FOUND: u32 = 2;

/// Sets the method to what was pasted, and the time to the mail's; the text stays as it is.
pub(super) fn take_pasted(form: RwSignal<LogForm>) {
    form.try_update(read_pasted);
}

/// The same for a form that nobody watches yet.
pub(super) fn read_pasted(form: &mut LogForm) {
    match paste::read(&form.content) {
        None => {}
        Some(Pasted::Chat(_)) if talks(form.method) => {}
        Some(Pasted::Chat(_)) => form.method = Method::WeChat,
        Some(Pasted::Mail(mail)) => {
            form.method = Method::Mail;
            if form.at.is_empty() {
                form.at = mail.at;
            }
        }
    }
}

fn talks(method: Method) -> bool {
    matches!(method, Method::WeChat | Method::Chat | Method::Sms)
}

/// What the text says of itself.
#[component]
pub(super) fn ReadFrom(
    /// The form.
    form: RwSignal<LogForm>,
) -> impl IntoView {
    let read = Memo::new(move |_| form.with(|form| paste::read(&form.content)));
    let open = Memo::new(move |_| form.with(|form| form.partner.is_none()));
    let clue = move |at: usize| Memo::new(move |_| read.with(|read| read.as_ref()?.clues().get(at).cloned()));
    let (first, second) = (clue(0), clue(1));
    let mail = Memo::new(move |_| match read.get() {
        Some(Pasted::Mail(mail)) => Some(mail),
        _ => None,
    });
    view! {
        {move || mail.get().map(|mail| view! { <MailLines mail=mail /> })}
        <Show when=move || open.get()>
            <Guess form=form clue=first />
            <Guess form=form clue=second />
        </Show>
    }
}

/// From whom to whom, when and about what.
#[component]
fn MailLines(mail: Mail) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let at = clock::from_local_input(&mail.at);
    let Mail { from, to, subject, .. } = mail;
    view! {
        <dl class="read-m" aria-label=text!(i18n, log.read.mail)>
            <Icon name="mail" />
            <dt class="sr">{text!(i18n, log.read.subject)}</dt>
            <dd><b>{subject}</b></dd>
            <dt class="sr">{text!(i18n, log.read.people)}</dt>
            <dd>{from}{(!to.is_empty()).then(|| format!(" → {to}"))}</dd>
            {at.map(|at| view! { <dt class="sr">{text!(i18n, log.time)}</dt><dd class="num">{move || format.when(at, When::Moment)}</dd> })}
        </dl>
    }
}

/// Who is known by a name or an address in the text.
#[component]
fn Guess(form: RwSignal<LogForm>, clue: Memo<Option<String>>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let found = session.watch_if::<Vec<PartnerRow>>(move || {
        Some(Query::Find { text: clue.get()?, limit: FOUND, kind: None })
    });
    let one = move |row: PartnerRow| {
        let PartnerRow { id, kind, name, aside, .. } = row;
        let shown = name.clone();
        let words = move || t_string!(i18n, log.read.about, name = shown.clone()).to_string();
        view! {
            <button class="hit read-g" type="button" on:click=move |_| form.update(|form| form.partner = Some(id))>
                <Monogram name=name kind=kind key=id.0 size=Size::Small />
                <span><b>{words}</b><span>{aside}</span></span>
            </button>
        }
    };
    move || {
        let rows = if clue.with(Option::is_some) { found.get().unwrap_or_default() } else { Vec::new() };
        rows.into_iter().take(1).map(one).collect_view()
    }
}
