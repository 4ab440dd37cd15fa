//! A lost device: revoked, it hands over what it had not sent and erases itself; nothing is erased on a server's
//! word alone, and nothing that was not handed over.

use super::sync::{Pair, card, edit, pair, sync_page};
use super::ways::this_device;
use super::world::{Device, HANDOVER, Lie, Network, PASSPHRASE, Tab};
use super::{names, person, run};
use crate::engine::host::Response;
use crate::port::{
    Answer, Command, DeviceCard, Event, Nudge, Query, REACHED, Secret, Session, SyncPhase, SyncTrouble, VISIT,
};
use satchel_domain::Value;
use satchel_wire::{Revoke, to_cbor};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::Ordering;

const REVOKED: SyncPhase = SyncPhase::Trouble(SyncTrouble::Revoked);

pub(super) async fn devices(tab: &Tab) -> Vec<DeviceCard> {
    tab.run(Command::LookForDevices).await.expect("the server answers");
    match tab.ask(Query::Devices).await {
        Answer::Devices(cards) => cards,
        other => panic!("no devices: {other:?}"),
    }
}

pub(super) fn revoke(device: impl Into<String>) -> Command {
    Command::RevokeDevice { device: device.into(), passphrase: Secret(PASSPHRASE.into()) }
}

pub(super) async fn revoke_the_other(tab: &Tab) {
    let other = devices(tab)
        .await
        .into_iter()
        .find(|card| !card.this && card.revoked_at_ms.is_none())
        .expect("there is one");
    tab.run(revoke(other.id)).await.expect("another device");
}

/// The time passes after which a refused device asks again.
pub(super) fn comes_back(device: &Device, tab: &Tab) {
    device.network.set(Network::Up);
    device.clock.fetch_add(600_000, Ordering::Relaxed);
    tab.nudge(Nudge::Online);
}

/// The same, until the server has something of the handover; its answer is held.
pub(super) async fn comes_back_and_is_held(device: &Device, tab: &Tab) {
    device.held.set(Some(HANDOVER));
    comes_back(device, tab);
    tab.until_told(async || {
        tokio::task::yield_now().await;
        device.keeps.get()
    })
    .await;
}

pub(super) async fn erased(tab: &Tab) -> u32 {
    tab.until(|said| matches!(said.session, Some(Session::Erased { .. }))).await;
    match tab.said.borrow().session.clone() {
        Some(Session::Erased { handed, .. }) => handed,
        other => panic!("not erased: {other:?}"),
    }
}

async fn taken_in(tab: &Tab, device: &str, count: u32) {
    let told = Event::TakenIn { device: device.into(), count, drafts: 0, files: 0 };
    tab.until(|said| said.taken_in.as_ref() == Some(&told)).await;
}

#[test]
fn a_revoked_device_hands_over_what_it_had_not_sent_and_erases_itself() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        on_b.run(Command::NameDevice { device: this_device(&on_b).await, name: "Tablet in the van".into() })
            .await
            .expect("a name");
        let both = on_a.created(Command::CreatePartner { draft: person("Zhang San", "", "") }).await;
        on_a.synced().await;
        on_b.synced().await;
        b.network.set(Network::Down);
        on_b.created(Command::CreatePartner { draft: person("Sun Qi", "", "") }).await;
        edit(&on_b, both, |draft| draft.position = "Buyer".into()).await;
        edit(&on_a, both, |draft| draft.note = "Prefers mornings".into()).await;
        revoke_the_other(&on_a).await;
        on_a.synced().await;
        comes_back(&b, &on_b);
        assert_eq!(erased(&on_b).await, 2);
        assert!(!b.has_a_workspace(), "nothing of it is left");
        a.clock.fetch_add(1, Ordering::Relaxed);
        let told = devices(&on_a).await;
        taken_in(&on_a, "Tablet in the van", 2).await;
        assert!(told.iter().any(|card| card.revoked_at_ms.is_some() && card.waiting == 0));
        assert_eq!(names(&on_a, "Sun").await, ["Sun Qi"]);
        let joined = card(&on_a, both).await;
        assert_eq!((joined.position.as_str(), joined.note.as_str()), ("Buyer", "Prefers mornings"));
        on_a.synced().await;
        // It is taken in once, and a fresh tab of the emptied device has nothing to open.
        on_a.said.borrow_mut().taken_in = None;
        devices(&on_a).await;
        assert_eq!(on_a.said.borrow().taken_in, None);
        let again = b.tab().await;
        assert_eq!(again.said.borrow().session, Some(Session::None));
    });
}

