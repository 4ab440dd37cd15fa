//! Script where words belong: it is words.

use super::super::person;
use super::super::sync::card;
use super::super::team::{Office, accept, invite, team};
use super::super::world::Device;
use super::scene::{all, whole};
use super::sees::Sees;
use crate::port::{Command, Role};
use satchel_domain::PartnerDraft;

/// What a browser would run if it were taken for HTML.
const SCRIPT: &str = "<img src=x onerror=alert(1)><script>alert(2)</script>javascript:alert(3)";

/// It comes out as it went in, on another person's device; that no screen runs it is a journey in a browser.
pub(super) async fn script_everywhere(sees: Sees) {
    let office = Office::open().await;
    let draft = PartnerDraft {
        note: SCRIPT.into(),
        website: SCRIPT.into(),
        tags: [SCRIPT.to_owned()].into(),
        ..person(SCRIPT, SCRIPT, SCRIPT)
    };
    let id = office.owner.created(Command::CreatePartner { draft: draft.clone() }).await;
    whole(&office.owner).await;
    let text = invite(&office.owner, Role::Editor).await;
    let device = Device::new(&office.server, &office.clock, 1_000_000);
    let tab = device.tab().await;
    tab.run(accept(text, SCRIPT)).await.expect("a name is words");
    sees.shown(&tab).await;
    assert_eq!(all(&tab).await, [SCRIPT.to_owned()].into());
    let shown = card(&tab, id).await;
    assert_eq!((&shown.note, &shown.website, &shown.tags), (&draft.note, &draft.website, &draft.tags));
    whole(&office.owner).await;
    assert!(team(&office.owner).await.members.iter().any(|member| member.name == SCRIPT));
}
