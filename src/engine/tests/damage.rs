//! A damaged part of this device's store: what was never sent is told, by name, until the person has put it away.

use super::import::bring;
use super::sync::sync_page;
use super::world::{Device, Network, PASSPHRASE, Tab};
use super::{alone, names, partners, person, run};
use crate::port::{
    Answer, Command, FailureCode, Nudge, Outcome, PartnerFilter, PartnerSort, Query, Rows, Secret, Session,
    Window,
};
use satchel_domain::RecordId;
use satchel_replica::{Changeset, PageChange, PageKey, PageKind, Store, to_wire};
use std::sync::atomic::Ordering;

/// Overwrites the pages of a kind with bytes that nothing sealed.
async fn damage(device: &Device, kind: PageKind) {
    for store in device.stores() {
        let numbers = store.page_numbers(kind).await.expect("reads");
        let over = store.counts().await.expect("reads").pages.generation;
        let writes = numbers.into_iter().map(|number| (PageKey { kind, number }, vec![1; 90])).collect();
        let pages = Some(PageChange { over, writes, ..PageChange::default() });
        store.commit(Changeset { pages, ..Changeset::default() }).await.expect("writes");
    }
}

/// Overwrites 21 bytes of the row of a record, as a failing disk does.
async fn damage_row(device: &Device, id: RecordId) {
    for store in device.stores() {
        let Some(row) = store.get(&[to_wire(id)]).await.expect("reads").pop() else { continue };
        let mut bytes = row.encode();
        bytes[..21].fill(0xEE);
        store.lay_bytes(row.id, &bytes);
    }
}

async fn unlocked(device: &Device) -> Tab {
    let tab = device.tab().await;
    tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right one");
    tab
}

/// The first of the list, if anybody is in it.
async fn first(tab: &Tab) -> Option<RecordId> {
    let window = Window { offset: 0, limit: 1 };
    let (filter, sort) = (PartnerFilter::default(), PartnerSort::Name);
    match tab.ask(Query::Partners { filter, sort, window, rows: Rows::Lines }).await {
        Answer::Partners(list) => list.rows.first().map(|row| row.id),
        other => panic!("not a list: {other:?}"),
    }
}

#[test]
fn what_was_lost_before_it_was_sent_is_told_by_name_until_it_is_put_away() {
    run(async {
        for kind in [PageKind::Cards, PageKind::Bodies] {
            let (device, tab) = alone().await;
            tab.synced().await;
            device.network.set(Network::Down);
            bring(&tab, 100).await;
            drop(tab);
            damage(&device, kind).await;
            let tab = unlocked(&device).await;
            // The bodies are met when one is looked at.
            if let Some(id) = first(&tab).await {
                tab.ask(Query::Partner { id }).await;
            }
            // Damaged pages are taken away while nothing else happens.
            let told = async || {
                device.clock.fetch_add(500, Ordering::Relaxed);
                let there = sync_page(&tab).await;
                !there.lost.is_empty() && there.status.review == 1
            };
            tab.until_told(told).await;
            let there = sync_page(&tab).await;
            let [lost] = there.lost.as_slice() else { panic!("one, {kind:?}") };
            assert_eq!((lost.count, there.status.review, there.status.waiting), (100, 1, 0), "{kind:?}");
            assert!(lost.groups.iter().all(|group| group.partner.starts_with("Customer ")), "{kind:?}");
            assert!(lost.groups.len() > 10 && lost.groups.iter().all(|group| group.partner_id.is_none()));
            let key = lost.key.clone();
            drop(tab);
            let tab = unlocked(&device).await;
            assert_eq!(partners(&tab).await, 0, "nothing stands in the list that cannot be opened, {kind:?}");
            tab.until_told(async || sync_page(&tab).await.status.review == 1).await;
            tab.run(Command::PutAwayLost { key }).await.expect("it is told");
            let there = sync_page(&tab).await;
            assert_eq!((there.lost.len(), there.status.review), (0, 0), "{kind:?}");
        }
    });
}

/// R111: three customers, the last of them never sent.
async fn three() -> (Device, Tab, [RecordId; 3]) {
    let (device, tab) = alone().await;
    let create = async |name: &str| tab.created(Command::CreatePartner { draft: person(name, "", "") }).await;
    let (ada, bo) = (create("Ada").await, create("Bo").await);
    tab.synced().await;
    device.network.set(Network::Down);
    let cy = create("Cy").await;
    (device, tab, [ada, bo, cy])
}