const NEW_CUSTOMER: &str = "partner/new";

pub(super) async fn begins(tab: &Tab, key: &str, text: &str) {
    tab.run(Command::KeepDraft { key: key.into(), text: text.into() }).await.expect("kept");
}

pub(super) async fn begun(tab: &Tab, key: &str) -> String {
    match tab.ask(Query::Draft { key: key.into() }).await {
        Answer::Draft(text) => text,
        other => panic!("no draft: {other:?}"),
    }
}

/// What was begun on a revoked device is there on the next one, with the numbers told.
async fn hands_over(pair: &Pair, records: u32, drafts: u32) {
    let Pair { a, b, on_a, on_b } = pair;
    revoke_the_other(on_a).await;
    comes_back(b, on_b);
    on_b.until(|said| matches!(said.session, Some(Session::Erased { .. }))).await;
    let said = on_b.said.borrow().session.clone();
    let told = matches!(said, Some(Session::Erased { handed, drafts: begun, .. }) if (handed, begun) == (records, drafts));
    assert!(told, "{said:?}");
    a.clock.fetch_add(1, Ordering::Relaxed);
    devices(on_a).await;
    on_a.until(|said| {
        matches!(said.taken_in, Some(Event::TakenIn { count, drafts: begun, .. }) if (count, begun) == (records, drafts))
    })
    .await;
}

/// A form that was begun and not saved is on this device alone, and nothing else has to be unsent.
#[test]
fn a_form_that_was_begun_is_handed_over_and_opens_on_the_other_device_r147() {
    run(async {
        let pair = pair().await;
        begins(&pair.on_b, NEW_CUSTOMER, "Half Typed Draft").await;
        hands_over(&pair, 0, 1).await;
        assert!(!pair.b.has_a_workspace());
        assert_eq!(begun(&pair.on_a, NEW_CUSTOMER).await, "Half Typed Draft");
    });
}

/// A visit under way and "Log call?" lie beside the drafts: they go along, and are not told as forms.
#[test]
fn a_visit_under_way_is_handed_over_and_is_no_form_r147() {
    run(async {
        let pair = pair().await;
        begins(&pair.on_b, VISIT, "since nine").await;
        begins(&pair.on_b, REACHED, "called at ten").await;
        hands_over(&pair, 0, 0).await;
        assert_eq!(begun(&pair.on_a, VISIT).await, "since nine");
        assert_eq!(begun(&pair.on_a, REACHED).await, "called at ten");
    });
}

/// What is typed in another tab while the server is being told goes after it, before anything is erased.
#[test]
fn what_another_tab_of_a_revoked_device_kept_last_is_handed_over_too_r147() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        let other = b.tab().await;
        other.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
        revoke_the_other(&on_a).await;
        comes_back_and_is_held(&b, &on_b).await;
        begins(&other, NEW_CUSTOMER, "Typed at the last moment").await;
        b.held.set(None);
        drop(other);
        assert_eq!(erased(&on_b).await, 0);
        a.clock.fetch_add(1, Ordering::Relaxed);
        devices(&on_a).await;
        on_a.until(|said| matches!(said.taken_in, Some(Event::TakenIn { drafts: 1, .. }))).await;
        assert_eq!(begun(&on_a, NEW_CUSTOMER).await, "Typed at the last moment");
    });
}

