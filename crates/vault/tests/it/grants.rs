//! A grant opens for one member, in one space and epoch; what lies beside it leads back, never forward.

use satchel_vault::{
    AccountKey, Commitment, GrantError, Identity, NoEntropy, SpaceKey, TakeError, open_grant, open_previous,
    seal_grant, seal_previous,
};
use satchel_wire::{AccountId, SpaceId};

use crate::support::{Counting, Fixed};

const SPACE: SpaceId = SpaceId([7; 16]);
const ANNA: AccountId = AccountId([1; 16]);
const BEN: AccountId = AccountId([2; 16]);

fn world() -> (Identity, Identity, SpaceKey, Counting) {
    let mut entropy = Counting::default();
    let mut identity = || Identity::derive(&AccountKey::make(&mut entropy).unwrap());
    let (anna, ben) = (identity(), identity());
    let key = SpaceKey::make(SPACE, 2, &mut entropy).unwrap();
    (anna, ben, key, entropy)
}

#[test]
fn a_grant_opens_for_its_member_space_and_epoch_only() {
    let (anna, ben, key, mut entropy) = world();
    let sealed = seal_grant(&key, ANNA, &anna.public().receive, &mut entropy).unwrap();
    let open = |identity, account, place| open_grant(&sealed, identity, account, place, key.commitment());
    assert!(open(&anna, ANNA, (SPACE, 2)).is_ok());
    for (who, account, place) in [
        (&ben, ANNA, (SPACE, 2)),
        (&anna, BEN, (SPACE, 2)),
        (&anna, ANNA, (SpaceId([8; 16]), 2)),
        (&anna, ANNA, (SPACE, 3)),
    ] {
        assert_eq!(open(who, account, place).unwrap_err(), TakeError::Damaged);
    }
    let other = Commitment([0; 32]);
    let wrong = open_grant(&sealed, &anna, ANNA, (SPACE, 2), other).unwrap_err();
    assert_eq!(wrong, TakeError::Commitment { epoch: 2 });
}

#[test]
fn a_bent_or_newer_grant_is_told() {
    let (anna, _, key, mut entropy) = world();
    let sealed = seal_grant(&key, ANNA, &anna.public().receive, &mut entropy).unwrap();
    let open = |sealed: &[u8]| open_grant(sealed, &anna, ANNA, (SPACE, 2), key.commitment()).map(|_| ());
    for at in 1..sealed.len() {
        let mut bent = sealed.clone();
        bent[at] ^= 1;
        assert_eq!(open(&bent), Err(TakeError::Damaged), "byte {at}");
    }
    for len in 0..sealed.len() {
        assert_eq!(open(&sealed[..len]), Err(TakeError::Damaged), "{len} bytes");
    }
    assert_eq!(open(&[&[2], &sealed[1..]].concat()), Err(TakeError::Newer { format: 2 }));
}

#[test]
fn the_key_before_opens_under_the_new_one_and_never_the_other_way() {
    let (_, _, new, mut entropy) = world();
    let before = SpaceKey::make(SPACE, 1, &mut entropy).unwrap();
    let sealed = seal_previous(&new, &before, &mut entropy).unwrap();
    let taken = open_previous(&sealed, &new, before.commitment()).unwrap();
    assert_eq!((taken.epoch(), taken.commitment()), (1, before.commitment()));
    let stranger = SpaceKey::make(SPACE, 2, &mut entropy).unwrap();
    for wrong in [&before, &stranger] {
        assert_eq!(open_previous(&sealed, wrong, before.commitment()).unwrap_err(), TakeError::Damaged);
    }
    let wrong = open_previous(&sealed, &new, new.commitment()).unwrap_err();
    assert_eq!(wrong, TakeError::Commitment { epoch: 1 });
}

#[test]
fn what_cannot_be_granted_is_told() {
    let (anna, _, key, _) = world();
    let nothing = seal_grant(&key, ANNA, &anna.public().receive, &mut Fixed(Vec::new()));
    assert_eq!(nothing, Err(GrantError::NoEntropy(NoEntropy)));
    let low_order = seal_grant(&key, ANNA, &[0; 32], &mut Counting::default());
    assert_eq!(low_order, Err(GrantError::Receiver));
}
