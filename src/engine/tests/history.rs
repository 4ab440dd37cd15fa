//! Who changed what when, told on every device, and had back with one tap.

use super::sync::{Pair, card, edit, named_apart, pair, sync_page};
use super::world::{Network, PASSPHRASE, Tab};
use super::{person, run};
use crate::port::{Answer, Author, Command, History, HistoryKind, HistorySide, Query, Secret};
use satchel_domain::{RecordId, Value, field};

pub(super) async fn history(tab: &Tab, id: RecordId) -> History {
    match tab.ask(Query::History { id }).await {
        Answer::History(Some(history)) => *history,
        other => panic!("no history: {other:?}"),
    }
}

async fn restore(tab: &Tab, id: RecordId, at: usize, side: HistorySide) -> Option<crate::port::UndoToken> {
    let entry = history(tab, id).await.entries[at].key.clone();
    tab.run(Command::RestoreValue { record: id, entry, side }).await.expect("it is told").undo
}

#[test]
fn an_edit_is_told_on_both_devices_and_taken_back_from_the_other() {
    run(async {
        let Pair { on_a, on_b, .. } = pair().await;
        let id = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        assert!(history(&on_a, id).await.entries.is_empty(), "a new record has no past");
        edit(&on_a, id, |draft| draft.name = "Anna B.".into()).await;
        on_a.synced().await;
        on_b.synced().await;
        let (here, there) = (history(&on_a, id).await, history(&on_b, id).await);
        assert_eq!(here.created_by, Some(Author::ThisDevice));
        assert!(matches!(there.created_by, Some(Author::Other(_))));
        let [entry] = &there.entries[..] else { panic!("one change: {:?}", there.entries) };
        assert_eq!((&entry.before, &entry.after), (&"Anna".into(), &"Anna B.".into()));
        assert_eq!((entry.what, entry.stands, entry.broken), (HistoryKind::Edited, true, None));
        assert_eq!((here.entries[0].author.clone(), &here.entries[0].key), (Author::ThisDevice, &entry.key));
        let undo = restore(&on_b, id, 0, HistorySide::Before).await.expect("an edit can be taken back");
        assert_eq!(card(&on_b, id).await.name, "Anna");
        on_b.run(Command::Undo { token: undo }).await.expect("it is the last one");
        assert_eq!(card(&on_b, id).await.name, "Anna B.");
        on_b.synced().await;
        on_a.synced().await;
        assert_eq!(history(&on_a, id).await.entries.len(), 3, "each of it is told");
        assert_eq!(history(&on_a, id).await.entries.len(), history(&on_b, id).await.entries.len());
    });
}

#[test]
fn what_lost_is_told_everywhere_and_restored_with_one_tap_r37() {
    run(async {
        let (Pair { on_a, on_b, .. }, id) = named_apart().await;
        for tab in [&on_a, &on_b] {
            let entries = history(tab, id).await.entries;
            let told: Vec<_> =
                entries.iter().map(|entry| (entry.what, entry.after.clone(), entry.stands)).collect();
            let expected = [
                (HistoryKind::Edited, Value::from("Anna B"), true),
                (HistoryKind::Lost, Value::from("Anna A"), false),
            ];
            assert_eq!(told, expected, "the loss is told once, and as one");
        }
        restore(&on_a, id, 1, HistorySide::After).await.expect("can be taken back");
        assert_eq!(card(&on_a, id).await.name, "Anna A");
        on_a.synced().await;
        on_b.synced().await;
        assert_eq!(card(&on_b, id).await.name, "Anna A");
    });
}

#[test]
fn an_edit_before_a_crash_is_told_after_it() {
    run(async {
        let Pair { a, on_a, on_b, .. } = pair().await;
        let id = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        on_a.synced().await;
        a.network.set(Network::Down);
        edit(&on_a, id, |draft| draft.note = "offline".into()).await;
        drop(on_a);
        let on_a = a.tab().await;
        on_a.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right one");
        assert_eq!(history(&on_a, id).await.entries.len(), 1);
        assert_eq!(sync_page(&on_a).await.status.waiting, 1, "one record, to whoever looks");
        a.network.set(Network::Up);
        on_a.synced().await;
        on_b.synced().await;
        let entries = history(&on_b, id).await.entries;
        assert_eq!((entries.len(), entries[0].key.field.as_str()), (1, field::NOTE));
    });
}

#[test]
fn what_is_not_told_cannot_be_restored() {
    run(async {
        let Pair { on_a, .. } = pair().await;
        let id = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        edit(&on_a, id, |draft| draft.name = "Anna B".into()).await;
        let mut entry = history(&on_a, id).await.entries[0].key.clone();
        entry.field = field::NOTE.into();
        let command = Command::RestoreValue { record: id, entry, side: HistorySide::Before };
        assert!(on_a.run(command).await.is_err());
    });
}
