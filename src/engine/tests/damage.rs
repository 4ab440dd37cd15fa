//! A damaged part of this device's store: what was never sent is told, by name, until the person has put it away.

use super::import::bring;
use super::review::page;
use super::world::{Device, Network, PASSPHRASE, Tab};
use super::{alone, partners, run};
use crate::port::{Answer, Command, PartnerFilter, PartnerSort, Query, Secret, Window};
use satchel_domain::RecordId;
use satchel_replica::{Changeset, PageChange, PageKey, PageKind, Store};
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

async fn unlocked(device: &Device) -> Tab {
    let tab = device.tab().await;
    tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right one");
    tab
}

/// The first of the list, if anybody is in it.
async fn first(tab: &Tab) -> Option<RecordId> {
    let window = Window { offset: 0, limit: 1 };
    let (filter, sort) = (PartnerFilter::default(), PartnerSort::Name);
    match tab.ask(Query::Partners { filter, sort, window }).await {
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
                let there = page(&tab).await;
                !there.lost.is_empty() && there.status.review == 1
            };
            tab.until_told(told).await;
            let there = page(&tab).await;
            let [lost] = there.lost.as_slice() else { panic!("one, {kind:?}") };
            assert_eq!((lost.count, there.status.review, there.status.waiting), (100, 1, 0), "{kind:?}");
            assert!(lost.groups.iter().all(|group| group.partner.starts_with("Customer ")), "{kind:?}");
            assert!(lost.groups.len() > 10 && lost.groups.iter().all(|group| group.partner_id.is_none()));
            let key = lost.key.clone();
            drop(tab);
            let tab = unlocked(&device).await;
            assert_eq!(partners(&tab).await, 0, "nothing stands in the list that cannot be opened, {kind:?}");
            tab.until_told(async || page(&tab).await.status.review == 1).await;
            tab.run(Command::PutAwayLost { key }).await.expect("it is told");
            let there = page(&tab).await;
            assert_eq!((there.lost.len(), there.status.review), (0, 0), "{kind:?}");
        }
    });
}
