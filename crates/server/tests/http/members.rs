//! Membership over HTTP: who gets in, who may what, and who is out.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use ed25519_dalek::{Signer, SigningKey};
use satchel_members::{State, read};
use satchel_wire::members::{
    Append, Body, Change, Grant, InvitationId, LABEL, Member, MemberLog, OpenInvitation, PublicIdentity,
    Role, SealedName, SignedEntry, Turn,
};
use satchel_wire::{AccountId, CBOR, Refusal, SpaceId, SpaceState, Verdict, to_cbor};

use crate::client::{Device, Got, Site, offer};
use crate::hints::Stream;

const DAY: u64 = 86_400_000;

/// Somebody with a device and an identity.
struct Person {
    device: Device,
    identity: SigningKey,
}

impl Person {
    async fn ready(site: &Site, name: u8) -> Self {
        let device = Device::ready(site.net(), name).await;
        Self { device, identity: SigningKey::from_bytes(&[name | 0x40; 32]) }
    }

    fn account(&self) -> AccountId {
        self.device.register.account
    }

    fn member(&self) -> Member {
        let sign = self.identity.verifying_key().to_bytes();
        let identity = PublicIdentity { sign, receive: [self.account().0[0] | 0x20; 32] };
        let name = SealedName { epoch: 1, sealed: vec![1; 40] };
        Member { account: self.account(), identity, name }
    }

    fn sign(&self, body: &Body) -> SignedEntry {
        let body = body.bytes();
        let signature = signature(&self.identity, &body);
        SignedEntry { body, signature, invitation: None }
    }

    async fn offer(&self, space: SpaceId, append: &Append) -> Got {
        let path = format!("/v1/spaces/{}/members", space.to_hex());
        let headers = [("content-type", CBOR), ("authorization", self.device.bearer.as_str())];
        self.device.net.post(&path, &headers, to_cbor(append)).await
    }

    /// This person's device as it works in another's space.
    fn within(&self, space: SpaceId) -> Device {
        let mut device = self.device.clone();
        device.space = space;
        device
    }
}

fn signature(key: &SigningKey, body: &[u8]) -> [u8; 64] {
    key.sign(&[LABEL, body].concat()).to_bytes()
}

fn invite_id(who: &Person) -> InvitationId {
    InvitationId(who.account().0)
}

fn invite_key(who: &Person) -> SigningKey {
    SigningKey::from_bytes(&[who.account().0[0] | 0x80; 32])
}

/// A space with its log, as its owner sees it.
struct Team {
    owner: Person,
    space: SpaceId,
    state: State,
    now: u64,
}

impl Team {
    async fn found(site: &Site) -> Self {
        let owner = Person::ready(site, 1).await;
        let space = owner.device.space;
        let there = owner.device.push(Vec::new()).await.space;
        let entry = foundation(&owner, space, there.server_ms);
        let state = State::found(space, &entry).unwrap();
        let told: SpaceState = owner.offer(space, &plain(entry)).await.message();
        assert_eq!((told.members, told.epoch), (1, 1));
        Self { owner, space, state, now: there.server_ms }
    }

    fn entry(&self, by: &Person, change: Change) -> SignedEntry {
        by.sign(&self.state.next(by.account(), self.now, change))
    }

    fn inviting(&self, who: &Person, role: Role) -> Append {
        let key = invite_key(who).verifying_key().to_bytes();
        let expires_ms = self.now + DAY;
        let change = Change::Invite { id: invite_id(who), key, role, expires_ms };
        Append { entry: self.entry(&self.owner, change), welcome: Some(b"sealed".to_vec()), again: false }
    }

    fn joining(&self, who: &Person) -> Append {
        let change = Change::Join { invite: invite_id(who), member: who.member() };
        let mut entry = self.entry(who, change);
        entry.invitation = Some(signature(&invite_key(who), &entry.body));
        plain(entry)
    }

    fn removing(&self, who: &Person) -> Append {
        let stay = self.state.members().keys().filter(|account| **account != who.account());
        let grants = stay.map(|account| Grant { account: *account, sealed: vec![5; 81] }).collect();
        let epoch = self.state.epoch() + 1;
        let turn = Turn { epoch, commitment: [2; 32], grants, previous: vec![6; 61] };
        plain(self.entry(&self.owner, Change::Remove { accounts: vec![who.account()], turn }))
    }

