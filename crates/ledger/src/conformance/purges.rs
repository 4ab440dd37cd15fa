//! Erased records, and what is left of them.

use satchel_wire::{Envelope, PushMode, Refusal, Verdict};

use super::{
    DEVICE, NOW, Subject, accepted, each, fill, grave, numbers, offer, push, read_all, refused, write,
};
use crate::{Denied, GRAVE_MS, Span};

fn bury(log: &mut impl Subject, writes: &[Envelope], now_ms: u64) {
    let graves = writes.iter().map(grave).collect();
    log.push(DEVICE, &offer(PushMode::All, graves), now_ms).expect("not denied");
}

/// It takes compare-and-swap to erase, and to bring back.
pub fn a_grave_replaces_a_state_like_any_write(log: &mut impl Subject) {
    let state = write(1, None, b"state");
    each(log, vec![state.clone()]);
    let next = write(1, Some(state.etag()), b"edited");
    each(log, vec![next.clone()]);
    let answer = push(log, PushMode::All, vec![write(2, None, b"with it"), grave(&state)]);
    assert_eq!(answer.verdicts[0], refused(Refusal::Together));
    assert!(matches!(answer.verdicts[1], Verdict::Stale { current: Some(_) }), "edited meanwhile");
    assert_eq!(each(log, vec![grave(&next)]), [accepted(3)]);
    let (rows, _) = read_all(log, 0, 10);
    assert_eq!((rows.len(), &rows[0].envelope), (1, &grave(&next)));
    let back = write(1, Some(grave(&next).etag()), b"edited elsewhere");
    assert_eq!(each(log, vec![back]), [accepted(4)]);
}

/// To the millisecond; the floor is the highest number dropped.
pub fn graves_go_after_180_days_and_nothing_else_does(log: &mut impl Subject) {
    let writes = fill(log, 8, 8);
    bury(log, &writes[..5], NOW);
    log.purge(NOW + GRAVE_MS - 1);
    let (rows, space) = read_all(log, 0, 100);
    assert_eq!((rows.len(), space.purge_floor), (8, 0));
    log.purge(NOW + GRAVE_MS);
    let (rows, space) = read_all(log, 0, 100);
    assert_eq!((numbers(&rows), space.purge_floor, space.head), (vec![6, 7, 8], 13, 13));
    log.purge(NOW + 2 * GRAVE_MS);
    assert_eq!(read_all(log, 0, 100).1.purge_floor, 13);
    assert_eq!(each(log, vec![write(0, None, b"anew")]), [accepted(14)], "numbers go on");
}

/// A clock that was once ahead delays a purge: no grave is left below the floor, none goes too early.
pub fn a_young_grave_keeps_those_behind_it(log: &mut impl Subject) {
    let writes = fill(log, 3, 8);
    bury(log, &writes[..1], NOW);
    bury(log, &writes[1..2], NOW + 10);
    bury(log, &writes[2..], NOW);
    log.purge(NOW + GRAVE_MS + 9);
    let (rows, space) = read_all(log, 0, 10);
    assert_eq!((numbers(&rows), space.purge_floor), (vec![5, 6], 4));
    log.purge(NOW + GRAVE_MS + 10);
    let (rows, space) = read_all(log, 0, 10);
    assert_eq!((rows.len(), space.purge_floor), (0, 6));
}

/// (since, floor) → whether the page is given.
pub fn a_cursor_below_the_purge_floor_is_told(log: &mut impl Subject) {
    let writes = fill(log, 4, 8);
    bury(log, &writes[..1], NOW);
    log.purge(NOW + GRAVE_MS);
    let table = [
        ((0, 0), true),
        ((1, 0), false),
        ((4, 0), false),
        ((4, 4), false),
        ((4, 5), true),
        ((1, 9), true),
        ((5, 0), true),
        ((6, 0), true),
    ];
    for ((since, floor), given) in table {
        let page = log.changes(Span { since, limit: 10, floor }, NOW);
        let denied = (!given).then_some(Denied::Purged);
        assert_eq!(page.err(), denied, "since {since}, floor {floor}");
    }
}
