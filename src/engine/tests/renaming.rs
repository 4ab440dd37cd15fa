//! Somebody who takes another name in her team, and nobody else for her.

use super::sync::edit;
use super::team::{Office, id_of, past, refused, team};
use super::world::{Network, PASSPHRASE};
use super::{person, run};
use crate::port::{Author, Command, FailureCode, Nudge, Role, Secret, TeamChange};

fn renaming(name: &str) -> Command {
    Command::Team(TeamChange::Rename { name: name.into() })
}

#[test]
fn a_new_name_is_seen_by_everybody_and_stands_at_what_was_written_before() {
    run(async {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        let id = editor.created(Command::CreatePartner { draft: person("Rossi", "", "") }).await;
        edit(&editor, id, |draft| draft.note = "Mornings".into()).await;
        editor.synced().await;
        let emma = id_of(&editor, "Emma").await;
        editor.run(renaming("  Emma Bell ")).await.expect("it is her own");
        let mine = team(&editor).await.members.into_iter().find(|member| member.me).expect("herself");
        assert_eq!((mine.name.as_str(), mine.before.as_deref()), ("Emma Bell", Some("Emma")));
        office.owner.nudge(Nudge::Asked);
        let heard =
            async || team(&office.owner).await.members.iter().any(|member| member.name == "Emma Bell");
        office.owner.until_told(heard).await;
        assert_eq!(id_of(&office.owner, "Emma Bell").await, emma, "the same person");
        office.owner.synced().await;
        let told = past(&office.owner, id).await.entries;
        let by_her = |author: &Author| matches!(author, Author::Member(name, _) if name == "Emma Bell");
        assert!(!told.is_empty() && told.iter().all(|entry| by_her(&entry.author) && entry.broken.is_none()));
        device.network.set(Network::Down);
        let again = device.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        assert_eq!(id_of(&again, "Emma Bell").await, emma, "kept without the server too");
    });
}

#[test]
fn who_may_only_read_takes_a_name_too_and_it_has_to_be_one() {
    run(async {
        let office = Office::open().await;
        let (_device, viewer) = office.welcome("Vera", Role::Viewer, 1_000_000).await;
        for name in ["", "  ", &"x".repeat(101)] {
            assert_eq!(refused(&viewer, renaming(name)).await, FailureCode::Invalid, "{name}");
        }
        viewer.run(renaming(&"名".repeat(100))).await.expect("long, but a name");
        viewer.run(renaming("Vera B.")).await.expect("and another one");
        id_of(&viewer, "Vera B.").await;
    });
}

#[test]
fn a_change_right_after_unlocking_waits_for_the_sign_in() {
    run(async {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        drop(editor);
        let unlock = || Command::Unlock { passphrase: Secret(PASSPHRASE.into()) };
        let tab = device.tab().await;
        tab.run(unlock()).await.expect("her passphrase");
        tab.run(renaming("Emma Bell")).await.expect("it waited");
        drop(tab);
        device.network.set(Network::Down);
        let tab = device.tab().await;
        tab.run(unlock()).await.expect("without the server too");
        assert_eq!(refused(&tab, renaming("Emma Carr")).await, FailureCode::Unreachable);
    });
}
