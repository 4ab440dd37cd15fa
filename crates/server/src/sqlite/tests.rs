//! The log on SQLite: what every log must do, and what only a file can suffer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use satchel_ledger::{Denied as Rule, Span};
use satchel_wire::{
    AccountId, DeviceId, Etag, HandoverTaken, Kdf, PushMode, SlotId, SlotRecord, SpaceId, Stream, Verdict,
};
use tempfile::TempDir;

use super::{BUSY, DATABASE, SqliteLog, SqliteOptions, schema::STEPS};
use crate::log::{
    Deleted, Deletion, Denied, Log, LogError, NewSession, Registered, Session,
    conformance::{Home, NOW, SharedLog, conformance, home, offer, registration},
};

fn fresh() -> (SharedLog, TempDir) {
    let folder = TempDir::new().expect("a temporary folder");
    (Arc::new(open(&folder).expect("a new database")), folder)
}

fn open(folder: &TempDir) -> Result<SqliteLog, LogError> {
    SqliteLog::open(&SqliteOptions::at(folder.path()))
}

fn beside(folder: &TempDir) -> Connection {
    Connection::open(folder.path().join(DATABASE)).expect("the database's file")
}

conformance!(fresh);

mod rules {
    use super::{beside, fresh};
    use crate::log::conformance::Ledger;

    fn ledger() -> Ledger {
        let (log, folder) = fresh();
        let raise = move || {
            beside(&folder).execute("UPDATE space SET epoch = epoch + 1", []).expect("the next epoch");
        };
        Ledger::new(log, raise)
    }

    satchel_ledger::conformance!(ledger);

    /// What the simulator finds out about the log in memory holds for the one on the disk.
    #[test]
    fn the_database_answers_as_the_log_in_memory_does() {
        for seed in 0..4 {
            satchel_ledger::conformance::answer_alike(&mut ledger(), seed, 120);
        }
    }
}

#[tokio::test]
async fn opening_again_finds_everything_r34() {
    let folder = TempDir::new().expect("a temporary folder");
    let (secret, home) = {
        let log = open(&folder).expect("a new database");
        let home = home(&log, 1).await;
        home.push(&log, PushMode::Each, vec![home.write(1, None, b"kept")]).await;
        log.close().await.expect("closes");
        (log.secret(), home)
    };
    let log = open(&folder).expect("the same database");
    assert_eq!(log.secret(), secret);
    assert_eq!(home.read_all(&log, 0, 10).await.0.len(), 1);
}

#[tokio::test]
async fn a_deleted_space_leaves_no_row_in_any_table_but_the_word_that_did_it() {
    let (log, folder) = fresh();
    let (gone, stays) = (home(&*log, 1).await, home(&*log, 2).await);
    for home in [gone, stays] {
        home.push(&*log, PushMode::Each, vec![home.write(1, None, b"canary")]).await;
    }
    let Session { account, device, slot, .. } = gone.session;
    let deletion =
        Deletion { account, device, slot, login_key: [1; 32], space: gone.space, signed: vec![7; 9] };
    let stale = Deletion { login_key: [9; 32], ..deletion.clone() };
    assert_eq!(log.delete_space(stale, NOW).await.expect("storage answers"), Ok(Deleted::Stale));
    let theirs = Deletion { space: stays.space, ..deletion.clone() };
    assert_eq!(log.delete_space(theirs, NOW).await.expect("storage answers"), Err(Denied::NotMember));
    assert_eq!(log.delete_space(deletion, NOW).await.expect("storage answers"), Ok(Deleted::Done));
    let file = beside(&folder);
    let rows = |table: &str, space: SpaceId| -> i64 {
        let sql = format!("SELECT count(*) FROM {table} WHERE space_id = ?1");
        file.query_row(&sql, [space.0], |row| row.get(0)).expect("a table of spaces")
    };
    let tables = "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.name = 'space_id'";
    let mut statement = file.prepare(tables).expect("the schema");
    let names = statement.query_map([], |row| row.get::<_, String>(0)).expect("the tables");
    let mut names: Vec<String> = names.map(|name| name.expect("a name")).collect();
    names.retain(|name| name != "deleted");
    assert!(names.len() > 5, "{names:?}");
    for name in names {
        assert_eq!(rows(&name, gone.space), 0, "{name}");
    }
    assert_eq!((rows("deleted", gone.space), rows("record", stays.space)), (1, 1));
}