    /// Offers what has to be taken.
    async fn take(&mut self, by: &Person, append: &Append) -> SpaceState {
        let told: SpaceState = by.offer(self.space, append).await.message();
        self.state.follow(&append.entry).unwrap();
        assert_eq!((told.members, told.epoch), (self.state.n(), self.state.epoch()));
        told
    }

    async fn owner_takes(&mut self, append: Append) -> SpaceState {
        let told: SpaceState = self.owner.offer(self.space, &append).await.message();
        self.state.follow(&append.entry).unwrap();
        told
    }

    async fn welcome(&mut self, who: &Person, role: Role) {
        self.owner_takes(self.inviting(who, role)).await;
        let joining = self.joining(who);
        self.take(who, &joining).await;
    }
}

fn plain(entry: SignedEntry) -> Append {
    Append { entry, welcome: None, again: false }
}

fn foundation(owner: &Person, space: SpaceId, at: u64) -> SignedEntry {
    let c = Change::Found { member: owner.member(), epoch: 1, commitment: [1; 32] };
    owner.sign(&Body { v: 1, space, n: 1, p: None, by: owner.account(), at, c })
}

#[tokio::test]
async fn an_editor_writes_and_a_viewer_reads() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (editor, viewer) = (Person::ready(&site, 2).await, Person::ready(&site, 3).await);
    team.welcome(&editor, Role::Editor).await;
    team.welcome(&viewer, Role::Viewer).await;
    let writing = editor.within(team.space);
    let accepted = [Verdict::Accepted { seq: 1 }];
    assert_eq!(writing.push(vec![writing.write(1, None, b"sealed")]).await.verdicts, accepted);
    // What a modified client would send, too.
    let reading = viewer.within(team.space);
    let pushed = reading.offer(&offer(vec![reading.write(2, None, b"x")])).await;
    assert_eq!(pushed.problem(), (403, "read-only".to_owned()));
    assert_eq!(reading.changes(0).await.rows.len(), 1);
    let log: MemberLog = reading.get("members").await.message();
    assert_eq!((log.entries.len(), log.space.members), (5, 5));
    let tail: MemberLog = reading.get("members?since=4").await.message();
    assert_eq!(tail.entries, log.entries[4..]);
    let mut again = viewer.device.clone();
    assert_eq!(again.sign_in().await.spaces.len(), 2, "an account may have several spaces");
}

#[tokio::test]
async fn a_role_counts_from_its_entry_on() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let who = Person::ready(&site, 2).await;
    team.welcome(&who, Role::Editor).await;
    let change = Change::Role { account: who.account(), role: Role::Viewer };
    team.owner_takes(plain(team.entry(&team.owner, change))).await;
    let device = who.within(team.space);
    let pushed = device.offer(&offer(vec![device.write(1, None, b"x")])).await;
    assert_eq!(pushed.problem(), (403, "read-only".to_owned()));
}

#[tokio::test]
async fn who_was_removed_reads_nothing_and_the_old_epoch_is_fenced() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let editor = Person::ready(&site, 2).await;
    team.welcome(&editor, Role::Editor).await;
    let device = editor.within(team.space);
    let mut stream = Stream::open(&device).await;
    assert_eq!(stream.head().await, 0);
    let told = team.owner_takes(team.removing(&editor)).await;
    assert_eq!(told.epoch, 2, "in the same commit");
    assert!(stream.piece().await.is_none(), "the stream ends");
    for what in ["changes", "digest", "hints"] {
        assert_eq!(device.get(what).await.problem(), (403, "not-a-member".to_owned()), "{what}");
    }
    let push = offer(vec![device.write(1, None, b"late")]);
    assert_eq!(device.offer(&push).await.problem(), (403, "not-a-member".to_owned()));
    // The owner's other device did not hear of it yet.
    let stale = team.owner.device.write(1, None, b"old");
    let refused = [Verdict::Refused { reason: Refusal::Epoch }];
    assert_eq!(team.owner.device.push(vec![stale.clone()]).await.verdicts, refused);
    let (mut fresh, mut push) = (stale, offer(Vec::new()));
    fresh.header.epoch = 2;
    (push.epoch, push.writes) = (2, vec![fresh]);
    let answer: satchel_wire::PushAnswer = team.owner.device.offer(&push).await.message();
    assert_eq!(answer.verdicts, [Verdict::Accepted { seq: 1 }]);
    let mut again = editor.device.clone();
    assert_eq!(again.sign_in().await.spaces, [editor.device.space]);
}

