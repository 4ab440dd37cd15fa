//! The policies as tables: what is here, what comes, what to do.

use satchel_replica::plan::{AfterPush, Incoming, Local, Plan, Standing, plan_pull, plan_verdict};
use satchel_replica::{Reason, Version};
use satchel_wire::{DeviceId, Envelope, Etag, Header, RecordId, Refusal, Row, SpaceId, Stream, Verdict};

const ERA: u32 = 2;
const OURS: Etag = Etag([1; 32]);
const BASE: Etag = Etag([2; 32]);
const THEIRS: Etag = Etag([3; 32]);

fn at(etag: Etag, seq: u64) -> Version {
    Version { etag, seq, era: ERA, received_ms: 1_000 }
}

fn old(etag: Etag, seq: u64) -> Version {
    Version { era: ERA - 1, ..at(etag, seq) }
}

fn synced(at: Version) -> Option<Local> {
    Some(Local { etag: at.etag, standing: Standing::Synced(at) })
}

fn unsent(base: Option<Version>) -> Option<Local> {
    Some(Local { etag: OURS, standing: Standing::Unsent(base) })
}

fn aside_ours(known: Option<Version>) -> Option<Local> {
    Some(Local { etag: OURS, standing: Standing::AsideOurs(known) })
}

fn aside_theirs(at: Version) -> Option<Local> {
    Some(Local { etag: at.etag, standing: Standing::AsideTheirs(at) })
}

#[test]
fn what_to_do_with_a_row_that_arrives() {
    let forgotten = Version { era: 0, ..at(OURS, 5) };
    let table = [
        ("nothing is here", None, at(THEIRS, 5), None, Plan::Take),
        ("it is here", synced(at(THEIRS, 5)), at(THEIRS, 5), None, Plan::Ignore),
        ("it is older than what is here", synced(at(OURS, 6)), at(THEIRS, 5), None, Plan::Ignore),
        ("made from what is here", synced(at(OURS, 4)), at(THEIRS, 5), Some(OURS), Plan::Take),
        ("a version in between was missed", synced(at(OURS, 3)), at(THEIRS, 5), Some(BASE), Plan::Merge),
        ("a first version over one we know", synced(at(OURS, 3)), at(THEIRS, 5), None, Plan::Merge),
        ("the same bytes in a new era", synced(old(OURS, 9)), at(OURS, 2), None, Plan::Confirm),
        ("forgotten as erased, and there after all", synced(forgotten), at(OURS, 5), None, Plan::Take),
        ("a restored server has another", synced(old(OURS, 9)), at(THEIRS, 2), Some(OURS), Plan::Merge),
        ("our answer was lost", unsent(Some(at(BASE, 3))), at(OURS, 5), Some(BASE), Plan::Confirm),
        ("a new one's answer was lost", unsent(None), at(OURS, 5), None, Plan::Confirm),
        ("changed on both sides", unsent(Some(at(BASE, 3))), at(THEIRS, 5), Some(BASE), Plan::Merge),
        ("made from ours, answer lost", unsent(Some(at(BASE, 3))), at(THEIRS, 5), Some(OURS), Plan::Merge),
        ("new on both sides", unsent(None), at(THEIRS, 5), None, Plan::Merge),
        ("our base comes again", unsent(Some(at(BASE, 3))), at(BASE, 3), None, Plan::Ignore),
        ("our base in a new era", unsent(Some(old(BASE, 9))), at(BASE, 2), None, Plan::Rebase),
        ("older than our base", unsent(Some(at(BASE, 6))), at(THEIRS, 5), None, Plan::Ignore),
        ("refused ours, newer theirs", aside_ours(Some(at(BASE, 3))), at(THEIRS, 5), None, Plan::Merge),
        ("refused ours is there after all", aside_ours(None), at(OURS, 5), None, Plan::Confirm),
        ("unreadable, and a newer one", aside_theirs(at(OURS, 3)), at(THEIRS, 5), None, Plan::Merge),
        ("the unreadable one again", aside_theirs(at(OURS, 3)), at(OURS, 3), None, Plan::Ignore),
    ];
    for (case, local, incoming, replaces, expected) in table {
        let incoming = Incoming { at: incoming, replaces };
        assert_eq!(plan_pull(local.as_ref(), &incoming), expected, "{case}");
    }
}

#[test]
fn the_exact_time_of_a_row_replaces_a_guess() {
    let guess = Version { received_ms: 990, ..at(OURS, 5) };
    let incoming = Incoming { at: at(OURS, 5), replaces: None };
    assert_eq!(plan_pull(synced(guess).as_ref(), &incoming), Plan::Confirm);
}

fn row() -> Row {
    let header = Header {
        format: 1,
        space: SpaceId([0; 16]),
        record: RecordId([0; 16]),
        stream: Stream::State,
        epoch: 1,
        replaces: None,
        device: DeviceId(1),
    };
    Row { seq: 9, received_ms: 0, envelope: Envelope { header, ciphertext: vec![] } }
}

#[test]
fn what_to_do_after_a_verdict() {
    let row = row();
    let accepted = Verdict::Accepted { seq: 8 };
    let stale = Verdict::Stale { current: Some(row.clone()) };
    let gone = Verdict::Stale { current: None };
    let refused = Verdict::Refused { reason: Refusal::TooLarge };
    let together = Verdict::Refused { reason: Refusal::Together };
    let (new, edited) = (unsent(None), unsent(Some(at(BASE, 3))));
    let aside = AfterPush::SetAside(Reason::Refused(Refusal::TooLarge));
    let table = [
        ("stored", new, OURS, &accepted, AfterPush::Settle(8)),
        ("stored, edited meanwhile", edited, THEIRS, &accepted, AfterPush::Rebase(8)),
        (
            "stored, merged with a newer one meanwhile",
            unsent(Some(at(BASE, 9))),
            THEIRS,
            &accepted,
            AfterPush::Ignore,
        ),
        ("stored, settled by another tab", synced(at(OURS, 8)), OURS, &accepted, AfterPush::Ignore),
        ("stored, set aside meanwhile", aside_ours(None), OURS, &accepted, AfterPush::Settle(8)),
        ("another is there", edited, OURS, &stale, AfterPush::Meet(&row)),
        ("another is there, edited meanwhile", edited, THEIRS, &stale, AfterPush::Meet(&row)),
        ("nothing is there", edited, OURS, &gone, AfterPush::Reoffer),
        ("refused", new, OURS, &refused, aside),
        ("refused, edited meanwhile", new, THEIRS, &refused, AfterPush::Ignore),
        ("refused because of others", new, OURS, &together, AfterPush::Ignore),
    ];
    for (case, local, sent, verdict, expected) in table {
        let local = local.expect("is here");
        assert_eq!(plan_verdict(&local, sent, verdict, ERA), expected, "{case}");
    }
}
