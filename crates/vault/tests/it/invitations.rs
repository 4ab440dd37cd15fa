//! A link is read whole or not at all, and a welcome opens with its link only.

use satchel_vault::{
    InvitationSecret, Keyring, LinkError, OpenError, SealError, SpaceKey, Welcome, open_name, open_welcome,
    seal_name, seal_welcome,
};
use satchel_wire::members::{EntryHash, Role};
use satchel_wire::{AccountId, SpaceId};

use crate::support::Counting;

fn welcome(entropy: &mut Counting, name: &str) -> Welcome {
    Welcome {
        name: name.to_owned(),
        key: SpaceKey::make(SpaceId([7; 16]), 1, entropy).unwrap(),
        n: 1,
        head: EntryHash([3; 32]),
        role: Role::Editor,
        inviter: AccountId([1; 16]),
        inviter_name: "Anna".to_owned(),
    }
}

#[test]
fn a_link_with_a_slip_is_told() {
    let secret = InvitationSecret::make(&mut Counting::default()).unwrap();
    let text = secret.text();
    assert_eq!(InvitationSecret::from_text(&text.to_uppercase()).as_ref(), Ok(&secret));
    assert_eq!(InvitationSecret::from_text(&format!(" {}\n", *text)).as_ref(), Ok(&secret));
    for at in 0..text.len() {
        let mut slip = text.as_bytes().to_vec();
        slip[at] = if slip[at] == b'0' { b'1' } else { b'0' };
        let slip = String::from_utf8(slip).unwrap();
        assert_eq!(InvitationSecret::from_text(&slip), Err(LinkError), "character {at}");
    }
    for cut in
        ["", "ab", &text[..38], &format!("{}00", *text), "z".repeat(40).as_str(), "+0".repeat(20).as_str()]
    {
        assert_eq!(InvitationSecret::from_text(cut), Err(LinkError), "{cut}");
    }
}

#[test]
fn a_welcome_opens_with_its_own_link_only() {
    let mut entropy = Counting::default();
    let [mine, other] = [(); 2].map(|()| InvitationSecret::make(&mut entropy).unwrap());
    let sealed = seal_welcome(&mine, &welcome(&mut entropy, "Rossi"), &mut entropy).unwrap();
    assert_eq!(open_welcome(&mine, &sealed).unwrap().name, "Rossi");
    assert_eq!(open_welcome(&other, &sealed).unwrap_err(), OpenError::Damaged);
    for at in 1..sealed.len() {
        let mut bent = sealed.clone();
        bent[at] ^= 1;
        assert_eq!(open_welcome(&mine, &bent).unwrap_err(), OpenError::Damaged, "byte {at}");
    }
    let newer = [&[2], &sealed[1..]].concat();
    assert_eq!(open_welcome(&mine, &newer).unwrap_err(), OpenError::Newer { format: 2 });
    let long = seal_welcome(&mine, &welcome(&mut entropy, &"x".repeat(5_000)), &mut entropy);
    assert!(matches!(long, Err(SealError::TooLarge { .. })));
}

#[test]
fn a_name_is_one_member_s() {
    let mut entropy = Counting::default();
    let key = SpaceKey::make(SpaceId([7; 16]), 1, &mut entropy).unwrap();
    let (anna, ben) = (AccountId([1; 16]), AccountId([2; 16]));
    let sealed = seal_name(&key, anna, "Anna", &mut entropy).unwrap();
    let mut ring = Keyring::default();
    ring.insert("Rossi", key).unwrap();
    assert_eq!(open_name(&ring, SpaceId([7; 16]), anna, &sealed).as_deref(), Ok("Anna"));
    assert_eq!(open_name(&ring, SpaceId([7; 16]), ben, &sealed), Err(OpenError::Damaged));
    let lacking = open_name(&Keyring::default(), SpaceId([7; 16]), anna, &sealed);
    assert!(matches!(lacking, Err(OpenError::NoKey { epoch: 1, .. })));
}
