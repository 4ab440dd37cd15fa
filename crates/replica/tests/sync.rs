//! The sync state machine alone: what it does next, and when.

use satchel_replica::{Attention, Checked, Fault, Limits, Outcome, Phase, Progress, Start, Step, Sync, Wake};
use satchel_wire::MAX_CHANGES;

const NOW: u64 = 1_700_000_000_000;

fn machine(waiting: u64) -> Sync {
    let start = Start {
        registered: true,
        seq: 0,
        sweeping: false,
        waiting,
        set_aside: 0,
        synced_ms: None,
        forked: false,
        verified: None,
    };
    Sync::new(start)
}

fn progress(seq: u64, head: u64, waiting: u64) -> Progress {
    Progress { seq, head, sweeping: false, waiting, set_aside: 0, forked: false }
}

/// As many rows as the protocol allows.
fn pull(since: u64) -> Step {
    Step::Pull { since, limit: MAX_CHANGES }
}

fn status(status: u16) -> Outcome {
    Outcome::Failed(Fault::Status { status, retry_after_ms: None })
}

/// A machine that has signed in and read everything.
fn signed_in(waiting: u64) -> Sync {
    let mut sync = machine(waiting);
    sync.handle(Outcome::SignedIn, NOW, 0);
    sync.handle(Outcome::Pulled(progress(5, 5, waiting)), NOW, 0);
    sync
}

fn same(seq: u64) -> Outcome {
    Outcome::Verified(Checked { seq, at_ms: NOW, records: 7 })
}

#[test]
fn it_registers_signs_in_reads_and_then_sends() {
    let mut sync = Sync::new(Start { registered: false, ..start_of(3) });
    assert_eq!(sync.poll(NOW), Step::Register);
    sync.handle(Outcome::Registered, NOW, 0);
    assert_eq!(sync.poll(NOW), Step::SignIn);
    sync.handle(Outcome::SignedIn, NOW, 0);
    assert_eq!(sync.poll(NOW), pull(0));
    sync.handle(Outcome::Pulled(progress(7, 12, 3)), NOW, 0);
    assert_eq!(sync.poll(NOW), pull(7));
    sync.handle(Outcome::Pulled(progress(12, 12, 3)), NOW, 0);
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
    sync.handle(Outcome::Pushed { progress: progress(15, 15, 0), settled: 3 }, NOW, 0);
    assert_eq!(sync.poll(NOW), Step::Verify);
    assert_ne!(sync.status(NOW).phase, Phase::Synced, "not before both sides were compared");
    sync.handle(same(15), NOW, 0);
    assert!(matches!(sync.poll(NOW), Step::Idle { until } if until > NOW));
    assert_eq!(sync.status(NOW).phase, Phase::Synced);
}

fn start_of(waiting: u64) -> Start {
    Start {
        registered: true,
        seq: 0,
        sweeping: false,
        waiting,
        set_aside: 0,
        synced_ms: None,
        forked: false,
        verified: None,
    }
}

#[test]
fn synced_is_said_only_when_the_outbox_is_empty_the_head_was_reached_and_nothing_differs() {
    let table = [
        (progress(5, 5, 0), Phase::Synced),
        (progress(5, 6, 0), Phase::Syncing),
        (progress(5, 5, 1), Phase::Syncing),
        (Progress { sweeping: true, ..progress(5, 5, 0) }, Phase::Syncing),
        (Progress { set_aside: 1, ..progress(5, 5, 0) }, Phase::NeedsAttention(Attention::SetAside)),
    ];
    for (progress, expected) in table {
        let mut sync = signed_in(0);
        sync.handle(Outcome::Pulled(progress), NOW, 0);
        assert_eq!(sync.status(NOW).phase, Phase::Syncing, "{progress:?}");
        sync.handle(same(5), NOW, 0);
        assert_eq!(sync.status(NOW).phase, expected, "{progress:?}");
    }
    let mut sync = signed_in(0);
    sync.handle(same(4), NOW, 0);
    assert_eq!(sync.status(NOW).phase, Phase::Syncing, "compared at another number");
    sync.handle(status(404), NOW, 0);
    let phase = sync.status(NOW).phase;
    assert_eq!(phase, Phase::NeedsAttention(Attention::Rejected { status: 404 }), "nothing to compare with");
    assert_ne!(machine(0).status(NOW).phase, Phase::Synced, "nothing was asked yet");
}

