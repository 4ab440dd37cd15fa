//! Runs the tests, one after the other or a few side by side, counts them as Rust's own test programs do, and never
//! leaves a browser or a server behind.

mod attached;
mod backup;
mod crash;
mod devices;
mod engines;
mod files;
mod folder;
mod handed;
mod hostile;
mod import;
mod keyboard;
mod list;
mod lock;
mod many;
mod paper;
mod phone;
mod plan;
mod privacy;
mod pwa;
mod screens;
mod speed;
mod story;
mod sync;
mod taps;
mod team;
mod territories;
mod trouble;
mod updates;
mod views;
mod ways;
mod week;
mod wide;
mod workspaces;
mod zones;

use futures_util::FutureExt;
use satchel_e2e::settings::Settings;
use satchel_e2e::stage::Stage;
use satchel_e2e::wreck::wrecked;
use satchel_e2e::{Failure, Outcome, Verdict, say};
use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

type Playing<'a> = Pin<Box<dyn Future<Output = Outcome<Verdict>> + 'a>>;

/// One test.
struct Test {
    name: &'static str,
    play: fn(&Stage) -> Playing<'_>,
}

/// How a test ended, after how many attempts.
struct End {
    attempts: usize,
    verdict: Outcome<Verdict>,
}

macro_rules! tests {
    ($($module:ident :: $name:ident),* $(,)?) => {
        &[$(Test {
            name: concat!(stringify!($module), "::", stringify!($name)),
            play: |stage| Box::pin($module::$name(stage)),
        }),*]
    };
}

const TESTS: &[Test] = tests![
    pwa::installs_and_starts_offline,
    pwa::lives_under_a_path,
    updates::an_update_is_taken_whole_or_not_at_all,
    story::workspace_outlives_reload_and_server,
    story::anybody_is_found,
    story::history_is_logged_and_linked,
    story::files_become_customers_with_histories,
    views::a_saved_filter_is_used_and_counted,
    taps::a_day_keeps_within_its_budget,
    taps::nothing_slips_between_two_taps,
    handed::what_comes_from_outside_finds_its_place,
    keyboard::a_day_needs_no_pointer,
    many::many_are_changed_and_two_become_one,
    phone::an_import_goes_by_steps_and_a_customer_stays_in_sight,
    paper::a_history_is_printed_whole,
    plan::a_day_on_the_road_is_ordered_by_hand_and_by_distance,
    list::rows_pass_through_places_and_stand_where_they_were_left,
    wide::nothing_stands_empty_on_a_wide_screen,
    zones::a_day_without_a_time_is_that_day_west_of_greenwich,
    week::tasks_move_between_the_days_of_a_week,
    story::real_files_keep_their_counts,
    lock::locked_is_sealed,
    lock::nothing_is_left_in_memory,
    lock::every_tab_locks_and_nobody_who_works,
    hostile::script_is_words_on_every_screen,
    hostile::thirty_days_without_a_sign_in,
    hostile::a_viewer_s_push_is_refused_by_the_server,
    devices::two_devices_agree,
    engines::firefox_does_the_days_work,
    engines::webkit_does_the_days_work,
    ways::a_passphrase_is_changed_on_one_of_two_devices,
    ways::a_forgotten_passphrase_is_replaced,
    workspaces::two_workspaces_share_a_device_and_nothing_else,
    workspaces::an_owner_joins_a_second_team_as_herself,
    workspaces::a_sample_is_looked_around_in_and_removed_in_one_tap,
    ways::a_passkey_opens_beside_the_passphrase,
    ways::a_revoked_device_hands_over_and_is_empty,
    team::people_join_by_link_and_keep_to_their_roles,
    team::who_was_removed_is_told_and_keeps_her_work,
    team::power_is_given_by_the_passphrase_and_a_new_key_begins,
    team::customers_change_hands_and_the_workspace_is_deleted_for_everybody,
    territories::a_customer_moves_between_territories_of_one_account,
    sync::a_review_is_settled_both_ways_and_taken_back,
    sync::what_is_lost_before_it_was_sent_is_told_until_it_is_put_away,
    sync::a_device_whose_data_is_gone_joins_again,
    backup::a_wiped_profile_comes_back_from_its_file,
    backup::what_was_rescued_and_what_a_recovery_code_opens_come_back,
    backup::a_removed_workspace_leaves_nothing_and_loses_nothing_unsaid,
    folder::backups_go_into_a_folder_by_themselves,
    privacy::one_person_is_handed_out_and_erased_everywhere,
    attached::a_photo_taken_offline_is_seen_on_the_other_device,
    files::bad_files_are_explained,
    import::a_sheet_of_a_workbook_is_chosen_and_its_customers_are_found,
    screens::every_screen_is_fit_to_be_seen,
    trouble::wrong_answers_lose_nothing,
    trouble::too_large_a_record_is_refused_in_its_form,
    trouble::a_full_device_says_so,
    trouble::without_storage_it_says_why,
    crash::what_was_said_to_be_saved_is_there,
    crash::browsers_converge_while_the_server_is_killed,
    crash::a_server_set_back_is_healed_by_one_device,
    crash::long_work_goes_on_after_a_kill,
    crash::long_work_goes_on_with_room_again,
    crash::tabs_agree_although_one_is_frozen,
    crash::a_lost_connection_loses_nothing,
    crash::an_older_tab_in_the_way_is_named,
    crash::an_evicted_device_comes_back,
];

