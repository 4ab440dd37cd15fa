//! Which writes of a push stand or fall together.

use satchel_wire::PushMode;

#[test]
fn groups_add_up_to_the_push_or_it_is_malformed() {
    let groups = |lengths: &[u32]| PushMode::Groups(lengths.to_vec());
    let table: [(PushMode, usize, Option<&[usize]>); 11] = [
        (PushMode::Each, 3, Some(&[1, 1, 1])),
        (PushMode::Each, 0, Some(&[])),
        (PushMode::All, 3, Some(&[3])),
        (groups(&[1, 2]), 3, Some(&[1, 2])),
        (groups(&[3]), 3, Some(&[3])),
        (groups(&[]), 0, Some(&[])),
        (groups(&[1, 1]), 3, None),
        (groups(&[2, 2]), 3, None),
        (groups(&[]), 1, None),
        (groups(&[0, 0, 0, 3]), 3, None),
        (groups(&[u32::MAX, u32::MAX]), 3, None),
    ];
    for (mode, writes, runs) in table {
        assert_eq!(mode.runs(writes).as_deref(), runs, "{mode:?} of {writes}");
    }
}