/// Neither takes the other's place: what is begun here comes first, and the other stands in the form after it.
#[test]
fn a_form_that_was_begun_on_both_devices_opens_with_one_after_the_other() {
    run(async {
        let pair = pair().await;
        begins(&pair.on_b, NEW_CUSTOMER, "Half Typed Draft").await;
        begins(&pair.on_a, NEW_CUSTOMER, "Begun here").await;
        hands_over(&pair, 0, 1).await;
        let on_a = &pair.on_a;
        assert_eq!(begun(on_a, NEW_CUSTOMER).await, "Begun here");
        let open = on_a.watch(Query::Draft { key: NEW_CUSTOMER.into() });
        let shows = async |text: &str| {
            let text = Answer::Draft(text.into());
            on_a.until(|said| said.answers.get(&open) == Some(&text)).await;
        };
        shows("Begun here").await;
        begins(on_a, NEW_CUSTOMER, "").await;
        shows("").await;
        // A form that stands open is not written over, and does not write over.
        begins(on_a, NEW_CUSTOMER, "Typed on").await;
        begins(on_a, NEW_CUSTOMER, "").await;
        assert_eq!(begun(on_a, "task/new").await, "", "it is of another form");
        assert_eq!(begun(on_a, NEW_CUSTOMER).await, "Half Typed Draft");
        begins(on_a, NEW_CUSTOMER, "").await;
        assert_eq!(begun(on_a, NEW_CUSTOMER).await, "", "it is given once");
    });
}

/// What two devices changed at once is asked on the device that noticed; nobody else would ever ask.
#[test]
fn what_a_revoked_device_was_asked_is_asked_on_the_other_while_nobody_decided() {
    run(async {
        let pair = pair().await;
        let Pair { b, on_a, on_b, .. } = &pair;
        let anna = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        let bo = on_a.created(Command::CreatePartner { draft: person("Bo", "", "") }).await;
        on_a.synced().await;
        on_b.synced().await;
        b.network.set(Network::Down);
        for id in [anna, bo] {
            edit(on_a, id, |draft| draft.position = "Buyer".into()).await;
            edit(on_b, id, |draft| draft.position = "Seller".into()).await;
        }
        on_a.synced().await;
        b.network.set(Network::Up);
        on_b.nudge(Nudge::Online);
        on_b.until(|said| said.sync.is_some_and(|sync| sync.review == 2)).await;
        on_b.synced().await;
        on_a.nudge(Nudge::Asked);
        on_a.synced().await;
        edit(on_a, bo, |draft| draft.position = "Owner".into()).await;
        on_a.synced().await;
        assert_eq!(sync_page(on_a).await.review, [], "it noticed nothing");
        hands_over(&pair, 0, 0).await;
        let asked = sync_page(on_a).await.review;
        assert_eq!(asked.iter().map(|item| item.id).collect::<Vec<_>>(), [anna], "Bo was decided since");
        let sides = (&asked[0].mine.value, &asked[0].theirs.value);
        assert_eq!(sides, (&Value::Text("Buyer".into()), &Value::Text("Seller".into())), "as seen from here");
    });
}

/// Whichever is looked at first is damaged at the server, and keeps no other back.
#[test]
fn a_handover_that_cannot_be_read_keeps_no_other_back() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        let (c, code) = (a.beside(9_000_000), Secret(on_a.device_code().await));
        let on_c = c.tab().await;
        let join = Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) };
        on_c.run(join).await.expect("the server knows the account");
        on_c.synced().await;
        a.lied_to(damaging(|_| true));
        for (device, tab) in [(&b, &on_b), (&c, &on_c)] {
            begins(tab, NEW_CUSTOMER, "Half Typed Draft").await;
            revoke_the_other(&on_a).await;
            comes_back(device, tab);
            assert_eq!(erased(tab).await, 0);
        }
        let first = std::cell::RefCell::new(None);
        let is_first = move |path: &str| first.borrow_mut().get_or_insert_with(|| path.to_owned()) == path;
        a.lied_to(damaging(is_first));
        a.clock.fetch_add(1, Ordering::Relaxed);
        devices(&on_a).await;
        on_a.until(|said| matches!(said.taken_in, Some(Event::TakenIn { drafts: 1, .. }))).await;
        assert_eq!(begun(&on_a, NEW_CUSTOMER).await, "Half Typed Draft");
    });
}