/// By which entry she went is signed, and she can hold the server to it; what comes after is not told her.
#[tokio::test]
async fn who_was_removed_reads_the_log_up_to_that_and_nothing_after_it() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (editor, leaver) = (Person::ready(&site, 2).await, Person::ready(&site, 3).await);
    let stranger = Person::ready(&site, 4).await;
    team.welcome(&editor, Role::Editor).await;
    team.welcome(&leaver, Role::Editor).await;
    let left = team.entry(&leaver, Change::Leave);
    let told: SpaceState = leaver.offer(team.space, &plain(left.clone())).await.message();
    team.state.follow(&left).expect("anybody may leave");
    team.owner_takes(team.removing(&editor)).await;
    team.owner_takes(team.inviting(&stranger, Role::Viewer)).await;
    let all: MemberLog = team.owner.device.get("members").await.message();
    for (who, last) in [(&leaver, told.members), (&editor, told.members + 1)] {
        let device = who.within(team.space);
        let log: MemberLog = device.get("members").await.message();
        assert_eq!(log.entries, all.entries[..usize::try_from(last).unwrap()]);
        assert_eq!(
            (log.space.members, log.space.head, log.space.epoch),
            (last, 0, 1),
            "nothing of the space"
        );
        let tail: MemberLog = device.get(&format!("members?since={}", last - 1)).await.message();
        assert_eq!(tail.entries.len(), 1);
    }
    let got = stranger.within(team.space).get("members").await;
    assert_eq!(got.problem(), (403, "not-a-member".to_owned()));
}

#[tokio::test]
async fn forged_entries_are_refused() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (editor, stranger) = (Person::ready(&site, 2).await, Person::ready(&site, 3).await);
    team.welcome(&editor, Role::Editor).await;
    let up = Change::Role { account: editor.account(), role: Role::Owner };
    let honest = team.entry(&team.owner, up.clone());
    let mut bent = honest.clone();
    bent.signature[0] ^= 1;
    let mut by_editor = honest.clone();
    by_editor.signature = signature(&editor.identity, &honest.body);
    let own = team.entry(&editor, up.clone());
    let outside = team.entry(&stranger, up.clone());
    let mut elsewhere = team.state.next(team.owner.account(), team.now, up.clone());
    elsewhere.space = SpaceId([77; 16]);
    let table: [(&Person, SignedEntry, u16, &str); 7] = [
        (&team.owner, bent, 403, "signature"),
        (&team.owner, by_editor, 403, "signature"),
        (&editor, honest.clone(), 403, "signature"),
        (&editor, own, 403, "not-allowed"),
        (&stranger, outside, 403, "not-a-member"),
        (&team.owner, team.owner.sign(&elsewhere), 400, "malformed"),
        (&stranger, foundation(&stranger, team.space, team.now), 403, "not-a-member"),
    ];
    for (by, entry, status, code) in table {
        let got = by.offer(team.space, &plain(entry)).await;
        assert_eq!(got.problem(), (status, code.to_owned()));
    }
    let log: MemberLog = team.owner.device.get("members").await.message();
    assert_eq!(log.entries.len(), 3, "nothing was stored");
}

#[tokio::test]
async fn of_two_at_once_one_is_told_and_the_same_again_is_a_success() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (a, b) = (Person::ready(&site, 2).await, Person::ready(&site, 3).await);
    let (first, second) = (team.inviting(&a, Role::Editor), team.inviting(&b, Role::Editor));
    team.owner_takes(first.clone()).await;
    let got = team.owner.offer(team.space, &second).await;
    assert_eq!(got.problem(), (409, "members-moved".to_owned()));
    let again: SpaceState = team.owner.offer(team.space, &first).await.message();
    assert_eq!(again.members, 2);
    team.owner_takes(team.inviting(&b, Role::Editor)).await;
}

#[tokio::test]
async fn who_was_removed_does_not_hear_how_the_space_goes_on() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let editor = Person::ready(&site, 2).await;
    team.welcome(&editor, Role::Editor).await;
    let log: MemberLog = team.owner.device.get("members").await.message();
    team.owner_takes(team.removing(&editor)).await;
    for entry in log.entries {
        for again in [false, true] {
            let append = Append { again, ..plain(entry.clone()) };
            let got = editor.offer(team.space, &append).await;
            assert_eq!(got.problem().0, 403, "not even that it is there");
        }
    }
}

