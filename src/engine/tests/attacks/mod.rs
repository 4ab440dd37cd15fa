//! A server that lies, against the real engine. Each attack is a test case of its own and a row of the table in
//! docs/SECURITY.md: `cargo xtask attacks` plays all and prints it.
//!
//! In each case the server is the real one; what stands between changes its answers. Held is: nothing false comes
//! in, nothing unsent is lost, the person is told the right thing in words that exist, and the truth heals it.

mod account;
mod answers;
mod devices;
mod files;
mod handover;
mod invitation;
mod lies;
mod log;
mod past;
mod rows;
pub(super) mod scene;
mod sees;
mod table;
mod texts;
mod verdicts;

use super::run;
use crate::port::{AsideReason, FailureCode, SyncTrouble};
use sees::Sees;

/// One attack: its name, what the server does, what the person sees.
struct Attack {
    name: &'static str,
    does: &'static str,
    sees: Sees,
}

macro_rules! attacks {
    ($($module:ident :: $name:ident: $does:literal => $sees:expr;)*) => {
        /// All of them, in the order of the table.
        const ATTACKS: &[Attack] = &[$(Attack { name: stringify!($name), does: $does, sees: $sees },)*];

        /// One test for each.
        mod case {
            use super::*;
            $(#[test] fn $name() { run($module::$name($sees)); })*
        }
    };
}

use AsideReason::{Refused, Unopenable, Unreadable};
use FailureCode::{FileDamaged, FileNotSent, Forged, InvitationGone, ServerLies};
use SyncTrouble::{Busy, NotTheServer, SpaceTaken};

attacks! {
    account::login_key_exchanged: "gives back the account with a login key of its own" => Sees::Nothing;
    account::slot_exchanged: "gives a joining device another account's slot" => Sees::Fails(Forged);
    account::keyring_exchanged: "gives a joining device another account's keyring" => Sees::Fails(Forged);
    account::proof_missing: "adds a way in of its own for a joining device" => Sees::Fails(Forged);
    account::parameters_weak_for_who_joins: "asks for 8 KiB and one pass of Argon2" => Sees::Fails(Forged);
    account::parameters_below_the_known: "asks for less memory than the account has" => Sees::Fails(Forged);
    account::parameters_beyond_reason: "asks for 4 GiB of memory" => Sees::Fails(Forged);
    account::account_set_back: "gives back the account as it was before the passphrase changed" => Sees::Nothing;
    account::challenge_of_another_server: "passes on another server's challenge" => Sees::Trouble(SyncTrouble::Refused);
    account::nobody_let_in_for_a_month: "lets nobody sign in for 30 days" => Sees::Trouble(SyncTrouble::Refused);
    account::revocation_claimed: "says that this device was revoked" => Sees::Trouble(SyncTrouble::Revoked);

    devices::device_invented: "lists a device that the account does not have" => Sees::Listed("word");
    devices::device_hidden: "leaves a device out of the list" => Sees::Listed("hidden");
    devices::contact_made_up: "says that a device was in touch when it was not" => Sees::Listed("word");
    devices::device_named_as_another: "gives a device the name of another one" => Sees::Listed("unnamed");

    handover::handover_altered: "changes what a revoked device handed over" => Sees::Nothing;
    handover::handover_of_another_account: "gives another account's handover" => Sees::Nothing;
    handover::handover_of_another_device: "gives a handover as another device's" => Sees::Nothing;
    handover::handover_again: "gives once more what was taken in" => Sees::Nothing;
    handover::handover_thrown_away: "throws away what a revoked device handed over" => Sees::Handed;

    rows::ciphertexts_exchanged: "exchanges the content of two records" => Sees::Aside(Unopenable);
    rows::record_renamed: "gives a record under another one's id" => Sees::Aside(Unopenable);
    rows::space_exchanged: "gives a record as another space's" => Sees::Differs;
    rows::epoch_lowered: "gives a record as of another epoch" => Sees::Aside(Unopenable);
    rows::epoch_ahead: "gives a record as of an epoch that has not begun" => Sees::Trouble(NotTheServer);
    rows::stream_grave: "gives a record as its grave" => Sees::Aside(Unopenable);
    rows::stream_history: "gives a record as history" => Sees::Aside(Unopenable);
    rows::format_changed: "gives a record as of another format" => Sees::Aside(Unreadable);
    rows::predecessor_exchanged: "says that a record replaces another version" => Sees::Aside(Unopenable);
    rows::writer_exchanged: "says that another device wrote a record" => Sees::Aside(Unopenable);
    rows::content_altered: "changes one bit of a record" => Sees::Aside(Unopenable);
    rows::record_made_up: "adds a record of its own making" => Sees::Aside(Unopenable);
    rows::record_too_large: "adds a record of 300 KB" => Sees::Trouble(NotTheServer);
    rows::numbers_falling: "numbers records backwards" => Sees::Trouble(NotTheServer);
    rows::numbers_beyond_the_head: "numbers a record beyond the end of its log" => Sees::Trouble(NotTheServer);
    rows::log_without_end: "says that its log is longer, and never gives the rest" => Sees::Trouble(NotTheServer);
    rows::received_long_ago: "says that it took a record in 1970" => Sees::Nothing;
    rows::clock_in_1970: "says that it is 1970" => Sees::Nothing;
    rows::clock_in_2100: "says that it is 2100" => Sees::Nothing;

    past::older_row_again: "says an older version of a record again, as its newest" => Sees::Nothing;
    past::rows_withheld: "keeps records back" => Sees::Differs;
    past::set_back: "is set back to an older copy" => Sees::Nothing;
    past::set_back_and_grown: "is set back, and numbers new records like the lost ones" => Sees::Nothing;
    past::revocation_forgotten: "is put back to before a device was revoked" => Sees::Nothing;
    past::passphrase_forgotten: "is put back to before another passphrase was chosen" => Sees::Nothing;
    past::emptied_and_taken: "was emptied, and has taken the workspace for somebody else's since" => Sees::Trouble(SpaceTaken);
    past::forked: "shows two devices two logs, then one of them to both" => Sees::Contradicts;
    past::another_incarnation_each_time: "says at each answer that it was restored" => Sees::Nothing;

    verdicts::accepted_and_dropped: "says that it stored what it threw away" => Sees::Differs;
    verdicts::refused_for_good: "refuses everything for good" => Sees::Aside(Refused);
    verdicts::stale_with_another_record: "answers a write with another record" => Sees::Trouble(NotTheServer);
    verdicts::verdicts_missing: "judges fewer writes than were sent" => Sees::Trouble(NotTheServer);
    verdicts::told_to_wait_for_ever: "asks for patience until the end of time" => Sees::Trouble(Busy);

    log::signature_forged: "changes the signature of a membership entry" => Sees::Contradicts;
    log::role_forged: "makes somebody an owner" => Sees::Contradicts;
    log::entry_left_out: "leaves an entry out" => Sees::Contradicts;
    log::entries_exchanged: "exchanges two entries" => Sees::Contradicts;
    log::member_slipped_in: "lets somebody in whom nobody invited" => Sees::Contradicts;
    log::truncated: "shows fewer entries than before" => Sees::Contradicts;
    log::entries_lost: "loses the end of the membership log to an older copy" => Sees::Nothing;
    log::founded_by_the_server: "shows a device that is new a log of its own founding" => Sees::Contradicts;
    log::removal_claimed: "says that she is no member any more" => Sees::Trouble(SyncTrouble::Refused);
    log::deletion_claimed: "says that the owner deleted the workspace" => Sees::Trouble(SyncTrouble::Refused);
    log::removal_withheld: "hides a removal, and shows what was written after it" => Sees::Trouble(NotTheServer);

    invitation::welcome_altered: "changes a welcome" => Sees::Fails(ServerLies);
    invitation::welcome_of_another: "gives another invitation's welcome" => Sees::Fails(ServerLies);
    invitation::leads_elsewhere: "says that an invitation leads to another space" => Sees::Fails(ServerLies);
    invitation::member_key_exchanged: "gives a log with its own key in the owner's place, all of it signed anew" => Sees::Fails(ServerLies);
    invitation::log_set_back: "gives the log from before the invitation" => Sees::Fails(ServerLies);
    invitation::log_lengthened: "gives a log with an entry that nobody in the team signed" => Sees::Fails(ServerLies);
    invitation::denied: "says that there is no such invitation" => Sees::Fails(InvitationGone);

    files::chunk_altered: "changes one bit of a photo" => Sees::Fails(FileDamaged);
    files::chunk_cut_short: "cuts the chunks of a photo short" => Sees::Fails(FileDamaged);
    files::chunk_emptied: "gives a photo's chunks with nothing in them" => Sees::Fails(FileDamaged);
    files::chunks_in_another_order: "gives one chunk of a photo in place of another" => Sees::Fails(FileDamaged);
    files::chunk_of_another_file: "gives another photo's chunks" => Sees::Fails(FileDamaged);
    files::file_withheld: "says that it has no such file" => Sees::Fails(FileNotSent);
    files::file_claimed: "says that it keeps a file that it never took" => Sees::Fails(FileNotSent);

    answers::not_cbor: "answers with a page of HTML" => Sees::Trouble(NotTheServer);
    answers::cut_off: "breaks off in the middle" => Sees::Trouble(NotTheServer);
    answers::wrong_types: "answers with a text where a list belongs" => Sees::Trouble(NotTheServer);
    answers::wrong_lengths: "answers with ids of 15 bytes" => Sees::Trouble(NotTheServer);
    answers::numbers_that_are_none: "answers with NaN and with negative numbers" => Sees::Trouble(NotTheServer);
    answers::nested_without_end: "answers with lists in lists, 100,000 deep" => Sees::Trouble(NotTheServer);
    answers::length_claimed: "claims a text of 2^60 bytes" => Sees::Trouble(NotTheServer);
    answers::too_many_rows: "gives 5,000 records where 1,000 are the most" => Sees::Trouble(NotTheServer);
    answers::too_long: "answers with more than 16 MiB" => Sees::Trouble(NotTheServer);

    texts::script_everywhere: "(or a member) puts script into names, notes, tags, files" => Sees::Nothing;
}