/// Damages what was handed over, as it is asked for under these paths.
fn damaging(is_meant: impl Fn(&str) -> bool + 'static) -> Lie {
    Rc::new(move |call, mut answer| {
        let asks = call.path.starts_with("/v1/handover/") && call.body.is_none();
        if asks && is_meant(&call.path) {
            answer.body = vec![0];
        }
        answer
    })
}

#[test]
fn a_revoked_device_with_nothing_unsent_erases_itself() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        revoke_the_other(&on_a).await;
        comes_back(&b, &on_b);
        assert_eq!(erased(&on_b).await, 0);
        assert!(!b.has_a_workspace());
    });
}

/// The server refuses to let the device in, and shows a revocation that is well formed: signed by somebody else's
/// way in, or of another device.
#[test]
fn a_revocation_that_the_account_did_not_sign_for_this_device_erases_nothing() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        on_b.created(Command::CreatePartner { draft: person("Sun Qi", "", "") }).await;
        on_b.synced().await;
        let stranger = b.another(9).await;
        stranger.create_workspace().await;
        let (account, device) = (on_b.account(), on_b.device());
        for said in
            [stranger.signs_revocation(account, device), on_a.signs_revocation(account, on_a.device())]
        {
            let asked = Rc::new(Cell::new(0));
            b.lied_to(revoking(said, Rc::clone(&asked)));
            let on_b = b.tab().await;
            on_b.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
            on_b.until(|_| asked.get() > 0).await;
            on_b.until(|said| said.sync.as_ref().is_some_and(|sync| sync.phase == REVOKED)).await;
            for _ in 0..5_000 {
                tokio::task::yield_now().await;
            }
            assert_eq!(names(&on_b, "Sun").await, ["Sun Qi"]);
            assert!(b.has_a_workspace(), "nothing is erased");
        }
        b.lied_to(revoking(on_a.signs_revocation(account, device), Rc::default()));
        let on_b = b.tab().await;
        on_b.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
        assert_eq!(erased(&on_b).await, 0, "the account's own word is believed");
    });
}

/// Lets nobody in, and answers what is handed over with this word; counts how often it did.
fn revoking(said: Revoke, asked: Rc<Cell<u32>>) -> Lie {
    Rc::new(move |call, answer| match call.path.as_str() {
        "/v1/sessions" => {
            let body = br#"{"type":"urn:satchel:problem:revoked"}"#.to_vec();
            Response { status: 403, media_type: "application/problem+json".into(), body, ..answer }
        }
        "/v1/handover" => {
            asked.set(asked.get() + 1);
            let body = to_cbor(&said);
            Response { status: 200, media_type: satchel_wire::CBOR.into(), body, ..answer }
        }
        _ => answer,
    })
}

#[test]
fn a_server_that_only_says_revoked_erases_nothing() {
    run(async {
        let Pair { b, on_b, .. } = pair().await;
        b.network.set(Network::Down);
        on_b.created(Command::CreatePartner { draft: person("Sun Qi", "", "") }).await;
        drop(on_b);
        let on_b = b.tab().await;
        on_b.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
        b.network.set(Network::Revoked);
        b.clock.fetch_add(600_000, Ordering::Relaxed);
        on_b.nudge(Nudge::Online);
        on_b.until(|said| said.sync.as_ref().is_some_and(|sync| sync.phase == REVOKED)).await;
        for _ in 0..5_000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(names(&on_b, "Sun").await, ["Sun Qi"], "it stays, and is tried again");
        assert!(b.has_a_workspace());
    });
}