#[tokio::test]
async fn what_a_copy_lacks_is_said_again_by_whoever_decides_over_members() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (admin, editor) = (Person::ready(&site, 2).await, Person::ready(&site, 3).await);
    team.welcome(&admin, Role::Admin).await;
    team.welcome(&editor, Role::Editor).await;
    let log: MemberLog = team.owner.device.get("members").await.message();
    // The copy is as old as the foundation, and put back when every invitation has long expired.
    let now = team.now + 90 * DAY;
    let copy = Site::with(|config| config.clock = Arc::new(move || now)).await;
    let (owner, admin, editor) =
        (Person::ready(&copy, 1).await, Person::ready(&copy, 2).await, Person::ready(&copy, 3).await);
    let entry = |n: usize| log.entries[n - 1].clone();
    let again = |n: usize| Append { again: true, ..plain(entry(n)) };
    assert_eq!(admin.offer(team.space, &again(1)).await.problem(), (403, "signature".to_owned()));
    let _: SpaceState = owner.offer(team.space, &plain(entry(1))).await.message();
    let welcoming = Append { welcome: Some(b"sealed".to_vec()), ..again(2) };
    let table = [
        (&owner, plain(entry(2)), 400, "malformed"),
        (&owner, welcoming, 400, "malformed"),
        (&owner, again(3), 409, "members-moved"),
        (&admin, again(2), 403, "not-a-member"),
    ];
    for (by, append, status, code) in table {
        assert_eq!(by.offer(team.space, &append).await.problem(), (status, code.to_owned()));
    }
    for (by, n) in [(&owner, 2), (&owner, 3), (&admin, 4), (&admin, 5)] {
        let told: SpaceState = by.offer(team.space, &again(n)).await.message();
        assert_eq!(told.members, n as u64);
    }
    let removing = Append { again: true, ..team.removing(&editor) };
    assert_eq!(editor.offer(team.space, &removing).await.problem(), (403, "not-allowed".to_owned()));
    let healed: MemberLog = owner.device.get("members").await.message();
    assert_eq!(healed.entries, log.entries);
}

#[tokio::test]
async fn a_link_lives_again_when_who_made_it_brings_its_welcome() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (admin, guest) = (Person::ready(&site, 2).await, Person::ready(&site, 3).await);
    team.welcome(&admin, Role::Admin).await;
    let inviting = team.inviting(&guest, Role::Editor);
    team.owner_takes(inviting.clone()).await;
    let log: MemberLog = team.owner.device.get("members").await.message();
    let copy = Site::open().await;
    let (owner, admin) = (Person::ready(&copy, 1).await, Person::ready(&copy, 2).await);
    let _: SpaceState = owner.offer(team.space, &plain(log.entries[0].clone())).await.message();
    for entry in &log.entries[1..] {
        let again = Append { again: true, ..plain(entry.clone()) };
        let _: SpaceState = owner.offer(team.space, &again).await.message();
    }
    let path = format!("/v1/invitations/{}", invite_id(&guest).to_hex());
    let gone = (404, "not-found".to_owned());
    assert_eq!(copy.net().get(&path, &[]).await.problem(), gone, "its welcome was lost");
    let too_large = Append { welcome: Some(vec![1; 5_000]), ..inviting.clone() };
    let _: SpaceState = owner.offer(team.space, &too_large).await.message();
    assert_eq!(admin.offer(team.space, &inviting).await.problem(), (403, "signature".to_owned()));
    assert_eq!(copy.net().get(&path, &[]).await.problem(), gone);
    let told: SpaceState = owner.offer(team.space, &inviting).await.message();
    assert_eq!(told.members, log.entries.len() as u64, "nothing is appended");
    let open: OpenInvitation = copy.net().get(&path, &[]).await.message();
    assert_eq!(Some(open.welcome), inviting.welcome);
    let used = Append { welcome: Some(b"of one that was used".to_vec()), ..plain(log.entries[1].clone()) };
    let _: SpaceState = owner.offer(team.space, &used).await.message();
    let path = format!("/v1/invitations/{}", invite_id(&admin).to_hex());
    assert_eq!(copy.net().get(&path, &[]).await.problem(), gone);
}