#[test]
fn r111_a_damaged_synced_row_keeps_nobody_out_and_nothing_else_away() {
    run(async {
        let (device, tab, [ada, ..]) = three().await;
        drop(tab);
        damage_row(&device, ada).await;
        let tab = unlocked(&device).await;
        assert_eq!((partners(&tab).await, names(&tab, "cy").await), (2, vec!["Cy".to_owned()]));
        device.network.set(Network::Up);
        tab.nudge(Nudge::Asked);
        tab.until_told(async || names(&tab, "ada").await == ["Ada"]).await;
        tab.synced().await;
        let there = sync_page(&tab).await;
        assert_eq!((partners(&tab).await, there.lost.len(), there.status.waiting), (3, 0, 0));
    });
}

#[test]
fn r111_a_damaged_unsent_row_is_told_until_it_is_put_away() {
    run(async {
        let (device, tab, [.., cy]) = three().await;
        drop(tab);
        damage_row(&device, cy).await;
        let tab = unlocked(&device).await;
        assert_eq!(partners(&tab).await, 2);
        let told = async || {
            device.clock.fetch_add(500, Ordering::Relaxed);
            sync_page(&tab).await.status.review == 1
        };
        tab.until_told(told).await;
        let there = sync_page(&tab).await;
        let [lost] = there.lost.as_slice() else { panic!("one") };
        assert_eq!((lost.count, lost.groups.len(), there.status.waiting), (1, 0, 0));
        tab.run(Command::PutAwayLost { key: lost.key.clone() }).await.expect("it is told");
        assert_eq!(sync_page(&tab).await.lost.len(), 0);
    });
}

/// The customer's page is the server's, and the card says of whom an edit is lost.
#[test]
fn r111_a_damaged_edit_is_told_by_the_name_of_what_the_server_has() {
    run(async {
        let (device, tab, [ada, ..]) = three().await;
        let Answer::Partner(Some(card)) = tab.ask(Query::Partner { id: ada }).await else {
            panic!("no card")
        };
        let seen = card.partner.card;
        let draft = satchel_domain::PartnerDraft { note: "likes tea".into(), ..seen.clone() };
        tab.run(Command::EditPartner { id: ada, seen, draft }).await.expect("valid");
        drop(tab);
        damage_row(&device, ada).await;
        device.network.set(Network::Up);
        let tab = unlocked(&device).await;
        tab.synced().await;
        tab.until_told(async || sync_page(&tab).await.status.review == 1).await;
        let there = sync_page(&tab).await;
        let [lost] = there.lost.as_slice() else { panic!("one") };
        assert_eq!((partners(&tab).await, lost.count, lost.groups.len()), (3, 1, 1));
        assert_eq!(lost.groups[0].title, "Ada");
    });
}

#[test]
fn r111_where_nothing_opens_it_is_said_where_it_can_be_saved_and_tried_again() {
    run(async {
        let (device, tab, _) = three().await;
        drop(tab);
        let stores = device.stores();
        let meta = stores[0].meta().await.expect("reads").expect("is there");
        let mut keyring = meta.keyring.clone();
        keyring.iter_mut().rev().take(9).for_each(|byte| *byte ^= 0xEE);
        let bad = satchel_replica::Meta { keyring, revision: meta.revision + 1, ..meta.clone() };
        stores[0].commit(Changeset { meta: Some(bad), ..Changeset::default() }).await.expect("writes");
        let tab = device.tab().await;
        let unlock = || Command::Unlock { passphrase: Secret(PASSPHRASE.into()) };
        let failed = tab.run(unlock()).await.expect_err("it does not open");
        assert_eq!(failed.code, FailureCode::StorageDamaged);
        let unusable = Session::Unusable(FailureCode::StorageDamaged);
        tab.until(|said| said.session == Some(unusable.clone())).await;
        let file = tab.run(Command::SaveSealed).await.expect("it is there").outcome;
        assert!(matches!(file, Outcome::Sealed(bytes) if !bytes.is_empty()));
        let mended = satchel_replica::Meta { revision: meta.revision + 2, ..meta };
        stores[0].commit(Changeset { meta: Some(mended), ..Changeset::default() }).await.expect("writes");
        tab.run(unlock()).await.expect("it opens by now");
        assert_eq!(names(&tab, "cy").await, ["Cy"]);
    });
}