#[tokio::test]
async fn a_newer_database_is_left_alone_r34() {
    let folder = TempDir::new().expect("a temporary folder");
    drop(open(&folder).expect("a new database"));
    beside(&folder).pragma_update(None, "user_version", 99).expect("a version");
    let refused = open(&folder).err().expect("refused");
    assert!(matches!(refused, LogError::Newer { found: 99, known: 11 }));
    assert!(refused.to_string().contains("newer server"));
}

/// What the first version of the schema held is there after every later step, and takes graves.
#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_r34() {
    let folder = TempDir::new().expect("a temporary folder");
    let old = beside(&folder);
    old.execute_batch(include_str!("migrations/0001_initial.sql")).expect("the first schema");
    old.execute_batch(
        "INSERT INTO account VALUES (zeroblob(16), zeroblob(32), 65536, 3, 1, zeroblob(16), x'01', x'02');
         INSERT INTO space VALUES (zeroblob(16), 7, zeroblob(16), 1, 0);
         INSERT INTO member VALUES (zeroblob(16), zeroblob(16), 4);
         INSERT INTO record VALUES
             (zeroblob(16), randomblob(16), randomblob(32), 7, 1, 1, 1, NULL, -1, 1234, x'05060708'),
             (zeroblob(16), zeroblob(16), randomblob(32), 3, 1, 0, 1, zeroblob(32), 9, 1200, x'01020304');
         PRAGMA user_version = 1;
         PRAGMA application_id = 0x53746368;",
    )
    .expect("two records");
    drop(old);

    let log = open(&folder).expect("brought up");
    let account = log.account(AccountId([0; 16])).await.expect("storage answers").expect("still there");
    let kdf = Kdf { memory_kib: 65_536, passes: 3, lanes: 1, salt: [0; 16] };
    let slot = SlotRecord { id: SlotId::PASSPHRASE, kdf: Some(kdf), login_key: [0; 32], sealed: vec![1] };
    assert_eq!((account.content.slots, account.content.keyring), (vec![slot], vec![2]));
    let session = Session {
        account: AccountId([0; 16]),
        device: DeviceId(9),
        slot: SlotId::PASSPHRASE,
        expires_ms: NOW + 1,
    };
    let home = Home { session, space: SpaceId([0; 16]) };
    let (rows, space) = home.read_all(&log, 0, 10).await;
    assert_eq!(rows.iter().map(|row| (row.seq, row.received_ms)).collect::<Vec<_>>(), [(3, 1200), (7, 1234)]);
    assert_eq!(
        rows.iter().map(|row| &row.envelope.ciphertext[..]).collect::<Vec<_>>(),
        [[1, 2, 3, 4], [5, 6, 7, 8]]
    );
    let headers = [&rows[0].envelope.header, &rows[1].envelope.header];
    assert_eq!(headers.map(|header| header.stream), [Stream::State, Stream::History]);
    assert_eq!(headers.map(|header| header.replaces), [Some(Etag([0; 32])), None]);
    let mut grave = home.write(8, None, b"grave");
    grave.header.stream = Stream::Grave;
    assert_eq!(home.each(&log, vec![grave]).await, [Verdict::Accepted { seq: space.head + 1 }]);
}

/// Each is the only part of its device.
#[tokio::test]
async fn what_was_handed_over_before_there_were_parts_is_still_taken_in_r34() {
    let folder = TempDir::new().expect("a temporary folder");
    let old = beside(&folder);
    STEPS[..10].iter().for_each(|step| old.execute_batch(step).expect("a step"));
    old.execute_batch(
        "INSERT INTO account (account_id, revision, keyring, proof) VALUES (zeroblob(16), 1, x'02', zeroblob(32));
         INSERT INTO handover (account_id, device_id, handed_ms, sealed, space_id)
             VALUES (zeroblob(16), 5, 9, x'0102', zeroblob(16)), (zeroblob(16), 6, 8, x'03', NULL);
         PRAGMA user_version = 10;
         PRAGMA application_id = 0x53746368;",
    )
    .expect("two handovers");
    drop(old);

    let (log, account) = (open(&folder).expect("brought up"), AccountId([0; 16]));
    for (device, sealed) in [(DeviceId(5), vec![1, 2]), (DeviceId(6), vec![3])] {
        let there = log.handed_over(account, device).await.expect("storage answers");
        assert_eq!(there.as_ref(), Some(&sealed));
        let taken = HandoverTaken { device, content: Etag::of(&sealed).0 };
        log.drop_handover(account, taken).await.expect("storage answers");
        assert_eq!(log.handed_over(account, device).await.expect("storage answers"), None);
    }
}

