//! Passkeys: added offline, opening without a network, known to the server later, and taken away again.

use super::beside::territories;
use super::sync::{Pair, pair};
use super::team::Office;
use super::world::{Device, Network, PASSPHRASE, Tab};
use super::{alone, names, person, run};
use crate::port::{
    Answer, Command, FailureCode, Outcome, PasskeyAnswer, PasskeyAsk, PasskeyCard, Query, Secret, Session,
};

fn secret(text: &str) -> Secret {
    Secret(text.to_owned())
}

/// A platform's passkey: for one input always the same answer.
#[derive(Clone, Copy)]
struct Key(u8);

impl Key {
    fn answers(self, ask: &PasskeyAsk) -> PasskeyAnswer {
        let hex = ask.input.iter().map(|byte| format!("{:02x}", byte ^ self.0)).collect();
        PasskeyAnswer { credential: vec![self.0; 16], answer: Secret(hex) }
    }
}

async fn asked(tab: &Tab, passphrase: &str) -> Result<PasskeyAsk, FailureCode> {
    match tab.run(Command::AskPasskey { passphrase: secret(passphrase) }).await {
        Ok(done) => match done.outcome {
            Outcome::AskPasskey(ask) => Ok(ask),
            other => panic!("nothing to ask: {other:?}"),
        },
        Err(failure) => Err(failure.code),
    }
}

async fn add(tab: &Tab, key: Key) {
    let ask = asked(tab, PASSPHRASE).await.expect("the passphrase is right");
    let keep = Command::KeepPasskey { answered: key.answers(&ask), passphrase: secret(PASSPHRASE) };
    tab.run(keep).await.expect("kept");
}

async fn cards(tab: &Tab) -> Vec<PasskeyCard> {
    match tab.ask(Query::Account).await {
        Answer::Account(card) => card.passkeys,
        other => panic!("not an account: {other:?}"),
    }
}

/// What the lock screen of a fresh tab may ask.
fn offered(tab: &Tab) -> Option<PasskeyAsk> {
    match tab.said.borrow().session.clone() {
        Some(Session::Locked { passkeys, .. }) => passkeys,
        other => panic!("not locked: {other:?}"),
    }
}

async fn unlock(device: &Device, key: Key) -> Result<Tab, FailureCode> {
    let tab = device.tab().await;
    let ask = offered(&tab).ok_or(FailureCode::NotFound)?;
    let answered = key.answers(&ask);
    tab.run(Command::UnlockByPasskey(answered)).await.map(|_| tab).map_err(|failure| failure.code)
}

async fn told_to_the_server(tab: &Tab) {
    for _ in 0..100 {
        tab.synced().await;
        if !matches!(tab.ask(Query::Account).await, Answer::Account(card) if card.unsent) {
            return;
        }
    }
    panic!("the server was never told");
}

#[test]
fn a_passkey_that_was_added_offline_opens_offline_and_signs_in_later() {
    run(async {
        let (device, tab) = alone().await;
        tab.synced().await;
        assert_eq!(offered_after(&device).await, None, "no passkey, nothing offered");
        device.network.set(Network::Down);
        assert_eq!(asked(&tab, "not the passphrase").await.err(), Some(FailureCode::WrongPassphrase));
        add(&tab, Key(7)).await;
        assert!(cards(&tab).await.iter().all(|card| card.here));
        drop(tab);
        let tab = unlock(&device, Key(7)).await.expect("opens without a network");
        tab.created(Command::CreatePartner { draft: person("Zhang San", "", "") }).await;
        device.network.set(Network::Up);
        told_to_the_server(&tab).await;
        drop(tab);
        let tab = unlock(&device, Key(7)).await.expect("the server knows it now");
        tab.synced().await;
        assert_eq!(names(&tab, "Zhang").await, ["Zhang San"]);
    });
}

async fn offered_after(device: &Device) -> Option<PasskeyAsk> {
    offered(&device.tab().await)
}