#[test]
fn a_refused_session_is_renewed_once_and_not_for_ever() {
    let mut sync = signed_in(1);
    sync.handle(status(401), NOW, 0);
    assert_eq!(sync.poll(NOW), Step::SignIn, "at once");
    sync.handle(Outcome::SignedIn, NOW, 0);
    sync.handle(status(401), NOW, 0);
    assert!(matches!(sync.poll(NOW), Step::Idle { .. }), "then with pauses");
}

#[test]
fn a_hint_ends_the_pause_after_the_server_was_away_and_no_other_pause() {
    let mut sync = signed_in(1);
    sync.handle(Outcome::Failed(Fault::Offline), NOW, 500);
    assert!(matches!(sync.poll(NOW), Step::Idle { .. }));
    sync.wake(Wake::Hint { head: 5 });
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
    sync.handle(status(500), NOW, 500);
    sync.wake(Wake::Hint { head: 9 });
    assert!(matches!(sync.poll(NOW), Step::Idle { .. }));
}

#[test]
fn a_server_that_refuses_the_sign_in_is_told_of_the_account_once_a_pause_because_it_may_have_been_emptied() {
    for answer in [Outcome::Registered, status(409)] {
        let mut sync = machine(1);
        assert_eq!(sync.poll(NOW), Step::SignIn);
        sync.handle(status(401), NOW, 0);
        assert_eq!(sync.poll(NOW), Step::Register);
        sync.handle(answer, NOW, 0);
        if answer == Outcome::Registered {
            assert_eq!(sync.poll(NOW), Step::SignIn);
            sync.handle(status(401), NOW, 0);
        }
        assert_eq!(sync.status(NOW).phase, Phase::NeedsAttention(Attention::SignInRefused));
        let Step::Idle { until } = sync.poll(NOW) else { panic!("goes on without a pause") };
        assert_eq!(sync.poll(until), Step::SignIn);
        sync.handle(status(401), until, 0);
        assert_eq!(sync.poll(until), Step::Register, "it may have been emptied again");
        sync.handle(status(409), until, 0);
        assert!(matches!(sync.poll(until), Step::Idle { .. }), "not in circles");
    }
}

#[test]
fn a_body_that_is_too_large_is_halved_down_to_one_write() {
    let mut sync = signed_in(2_000);
    let mut writes = Vec::new();
    while let Step::Push(limits) = sync.poll(NOW) {
        writes.push(limits.writes);
        sync.handle(status(413), NOW, 0);
    }
    assert_eq!(writes, [2000, 1000, 500, 250, 125, 62, 31, 15, 7, 3, 1]);
    assert_eq!(sync.status(NOW).phase, Phase::NeedsAttention(Attention::Rejected { status: 413 }));
}

#[test]
fn passing_faults_back_off_and_others_wait_long() {
    let pause = |outcome| {
        let mut sync = signed_in(1);
        sync.handle(outcome, NOW, 999);
        match sync.poll(NOW) {
            Step::Idle { until } => until - NOW,
            _ => 0,
        }
    };
    for fault in [Fault::Offline, Fault::Timeout, Fault::NotOurs] {
        assert!((1..5_000).contains(&pause(Outcome::Failed(fault))), "{fault:?}");
    }
    for code in [408, 425, 429, 500, 502, 503, 504, 409, 410] {
        assert!((1..5_000).contains(&pause(status(code))), "{code}");
    }
    for code in [400, 403, 404, 422, 426] {
        assert!(pause(status(code)) > 60_000, "{code}");
    }
    let asked = Fault::Status { status: 429, retry_after_ms: Some(90_000) };
    assert!(pause(Outcome::Failed(asked)) >= 90_000);
}

#[test]
fn being_offline_is_said_and_ends_with_a_network() {
    let mut sync = signed_in(2);
    for _ in 0..20 {
        sync.handle(Outcome::Failed(Fault::Offline), NOW, u64::MAX);
    }
    assert_eq!(sync.status(NOW).phase, Phase::Offline);
    assert_eq!(sync.status(NOW).waiting, 2);
    sync.wake(Wake::Online);
    assert!(!matches!(sync.poll(NOW), Step::Idle { .. }));
}