#[test]
fn only_a_database_of_ours_is_opened() {
    let junk = TempDir::new().expect("a temporary folder");
    std::fs::write(junk.path().join(DATABASE), vec![0x5a; 8_192]).expect("written");
    assert!(matches!(open(&junk), Err(LogError::Damaged)));

    let foreign = TempDir::new().expect("a temporary folder");
    beside(&foreign).execute_batch("CREATE TABLE other (x)").expect("a table");
    assert!(matches!(open(&foreign), Err(LogError::Damaged)));
}

#[test]
fn one_server_a_directory() {
    let folder = TempDir::new().expect("a temporary folder");
    let first = open(&folder).expect("a new database");
    assert!(matches!(open(&folder), Err(LogError::InUse)));
    let options = SqliteOptions::at(folder.path());
    assert!(matches!(SqliteLog::renew_incarnations(&options), Err(LogError::InUse)));
    drop(first);
    assert!(open(&folder).is_ok());
}

#[tokio::test]
async fn a_restored_directory_gets_a_new_incarnation() {
    let folder = TempDir::new().expect("a temporary folder");
    let (before, home) = {
        let log = open(&folder).expect("a new database");
        let home = home(&log, 1).await;
        let new = NewSession { token: [1; 32], nonce: [1; 32], session: home.session };
        log.open_session(new, NOW).await.expect("opened");
        let Registered::AlreadyThere(Some(space)) =
            log.register(registration(1), NOW).await.expect("storage answers")
        else {
            panic!("the account is there");
        };
        (space.incarnation, home)
    };
    let spaces = SqliteLog::renew_incarnations(&SqliteOptions::at(folder.path())).expect("renewed");
    assert_eq!(spaces, 1);
    let log = open(&folder).expect("the same database");
    let mut push = offer(PushMode::Each, Vec::new());
    push.incarnation = Some(before);
    let Err(Denied::Ledger(Rule::Incarnation(after))) = home.offer(&log, push).await else {
        panic!("denied")
    };
    assert_ne!(after, before);
    assert_eq!(log.session([1; 32], NOW).await.expect("storage answers"), None);
}

#[tokio::test]
async fn a_full_disk_stops_writing_and_nothing_else() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut options = SqliteOptions::at(folder.path());
    options.max_bytes = Some(512 * 1024);
    let log = SqliteLog::open(&options).expect("a new database");
    let home = home(&log, 1).await;
    let mut stored = 0;
    let full = loop {
        let write = home.write(stored, None, &vec![stored as u8; 50_000]);
        let push = offer(PushMode::Each, vec![write]);
        match log.push(home.session, home.space, push, NOW).await {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(full, LogError::Full), "{full:?}");
    assert!(stored > 3);
    let (rows, space) = home.read_all(&log, 0, 100).await;
    assert_eq!((rows.len() as u32, space.head), (stored, u64::from(stored)));
    let small = home.write(1_000, None, b"small");
    let again = home.each(&log, vec![small]).await;
    assert_eq!(again, [Verdict::Accepted { seq: space.head + 1 }], "no number was lost");
}