#[tokio::test]
async fn an_invitation_is_there_until_it_is_used_withdrawn_or_the_epoch_ends() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (a, b, c) =
        (Person::ready(&site, 2).await, Person::ready(&site, 3).await, Person::ready(&site, 4).await);
    let path = |who: &Person| format!("/v1/invitations/{}", invite_id(who).to_hex());
    for who in [&a, &b, &c] {
        team.owner_takes(team.inviting(who, Role::Editor)).await;
    }
    let open: OpenInvitation = site.net().get(&path(&a), &[]).await.message();
    assert_eq!((open.space, open.welcome.as_slice()), (team.space, b"sealed".as_slice()));
    let log: MemberLog = site.net().get(&format!("{}/members", path(&a)), &[]).await.message();
    assert_eq!(log.entries.len(), 4);
    let joining = team.joining(&a);
    team.take(&a, &joining).await;
    let withdrawn = Change::Withdraw { id: invite_id(&b) };
    team.owner_takes(plain(team.entry(&team.owner, withdrawn))).await;
    team.owner_takes(team.removing(&a)).await;
    for who in [&a, &b, &c] {
        for address in [path(who), format!("{}/members", path(who))] {
            assert_eq!(site.net().get(&address, &[]).await.problem(), (404, "not-found".to_owned()));
        }
        let got = who.offer(team.space, &team.joining(who)).await;
        assert_eq!(got.problem(), (410, "invitation".to_owned()));
    }
}

/// A link stays in the history of the browser that opened it. With the invitation goes what it would open: from the
/// disk too, for whoever copies that afterwards.
#[tokio::test]
async fn what_a_used_or_withdrawn_invitation_would_open_is_gone_from_the_disk() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (used, withdrawn, open) =
        (Person::ready(&site, 2).await, Person::ready(&site, 3).await, Person::ready(&site, 4).await);
    for (who, welcome) in [(&used, "WelcomeUsed"), (&withdrawn, "WelcomeWithdrawn"), (&open, "WelcomeOpen")] {
        let sealed = Some(welcome.repeat(20).into_bytes());
        let inviting = Append { welcome: sealed, ..team.inviting(who, Role::Editor) };
        team.owner_takes(inviting).await;
    }
    let joining = team.joining(&used);
    team.take(&used, &joining).await;
    let withdraw = Change::Withdraw { id: invite_id(&withdrawn) };
    team.owner_takes(plain(team.entry(&team.owner, withdraw))).await;
    let file = site.folder.path().join("data/satchel.sqlite3");
    let database = rusqlite::Connection::open(&file).unwrap();
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    let busy: i64 = database.query_row(checkpoint, [], |row| row.get(0)).unwrap();
    assert_eq!(busy, 0, "all of it is in one file");
    let stored = std::fs::read(file).unwrap();
    let has = |word: &str| stored.windows(word.len()).any(|bytes| bytes == word.as_bytes());
    assert!(has("WelcomeOpen"), "the search finds what is there");
    assert!(!has("WelcomeUsed") && !has("WelcomeWithdrawn"), "it lies on the disk");
}

#[tokio::test]
async fn nobody_comes_back_by_a_link_of_her_own_after_she_left() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let (admin, guest) = (Person::ready(&site, 2).await, Person::ready(&site, 3).await);
    team.welcome(&admin, Role::Admin).await;
    let inviting = team.inviting(&guest, Role::Editor);
    let own = Body { by: admin.account(), ..read(&inviting.entry).expect("an entry") };
    let own = Append { entry: admin.sign(&own), ..inviting };
    team.take(&admin, &own).await;
    let path = format!("/v1/invitations/{}", invite_id(&guest).to_hex());
    assert_eq!(site.net().get(&path, &[]).await.status, 200);
    let leaving = plain(team.entry(&admin, Change::Leave));
    team.take(&admin, &leaving).await;
    assert_eq!(site.net().get(&path, &[]).await.problem(), (404, "not-found".to_owned()));
    let got = guest.offer(team.space, &team.joining(&guest)).await;
    assert_eq!(got.problem(), (410, "invitation".to_owned()));
    // A log from before: in it she came back, and an admin's device says it again.
    let joining = Append { again: true, ..team.joining(&guest) };
    team.owner_takes(joining).await;
}

#[tokio::test]
async fn no_invitation_is_open_for_longer_however_it_is_brought() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let guest = Person::ready(&site, 2).await;
    let until = |team: &Team, expires_ms: u64| {
        let (id, key) = (invite_id(&guest), invite_key(&guest).verifying_key().to_bytes());
        let change = Change::Invite { id, key, role: Role::Editor, expires_ms };
        // She says that it is made next year, too.
        let body = team.state.next(team.owner.account(), expires_ms - DAY, change);
        Append { again: true, ..plain(team.owner.sign(&body)) }
    };
    let got = team.owner.offer(team.space, &until(&team, team.now + 365 * DAY)).await;
    assert_eq!(got.problem(), (400, "malformed".to_owned()));
    team.owner_takes(until(&team, team.now + 30 * DAY)).await;
}