#[test]
fn another_passkey_s_answer_opens_nothing() {
    run(async {
        let (device, tab) = alone().await;
        add(&tab, Key(7)).await;
        drop(tab);
        let refused = unlock(&device, Key(8)).await.err();
        assert_eq!(refused, Some(FailureCode::WrongPasskey), "a passkey that was never added");
        let tab = device.tab().await;
        let ask = offered(&tab).expect("there is one");
        for answer in [String::new(), "0g".repeat(32), "00".repeat(32)] {
            let answered = PasskeyAnswer { credential: vec![7; 16], answer: Secret(answer) };
            let refused = tab.run(Command::UnlockByPasskey(answered)).await.err().map(|it| it.code);
            assert_eq!(refused, Some(FailureCode::WrongPasskey));
        }
        tab.run(Command::UnlockByPasskey(Key(7).answers(&ask)))
            .await
            .expect("the right one is not kept waiting");
    });
}

#[test]
fn a_passkey_that_was_removed_opens_nothing_and_the_passphrase_stays() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        add(&on_a, Key(7)).await;
        told_to_the_server(&on_a).await;
        drop(on_a);
        let on_a = unlock(&a, Key(7)).await.expect("it opens");
        on_b.synced().await;
        // Who came by the passkey takes it away herself: she is let in by the passphrase from then on.
        let slot = cards(&on_a).await[0].slot;
        let remove = |passphrase: &str| Command::RemovePasskey { slot, passphrase: secret(passphrase) };
        let wrong = on_a.run(remove("not the passphrase")).await.err().map(|failure| failure.code);
        assert_eq!(wrong, Some(FailureCode::WrongPassphrase));
        on_a.run(remove(PASSPHRASE)).await.expect("the passphrase is right");
        told_to_the_server(&on_a).await;
        on_a.created(Command::CreatePartner { draft: person("Li Si", "", "") }).await;
        on_a.synced().await;
        drop(on_a);
        assert_eq!(unlock(&a, Key(7)).await.err(), Some(FailureCode::NotFound), "nothing is offered");
        let on_a = a.tab().await;
        on_a.run(Command::Unlock { passphrase: secret(PASSPHRASE) }).await.expect("the way that stays");
        on_a.synced().await;
        on_b.synced().await;
        assert_eq!(names(&on_b, "Li").await, ["Li Si"]);
        drop(b);
    });
}

#[test]
fn a_passkey_of_one_device_is_listed_on_the_other_and_can_be_removed_there() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        add(&on_a, Key(7)).await;
        told_to_the_server(&on_a).await;
        drop(on_b);
        let on_b = b.tab().await;
        assert_eq!(offered(&on_b), None, "the platform of the other device has no such passkey");
        on_b.run(Command::Unlock { passphrase: secret(PASSPHRASE) }).await.expect("opens");
        on_b.synced().await;
        let listed = cards(&on_b).await;
        assert!(listed.len() == 1 && !listed[0].here);
        let remove = Command::RemovePasskey { slot: listed[0].slot, passphrase: secret(PASSPHRASE) };
        on_b.run(remove).await.expect("removed");
        told_to_the_server(&on_b).await;
        drop(on_a);
        let on_a = a.tab().await;
        on_a.run(Command::Unlock { passphrase: secret(PASSPHRASE) }).await.expect("opens");
        told_to_the_server(&on_a).await;
        assert_eq!(cards(&on_a).await, []);
        drop(on_a);
        assert_eq!(offered_after(&a).await, None, "told by the server that it is gone");
    });
}

#[test]
fn there_are_only_so_many_passkeys() {
    run(async {
        let (_device, tab) = alone().await;
        for key in 1..=8 {
            add(&tab, Key(key)).await;
        }
        assert_eq!(asked(&tab, PASSPHRASE).await.err(), Some(FailureCode::TooManyPasskeys));
        told_to_the_server(&tab).await;
    });
}

#[test]
fn a_passkey_that_was_taken_away_opens_no_workspace_of_this_device_r98() {
    run(async {
        let Office { owner: tab, device, .. } = Office::open().await;
        let (north, _) = territories(&tab).await;
        device.network.set(Network::Down);
        let at_north = async || offered(&device.tab_that_remembers(Some(north.clone())).await);
        assert_eq!(at_north().await, None);
        add(&tab, Key(7)).await;
        assert!(at_north().await.is_some(), "added in one, it opens both");
        let slot = cards(&tab).await[0].slot;
        let removing = Command::RemovePasskey { slot, passphrase: secret(PASSPHRASE) };
        tab.run(removing).await.expect("the passphrase is right");
        assert_eq!(at_north().await, None);
    });
}