#[tokio::test]
async fn trouble_of_one_stays_its_own_in_a_group() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut options = SqliteOptions::at(folder.path());
    options.max_bytes = Some(1 << 20);
    let log = SqliteLog::open(&options).expect("a new database");
    let home = home(&log, 1).await;
    // While another process holds the database the first write waits, and the rest queue up as a group.
    let other = beside(&folder);
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let release = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        other.execute_batch("ROLLBACK").expect("the end");
    };
    let first = home.each(&log, vec![home.write(100, None, b"first")]);
    let large = (0..5).map(|record| home.write(record, None, &vec![record as u8; 250_000])).collect();
    let too_much = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        log.push(home.session, home.space, offer(PushMode::Each, large), NOW).await
    };
    let small = (10..30).map(async |record| {
        tokio::time::sleep(Duration::from_millis(100)).await;
        home.each(&log, vec![home.write(record, None, b"small")]).await
    });
    let small = futures_util::future::join_all(small);
    let ((), _, too_much, small) = tokio::join!(release, first, too_much, small);
    assert!(matches!(too_much, Err(LogError::Full)));
    assert!(small.iter().all(|verdicts| matches!(verdicts[..], [Verdict::Accepted { .. }])));
    assert_eq!(home.read_all(&log, 0, 100).await.0.len(), 21);
}

/// A backup tool that holds the database costs everybody one wait, not one wait each.
#[tokio::test]
async fn whoever_holds_the_database_is_waited_for_once() {
    let (log, folder) = fresh();
    let home = home(&*log, 1).await;
    let other = beside(&folder);
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let pushes = (0..20).map(|record| {
        let push = offer(PushMode::Each, vec![home.write(record, None, b"x")]);
        log.push(home.session, home.space, push, NOW)
    });
    let begun = Instant::now();
    let outcomes = futures_util::future::join_all(pushes).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(LogError::Busy))), "{outcomes:?}");
    assert!(begun.elapsed() < 4 * BUSY, "{:?}", begun.elapsed());
    assert!(home.read_all(&*log, 0, 10).await.0.is_empty(), "readers go on");
    other.execute_batch("ROLLBACK").expect("the end");
    home.each(&*log, vec![home.write(1, None, b"x")]).await;
}

#[tokio::test]
async fn viewers_read_only() {
    let (log, folder) = fresh();
    let home = home(&*log, 1).await;
    beside(&folder).execute("UPDATE member SET role = 1", []).expect("a viewer");
    let push = offer(PushMode::Each, vec![home.write(1, None, b"x")]);
    assert_eq!(home.offer(&*log, push).await, Err(Denied::ReadOnly));
    assert_eq!(home.read_all(&*log, 0, 10).await.1.head, 0);
}

#[tokio::test]
async fn damaged_rows_are_an_error_not_a_panic() {
    let (log, folder) = fresh();
    let home = home(&*log, 1).await;
    home.each(&*log, vec![home.write(1, None, b"x")]).await;
    let beside = beside(&folder);
    beside.execute_batch("PRAGMA ignore_check_constraints = ON").expect("a pragma");
    beside.execute("UPDATE record SET record_id = x'01'", []).expect("damaged");
    let pulled =
        log.changes(home.session.account, home.space, Span { since: 0, limit: 10, floor: 0 }, NOW).await;
    assert!(matches!(pulled, Err(LogError::Damaged)), "{pulled:?}");
}

/// Records that are new, larger, smaller and dropped: the count that is kept is the count that is there.
#[tokio::test]
async fn what_a_space_is_said_to_hold_is_what_it_holds() {
    let (log, folder) = fresh();
    let home = home(log.as_ref(), 1).await;
    let first = home.write(1, None, &[1; 100]);
    let etag = first.etag();
    let buried = home.write(3, None, &[3; 50]);
    let mut grave = home.write(3, Some(buried.etag()), &[3; 20]);
    grave.header.stream = Stream::Grave;
    let pushes = [
        vec![first, home.write(2, None, &[2; 300]), buried],
        vec![home.write(1, Some(etag), &[1; 10]), grave],
    ];
    for writes in pushes {
        home.offer(log.as_ref(), offer(PushMode::Each, writes)).await.expect("within the quota");
        let [said, there] = super::quota::both(&beside(&folder), home.space).expect("readable");
        assert_eq!(said, there);
    }
    let dropped = log.purge(NOW + satchel_ledger::GRAVE_MS).await.expect("storage answers");
    assert_eq!(dropped, 1);
    let [said, there] = super::quota::both(&beside(&folder), home.space).expect("readable");
    assert_eq!((said, there), ((2, 310), (2, 310)));
}