#[test]
fn each_failure_waits_longer_and_a_success_forgets_them() {
    let mut sync = signed_in(1);
    let mut waits = Vec::new();
    for _ in 0..12 {
        sync.handle(Outcome::Failed(Fault::Timeout), NOW, u64::MAX - 615);
        if let Step::Idle { until } = sync.poll(NOW) {
            waits.push(until - NOW);
        }
    }
    assert_eq!(waits.len(), 12);
    assert!(waits.iter().all(|wait| *wait <= 301_000));
    sync.wake(Wake::Online);
    sync.handle(Outcome::Pushed { progress: progress(6, 6, 1), settled: 1 }, NOW, 0);
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
}

#[test]
fn pushes_that_settle_nothing_pause() {
    let mut sync = signed_in(1);
    let mut pushes = 0;
    while let Step::Push(_) = sync.poll(NOW) {
        pushes += 1;
        sync.handle(Outcome::Pushed { progress: progress(5, 5, 1), settled: 0 }, NOW, 500);
        assert!(pushes < 100, "spins");
    }
}

#[test]
fn a_look_is_taken_every_few_minutes_on_focus_and_on_a_hint() {
    let mut sync = signed_in(0);
    sync.handle(same(5), NOW, 0);
    let Step::Idle { until } = sync.poll(NOW) else { panic!("idle") };
    assert!((120_000..300_000).contains(&(until - NOW)));
    assert_eq!(sync.clone().poll(until), pull(5));
    for (wake, looks) in [
        (Wake::Focus, true),
        (Wake::Online, true),
        (Wake::Hint { head: 6 }, true),
        (Wake::Hint { head: 5 }, false),
        (Wake::Write { waiting: 0 }, false),
    ] {
        let mut sync = sync.clone();
        sync.wake(wake);
        assert_eq!(matches!(sync.poll(NOW), Step::Pull { .. }), looks, "{wake:?}");
    }
    sync.wake(Wake::Write { waiting: 1 });
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
}

#[test]
fn a_reset_reads_from_the_start_and_sweeps() {
    let mut sync = signed_in(0);
    sync.handle(Outcome::Reset, NOW, 0);
    let later = NOW + 2_000;
    assert_eq!(sync.poll(later), pull(0));
    sync.handle(Outcome::Pulled(Progress { sweeping: true, ..progress(4, 4, 0) }), later, 0);
    assert_eq!(sync.poll(later), Step::Sweep);
    assert_ne!(sync.status(later).phase, Phase::Synced);
    sync.handle(Outcome::Swept(progress(4, 4, 9)), later, 0);
    assert_eq!(sync.poll(later), Step::Push(Limits::FULL));
}

#[test]
fn a_server_that_begins_anew_again_and_again_is_asked_ever_less_often() {
    let (mut sync, mut now) = (signed_in(1), NOW);
    let mut waited = |sync: &mut Sync| {
        sync.handle(Outcome::Reset, now, u64::MAX);
        let Step::Idle { until } = sync.poll(now) else { panic!("it is waited") };
        sync.handle(Outcome::Pulled(progress(1, 1, 1)), until, 0);
        let waited = until - now;
        now = until;
        waited
    };
    let waits: Vec<u64> = (0..6).map(|_| waited(&mut sync)).collect();
    assert!(waits.is_sorted() && waits[5] > 10 * waits[0], "{waits:?}");
    sync.handle(same(1), NOW, 0);
    assert_eq!(waited(&mut sync), waits[0], "what was found equal counts as a beginning");
}

#[test]
fn a_store_that_fails_again_and_again_is_told() {
    let mut sync = signed_in(1);
    sync.handle(Outcome::StoreFailed { permanent: false }, NOW, 0);
    assert_eq!(sync.status(NOW).phase, Phase::Waiting);
    sync.handle(Outcome::StoreFailed { permanent: true }, NOW, 0);
    assert_eq!(sync.status(NOW).phase, Phase::NeedsAttention(Attention::Store));
}