/// Measurements: taken when they are asked for by name, and no part of the tests.
const MEASURES: &[Test] = tests![speed::the_screen_answers_hands];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let chosen: Vec<&Test> = TESTS
        .iter()
        .filter(|test| wanted.is_empty() || wanted.iter().any(|part| test.name.contains(part)))
        .chain(MEASURES.iter().filter(|test| wanted.iter().any(|part| test.name.contains(part))))
        .collect();
    if std::env::args().any(|word| word == "--list") {
        chosen.iter().for_each(|test| say::line(&format!("{}: test", test.name)));
        return ExitCode::SUCCESS;
    }
    say::line(&format!("\nrunning {} tests", chosen.len()));
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("e2e");
    let begin = Instant::now();
    let ends: Vec<_> = match Settings::read(work) {
        Ok(settings) => side_by_side(&chosen, &settings),
        Err(Failure(why)) => {
            chosen.iter().map(|test| End { attempts: 1, verdict: skip(test, &why) }).collect()
        }
    };
    say_unsteady(&chosen, &ends);
    close(&ends, TESTS.len().saturating_sub(chosen.len()), begin)
}

fn skip(test: &Test, why: &str) -> Outcome<Verdict> {
    say::line(&format!("test {} ... ignored: {why}", test.name));
    Ok(Verdict::Skipped(why.to_owned()))
}

/// Runs them, as many at once as may be: each has a stage of its own. How each ended, in their order.
fn side_by_side(tests: &[&Test], settings: &Settings) -> Vec<End> {
    let (next, ends) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        while let Some((at, test)) = take(tests, &next) {
            let end = match settings.jobs {
                0 | 1 => attempt(test, settings),
                _ => say::together(|| attempt(test, settings)),
            };
            ends.lock().unwrap_or_else(PoisonError::into_inner).insert(at, end);
        }
    };
    thread::scope(|scope| (0..settings.jobs.max(1)).for_each(|_| drop(scope.spawn(work))));
    ends.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn take<'a>(tests: &[&'a Test], next: &AtomicUsize) -> Option<(usize, &'a Test)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    tests.get(at).map(|test| (at, *test))
}

/// Runs a test as often as it may be run until it does not fail.
fn attempt(test: &Test, settings: &Settings) -> End {
    let mut end = End { attempts: 1, verdict: run(test, settings) };
    while end.verdict.is_err() && end.attempts < settings.attempts {
        end = End { attempts: end.attempts + 1, verdict: run(test, settings) };
    }
    end
}

/// Names what did not show at once what it should: a test, or the app, is unsteady there.
fn say_unsteady(chosen: &[&Test], ends: &[End]) {
    let shaky = |(_, end): &(&&Test, &End)| end.verdict.is_ok() && end.attempts > 1;
    for (test, end) in chosen.iter().zip(ends).filter(shaky) {
        say::line(&format!("\nunsteady: {} needed {} attempts", test.name, end.attempts));
    }
}

fn run(test: &Test, settings: &Settings) -> Outcome<Verdict> {
    say::line(&format!("\n{}", test.name));
    let begin = Instant::now();
    let ended = play(test, settings);
    let taken = begin.elapsed().as_secs_f32();
    match &ended {
        Ok(Verdict::Shown) => say::line(&format!("test {} ... ok ({taken:.1} s)", test.name)),
        Ok(Verdict::Skipped(why)) => say::line(&format!("test {} ... ignored: {why}", test.name)),
        Err(failure) => say::line(&format!("test {} ... FAILED ({taken:.1} s)\n    {failure}", test.name)),
    }
    ended
}

/// Plays a test and clears the stage, whatever happened.
fn play(test: &Test, settings: &Settings) -> Outcome<Verdict> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stage = Stage::set(settings, &test.name.replace("::", "-"))?;
    runtime.block_on(async {
        let ended = AssertUnwindSafe((test.play)(&stage)).catch_unwind().await;
        let ended = ended.unwrap_or_else(|panic| Err(Failure(words(&panic))));
        if ended.is_err() {
            stage.keep_traces().await;
        }
        stage.clear().await;
        ended
    })
}

fn words(panic: &Box<dyn std::any::Any + Send>) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panicked").to_owned()
}

/// The closing line, in the form that test programs use.
fn close(ends: &[End], left_out: usize, begin: Instant) -> ExitCode {
    let failed = ends.iter().filter(|end| end.verdict.is_err()).count();
    let shown = ends.iter().filter(|end| matches!(end.verdict, Ok(Verdict::Shown))).count();
    let skipped = ends.len() - failed - shown;
    let word = if failed == 0 { "ok" } else { "FAILED" };
    let taken = begin.elapsed().as_secs_f32();
    wrecked().iter().for_each(|words| say::line(&format!("\n{words}")));
    say::line(&format!(
        "\ntest result: {word}. {shown} passed; {failed} failed; {skipped} ignored; 0 measured; {left_out} filtered out; finished in {taken:.2}s"
    ));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
