//! Links of invitations after the server was put back to an older copy, which lacks what they lead to.

use super::team::{Office, accept, invite, refused};
use super::world::Device;
use super::{person, run};
use crate::port::{Command, FailureCode, Nudge, Role};
use std::sync::atomic::Ordering;

#[test]
fn a_link_lives_again_once_the_device_that_made_it_meets_the_server() {
    run(async {
        let office = Office::open().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        editor.synced().await;
        let copy = office.server.copy();
        let link = invite(&office.owner, Role::Viewer).await;
        office.owner.created(Command::CreatePartner { draft: person("Since", "", "") }).await;
        office.owner.synced().await;
        office.server.set_back(copy, &office.clock);
        let guest = Device::new(&office.server, &office.clock, 3_000_000);
        let tab = guest.tab().await;
        assert_eq!(refused(&tab, accept(link.clone(), "Gina")).await, FailureCode::InvitationGone);
        office.owner.nudge(Nudge::Asked);
        let lives = async || {
            office.clock.fetch_add(1_000, Ordering::Relaxed);
            tab.run(Command::ReadInvitation { invitation: link.clone() }).await.is_ok()
        };
        office.owner.until_told(lives).await;
        tab.run(accept(link.clone(), "Gina")).await.expect("the link lives again");
        tab.synced().await;
    });
}