#[test]
fn a_difference_is_mended_and_told_if_that_did_not_help() {
    let mut sync = signed_in(0);
    let (mut now, mut repairs) = (NOW, 0);
    for look in 0..20 {
        sync.handle(Outcome::Differs, now, 0);
        let told = sync.status(now).phase == Phase::NeedsAttention(Attention::Differs);
        assert_eq!(told, look > 0, "look {look}");
        if let Step::Idle { until } = sync.poll(now) {
            assert!(look > 0 && until - now > 60_000, "pauses");
            now = until;
        }
        if sync.poll(now) == Step::Repair {
            repairs += 1;
            sync.handle(Outcome::Reset, now, 0);
            now += 10_000;
            assert_eq!(sync.poll(now), pull(0));
        }
        sync.handle(Outcome::Pulled(progress(5, 5, 0)), now, 0);
        assert_eq!(sync.poll(now), Step::Verify);
    }
    assert_eq!(repairs, 3, "not in circles");
    sync.handle(same(5), now, 0);
    assert_eq!(sync.status(now).phase, Phase::Synced);
    sync.handle(Outcome::Differs, now, 0);
    assert_eq!(sync.poll(now), Step::Repair, "a new difference");
}

#[test]
fn a_fork_is_told_whatever_else_is_well() {
    let mut sync = signed_in(0);
    sync.handle(Outcome::Pulled(Progress { forked: true, ..progress(5, 5, 0) }), NOW, 0);
    sync.handle(same(5), NOW, 0);
    assert_eq!(sync.status(NOW).phase, Phase::NeedsAttention(Attention::Forked));
}

#[test]
fn the_time_is_heard_before_anything_is_sent_if_it_was_heard_long_ago_or_the_clock_was_set() {
    let table = [(0, false), (60_000, false), (-60_000, false), (3_600_000, true), (-3_600_000, true)];
    for (jump_ms, asks) in table {
        let mut sync = signed_in(0);
        sync.handle(same(5), NOW, 0);
        sync.wake(Wake::Write { waiting: 1 });
        let step = sync.poll(NOW.saturating_add_signed(jump_ms));
        assert_eq!(step == pull(5), asks, "{jump_ms} ms: {step:?}");
    }
}

#[test]
fn after_a_push_was_too_large_limits_grow_again() {
    let mut sync = signed_in(2_000);
    sync.handle(status(413), NOW, 0);
    sync.handle(status(413), NOW, 0);
    let mut writes = Vec::new();
    for _ in 0..20 {
        let Step::Push(limits) = sync.poll(NOW) else { panic!("has something to send") };
        writes.push(limits.writes);
        sync.handle(Outcome::Pushed { progress: progress(5, 5, 2_000), settled: 100 }, NOW, 0);
    }
    writes.dedup();
    assert_eq!(writes, [500, 1000, 2000]);
}

#[test]
fn what_is_saved_while_a_step_is_under_way_is_not_forgotten() {
    let mut sync = signed_in(0);
    sync.handle(same(5), NOW, 0);
    sync.wake(Wake::Focus);
    assert!(matches!(sync.poll(NOW), Step::Pull { .. }));
    // The step has counted what waits; then somebody saves, and only then the step ends.
    sync.wake(Wake::Write { waiting: 1 });
    sync.handle(Outcome::Pulled(progress(5, 5, 0)), NOW, 0);
    assert_ne!(sync.status(NOW).phase, Phase::Synced);
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
    sync.handle(Outcome::Pushed { progress: progress(6, 6, 0), settled: 1 }, NOW, 0);
    assert_eq!(sync.poll(NOW), Step::Verify);
}

#[test]
fn who_may_only_read_keeps_what_waits_and_goes_on_reading() {
    let mut sync = signed_in(3);
    sync.mute(true);
    assert_eq!(sync.poll(NOW), pull(5), "once more, and nothing is sent");
    sync.handle(Outcome::Pulled(progress(6, 6, 3)), NOW, 0);
    let Step::Idle { until } = sync.poll(NOW) else { panic!("there is nothing else to do") };
    assert!(until > NOW);
    sync.wake(Wake::Hint { head: 9 });
    assert_eq!(sync.poll(NOW), pull(6));
    sync.handle(Outcome::Pulled(progress(9, 9, 3)), NOW, 0);
    sync.mute(false);
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
}

#[test]
fn history_that_waits_alone_is_sent_although_no_record_waits() {
    let mut sync = signed_in(0);
    sync.poll(NOW);
    sync.handle(Outcome::Pulled(progress(6, 6, 1)), NOW, 0);
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
    sync.handle(Outcome::Failed(Fault::Offline), NOW, 0);
    // The tab is hidden, or something is counted in which history is not.
    sync.wake(Wake::Write { waiting: 0 });
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
    sync.handle(Outcome::Pushed { progress: progress(7, 7, 0), settled: 1 }, NOW, 0);
    assert_eq!(sync.poll(NOW), Step::Verify);
}

