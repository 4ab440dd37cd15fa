//! The sync centre: what waits, what to review, what was set aside, and how safely it is stored.

mod aside;
mod device;
mod files;
mod head;
mod lost;
mod review;
mod storage;
mod waiting;
mod words;

pub use device::AddDeviceSheet;

use self::aside::Aside;
use self::files::{Files, LostFiles};
use self::head::Head;
use self::lost::Lost;
use self::review::Review;
use self::storage::Storage;
use self::waiting::Waiting;
use crate::port::{Query, SyncPage};
use crate::ui::components::{Icon, Skeleton};
use crate::ui::i18n::use_i18n;
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;

/// The sync centre.
#[component]
pub fn SyncCentre() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let page = session.watch::<Box<SyncPage>>(|| Query::Sync);
    let here = Memo::new(move |_| page.with(Option::is_some));
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, sync.title) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, sync.title)>
                <Show when=move || here.get() fallback=|| view! { <div class="pad"><Skeleton lines=6 /></div> }>
                    <Page page />
                </Show>
            </div>
        </main>
    }
}

/// A part of the page that changes by itself, so that the others stay as they are.
fn part<T: Clone + PartialEq + Send + Sync + 'static>(
    page: ReadSignal<Option<Box<SyncPage>>>,
    pick: fn(&SyncPage) -> T,
) -> Memo<Option<T>> {
    Memo::new(move |_| page.with(|page| page.as_deref().map(pick)))
}

#[component]
fn Page(page: ReadSignal<Option<Box<SyncPage>>>) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let waiting = part(page, |page| page.waiting.clone());
    let count = part(page, |page| page.status.waiting);
    let review = part(page, |page| page.review.clone());
    let lost = part(page, |page| page.lost.clone());
    let aside = part(page, |page| page.aside.clone());
    let set_aside = part(page, |page| page.status.aside);
    let files = part(page, |page| page.files);
    let lost_files = part(page, |page| page.lost_files.clone());
    let storage = part(page, |page| (page.storage, page.persistent, page.records));
    view! {
        <div class="sync-g">
            <div class="sync-a">
                <Head page />
                {move || waiting.get().map(|groups| view! { <Waiting groups total=count.get().unwrap_or_default() /> })}
            </div>
            <div class="sync-b">
                <Files status=files />
                {move || lost_files.get().filter(|files| !files.is_empty()).map(|files| view! { <LostFiles files /> })}
                {move || review.get().filter(|items| !items.is_empty()).map(|items| view! { <Review items /> })}
                {move || lost.get().unwrap_or_default().into_iter().map(|item| view! { <Lost item /> }).collect_view()}
                {move || aside.get().filter(|items| !items.is_empty()).map(|items| view! { <Aside items total=set_aside.get().unwrap_or_default() /> })}
                <Show when=move || !session.is_sample()>
                    <section class="sec">
                        <div class="sec-h"><h2>{text!(i18n, sync.device.title)}</h2></div>
                        <a class="card way-s" href=move || nav.sheet_href(Sheet::AddDevice)>
                            <span class="dev"><Icon name="tablet" /></span>
                            <span class="row-b"><span>{text!(i18n, sync.device.text)}</span></span>
                            <Icon name="right" />
                        </a>
                    </section>
                </Show>
                {move || storage.get().map(|(used, kept, records)| view! { <Storage used kept records /> })}
            </div>
        </div>
    }
}