#[tokio::test]
async fn an_invitation_expires_by_the_server_s_clock() {
    let time = Arc::new(AtomicU64::new(1_800_000_000_000));
    let clock = Arc::clone(&time);
    let site = Site::with(|config| config.clock = Arc::new(move || clock.load(Ordering::SeqCst))).await;
    let mut team = Team::found(&site).await;
    let mut late = Person::ready(&site, 2).await;
    team.owner_takes(team.inviting(&late, Role::Editor)).await;
    time.fetch_add(DAY + 1, Ordering::SeqCst);
    late.device.sign_in().await;
    // She says that it is yesterday.
    let got = late.offer(team.space, &team.joining(&late)).await;
    assert_eq!(got.problem(), (410, "invitation".to_owned()));
    let path = format!("/v1/invitations/{}", invite_id(&late).to_hex());
    assert_eq!(site.net().get(&path, &[]).await.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn an_invitation_has_a_welcome_of_some_size_and_an_end() {
    let site = Site::open().await;
    let team = Team::found(&site).await;
    let who = Person::ready(&site, 2).await;
    let good = team.inviting(&who, Role::Editor);
    let key = invite_key(&who).verifying_key().to_bytes();
    let until = |expires_ms| Append {
        entry: team
            .entry(&team.owner, Change::Invite { id: invite_id(&who), key, role: Role::Editor, expires_ms }),
        welcome: Some(b"sealed".to_vec()),
        again: false,
    };
    let table = [
        Append { welcome: None, ..good.clone() },
        Append { welcome: Some(Vec::new()), ..good.clone() },
        Append { welcome: Some(vec![0; 5_000]), ..good },
        until(team.now - DAY),
        until(team.now + 60 * DAY),
    ];
    for append in table {
        let got = team.owner.offer(team.space, &append).await;
        assert_eq!(got.problem(), (400, "malformed".to_owned()));
    }
}

#[tokio::test]
async fn an_account_founds_another_space() {
    let site = Site::open().await;
    let person = Person::ready(&site, 1).await;
    let space = SpaceId([50; 16]);
    let founded = plain(foundation(&person, space, 1));
    let told: SpaceState = person.offer(space, &founded).await.message();
    assert_eq!((told.head, told.members), (0, 1));
    let device = person.within(space);
    let accepted = [Verdict::Accepted { seq: 1 }];
    assert_eq!(device.push(vec![device.write(1, None, b"x")]).await.verdicts, accepted);
    let thief = Person::ready(&site, 2).await;
    let got = thief.offer(space, &plain(foundation(&thief, space, 1))).await;
    assert_eq!(got.problem(), (403, "not-a-member".to_owned()));
}

#[tokio::test]
async fn guessing_invitations_is_rationed() {
    let site = Site::with(|config| {
        config.limits.attempts = 3;
        config.limits.attempts_per_minute = 1;
    })
    .await;
    let path = format!("/v1/invitations/{}", "ab".repeat(16));
    for _ in 0..3 {
        assert_eq!(site.net().get(&path, &[]).await.status, 404);
    }
    assert_eq!(site.net().get(&path, &[]).await.problem().0, 429);
    let odd = site.net().get("/v1/invitations/AB", &[]).await;
    assert_eq!(odd.status, 429, "whatever is asked");
}

#[tokio::test]
async fn who_was_invited_registers_without_a_space() {
    let site = Site::open().await;
    let mut team = Team::found(&site).await;
    let mut device = Device::new(site.net(), 2);
    device.register.space = None;
    assert_eq!(site.net().tell("/v1/accounts", &device.register).await.status, 201);
    assert_eq!(site.net().tell("/v1/accounts", &device.register).await.status, 200, "the same again");
    let mut with_space = device.register.clone();
    with_space.space = Some(SpaceId([2; 16]));
    assert_eq!(site.net().tell("/v1/accounts", &with_space).await.problem().0, 409, "not later by the way");
    assert_eq!(device.sign_in().await.spaces, []);
    let who = Person { device, identity: SigningKey::from_bytes(&[0x42; 32]) };
    team.welcome(&who, Role::Editor).await;
    let mut again = who.device.clone();
    assert_eq!(again.sign_in().await.spaces, [team.space]);
}