#[test]
fn a_digest_that_is_ahead_of_every_page_does_not_drive_in_circles() {
    let (mut sync, mut now) = (signed_in(0), NOW);
    let (mut looks, mut pauses) = (0, Vec::new());
    while pauses.len() < 4 {
        match sync.poll(now) {
            Step::Verify => sync.handle(Outcome::Pulled(progress(5, 9, 0)), now, u64::MAX),
            Step::Pull { .. } => sync.handle(Outcome::Pulled(progress(5, 5, 0)), now, u64::MAX),
            Step::Idle { until } => {
                pauses.push(until - now);
                now = until;
            }
            other => panic!("{other:?}"),
        }
        looks += 1;
        assert!(looks < 100, "spins");
    }
    assert!(pauses.is_sorted() && pauses[3] > pauses[0], "{pauses:?}");
    sync.handle(Outcome::Pulled(progress(9, 9, 0)), now, 0);
    assert_eq!(sync.poll(now), Step::Verify, "what is read ends it");
    sync.handle(Outcome::Pulled(progress(9, 12, 0)), now, 0);
    assert_eq!(sync.poll(now), Step::Pull { since: 9, limit: MAX_CHANGES });
}

#[test]
fn on_a_slow_link_less_is_sent_and_asked_for_until_it_arrives_and_more_again_afterwards() {
    let (mut sync, mut now) = (signed_in(2_000), NOW);
    let mut fail = |sync: &mut Sync, fault, took_ms| {
        now += took_ms;
        sync.handle(Outcome::Failed(fault), now, 0);
        sync.wake(Wake::Online);
        sync.wake(Wake::Write { waiting: 2_000 });
        sync.poll(now)
    };
    assert_eq!(sync.poll(NOW), Step::Push(Limits::FULL));
    let whole = Limits::FULL.intent;
    let halved = Limits { writes: Limits::FULL.writes / 2, bytes: Limits::FULL.bytes / 2, intent: whole };
    assert_eq!(fail(&mut sync, Fault::Offline, 30_000), Step::Push(halved));
    assert_eq!(
        fail(&mut sync, Fault::Offline, 100),
        Step::Push(halved),
        "at once: there is no network at all"
    );
    let mut last = Step::Push(halved);
    for _ in 0..5 {
        last = fail(&mut sync, Fault::Timeout, 30_000);
    }
    let least = Limits { writes: 31, bytes: 16 * 1024, intent: whole };
    assert_eq!(last, Step::Push(least), "what belongs together is not torn yet");
    let torn = Limits { writes: 25, intent: whole / 2, ..least };
    assert_eq!(fail(&mut sync, Fault::Timeout, 30_000), Step::Push(torn), "rather in parts than never");
    for _ in 0..64 {
        sync.handle(Outcome::Pushed { progress: progress(5, 5, 2_000), settled: 25 }, now, 0);
        sync.poll(now);
    }
    assert_eq!(sync.poll(now), Step::Push(Limits::FULL));
}

#[test]
fn on_a_slow_link_pages_become_smaller_and_grow_again() {
    let (mut sync, mut now) = (signed_in(0), NOW);
    sync.handle(Outcome::Pulled(progress(5, 9_000, 0)), now, 0);
    let limit = |sync: &mut Sync, now| match sync.poll(now) {
        Step::Pull { limit, .. } => limit,
        other => panic!("{other:?}"),
    };
    assert_eq!(limit(&mut sync, now), MAX_CHANGES);
    for expected in [MAX_CHANGES / 4, MAX_CHANGES / 16, MAX_CHANGES / 64, MAX_CHANGES / 256, 1, 1] {
        now += 30_000;
        sync.handle(Outcome::Failed(Fault::Offline), now, 0);
        sync.wake(Wake::Online);
        assert_eq!(limit(&mut sync, now), expected);
    }
    let mut seq = 5;
    for _ in 0..80 {
        seq += 1;
        sync.handle(Outcome::Pulled(progress(seq, 9_000, 0)), now, 0);
        limit(&mut sync, now);
    }
    assert_eq!(limit(&mut sync, now), MAX_CHANGES);
}
