//! The short set: no seed fails, every safeguard is needed, and a seed says everything.

use satchel_replica::Safeguard;
use satchel_simulator::{Batch, Fairness, Fault, Faults, Narrow, Plan, Report, run, run_all, safeguard_name};
use std::ops::Range;
use std::process::Command;

fn batch(seeds: Range<u64>, without: Option<Safeguard>) -> Report {
    narrowed(seeds, Narrow::default(), without)
}

fn narrowed(seeds: Range<u64>, narrow: Narrow, without: Option<Safeguard>) -> Report {
    run_all(&Batch { seeds, without, narrow, threads: threads(), failures: 1 })
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[test]
fn no_seed_of_the_short_set_fails() {
    let report = batch(0..1_000, None);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    assert!(!report.is_unfair(), "{:?}", report.fairness);
}

/// Runs with these faults and no others.
fn only(faults: &[Fault]) -> Narrow {
    Narrow { faults: Some(Faults::of(faults)), ..Narrow::default() }
}

#[test]
fn most_servers_with_two_faces_are_told_of() {
    let report = narrowed(0..120, only(&[Fault::Fork]), None);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    assert!(report.forked > 60 && 2 * report.forks_told > report.forked, "{report:?}");
}

#[test]
fn what_is_withheld_exchanged_or_said_again_is_noticed_and_mended() {
    let report = narrowed(0..120, only(&[Fault::Withhold, Fault::Swap, Fault::Replay]), None);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
}

#[test]
fn months_that_empty_the_trash_lose_nothing() {
    let report = narrowed(0..300, only(&[Fault::Purge]), None);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
}

#[test]
fn new_apps_that_close_every_connection_or_cannot_open_the_store_lose_nothing() {
    let faults = [Fault::Upgrade, Fault::Freeze, Fault::Crash, Fault::Import, Fault::Drop];
    let report = narrowed(0..120, only(&faults), None);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
}

/// R111.
#[test]
fn damaged_rows_come_back_and_nothing_else_is_lost() {
    let report = narrowed(0..120, only(&[Fault::Rot, Fault::Crash, Fault::Drop, Fault::Quota]), None);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
}

#[test]
fn devices_on_slow_links_converge() {
    let report = narrowed(0..120, only(&[Fault::Slow, Fault::Import, Fault::Drop]), None);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
}

#[test]
fn nothing_but_the_digest_tells_what_is_withheld() {
    fails_in(0..120, only(&[Fault::Withhold]), Safeguard::Digest);
}

fn fails_without(safeguard: Safeguard) {
    fails_in(0..3_000, Narrow::default(), safeguard);
}

fn fails_in(seeds: Range<u64>, narrow: Narrow, safeguard: Safeguard) {
    let report = narrowed(seeds, narrow, Some(safeguard));
    let name = safeguard_name(safeguard);
    assert!(!report.failures.is_empty(), "{} runs without {name}, and nobody noticed", report.runs);
    for (plan, _) in report.failures.values() {
        assert_eq!(run(&narrow.plan(plan.seed)).failure, None, "seed {} fails with {name} too", plan.seed);
    }
}

#[test]
fn runs_without_compare_and_swap_fail() {
    fails_without(Safeguard::CompareAndSwap);
}

#[test]
fn runs_without_the_check_of_local_versions_fail() {
    fails_without(Safeguard::LocalVersion);
}

#[test]
fn runs_with_the_cursor_apart_from_its_page_fail() {
    fails_without(Safeguard::CursorWithPage);
}

#[test]
fn runs_without_a_base_fail() {
    fails_without(Safeguard::Base);
}

#[test]
fn runs_that_offer_nothing_again_fail() {
    fails_without(Safeguard::ReOffer);
}

#[test]
fn runs_without_a_fence_between_epochs_fail() {
    fails_in(0..300, only(&[Fault::Rotate, Fault::Duplicate]), Safeguard::EpochFence);
}

#[test]
fn runs_without_a_digest_fail() {
    fails_without(Safeguard::Digest);
}

#[test]
fn runs_that_send_the_records_of_one_intent_apart_fail() {
    fails_in(0..300, only(&[Fault::Drop, Fault::Delay]), Safeguard::Together);
}

/// R111: an import that the power takes back is told as saved, and so is one that only might be taken back.
#[test]
fn runs_in_which_an_import_may_be_forgotten_at_a_power_cut_fail() {
    fails_in(0..300, only(&[Fault::Import, Fault::Power]), Safeguard::Strict);
}

/// R108.
#[test]
fn runs_in_which_forms_write_over_what_they_did_not_show_fail() {
    fails_in(0..300, only(&[]), Safeguard::Shown);
}

#[test]
fn power_cuts_take_nothing_away_that_was_saved() {
    let report = narrowed(0..300, only(&[Fault::Import, Fault::Power, Fault::Offline, Fault::Crash]), None);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
}

#[test]
fn runs_without_restamping_let_older_edits_win() {
    let faults = Some(Faults::of(&[Fault::Clock, Fault::Offline]));
    let narrow = Narrow { devices: Some(2), tabs: Some(1), actions: Some(200), faults };
    let with = narrowed(0..300, narrow, None);
    assert!(with.failures.is_empty() && !with.is_unfair(), "{:?} {:?}", with.failures, with.fairness);
    let without = narrowed(0..300, narrow, Some(Safeguard::Restamp));
    assert!(without.is_unfair(), "{:?}", without.fairness);
    let share = |Fairness { contested, unfair }| unfair * 100 / contested;
    // Of some seventy contested fields: about a fifth, and none with it.
    assert!(share(without.fairness) > 12 + share(with.fairness), "{:?}", without.fairness);
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let trace = |seed| run(&Plan::of(seed)).trace;
    for seed in 0..30 {
        assert_eq!(trace(seed), trace(seed), "seed {seed}");
    }
    assert_ne!(trace(1), trace(2));
}

#[test]
fn the_same_seeds_give_the_same_traces_in_another_process_on_any_number_of_threads() {
    let narrow = Narrow::default();
    let here =
        run_all(&Batch { seeds: 0..40, without: None, narrow, threads: threads(), failures: usize::MAX })
            .trace();
    let output = Command::new(env!("CARGO_BIN_EXE_satchel-simulator"))
        .args(["--seeds", "40", "--threads", "1"])
        .output()
        .expect("starts");
    let there = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(there.contains(&format!("trace {}", &here[..16])), "{here}\n{there}");
}
