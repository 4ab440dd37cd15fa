//! Every sealed format, kept for ever: each vector is sealed again from its fixed entropy, byte for
//! byte, and opened. The files were written by another implementation, from the description alone.

use crate::support::Fixed;
use satchel_vault::{
    AccountKey, AccountSecret, BackupKey, BackupReader, BackupWriter, ChunkPlace, Commitment, ContentKey,
    Identity, InvitationSecret, Keyring, LocalKey, OpenError, PageKey, PagePlace, Passphrase, RecoveryCode,
    SealedKeyring, SealedLocal, Signer, SigningKeys, Slot, SlotKeys, SpaceKey, Way, Welcome, backup_header,
    derive_keys, open_file_chunk, open_grant, open_keyring, open_local, open_name, open_page, open_previous,
    open_record, open_slot, open_welcome, passkey_input, passkey_keys, seal_file_chunk, seal_grant,
    seal_keyring, seal_local, seal_name, seal_page, seal_previous, seal_record, seal_slot, seal_welcome,
};
use satchel_wire::members::{EntryHash, PublicIdentity, Role, SealedName};
use satchel_wire::{
    AccountContent, AccountId, Challenge, DeviceId, Envelope, Etag, FileId, Kdf, RecordId, SlotId,
    SlotRecord, SpaceId, Stream,
};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// The cases of a file of vectors.
macro_rules! cases {
    ($file:literal) => {
        serde_json::from_str::<Vec<Value>>(include_str!(concat!("../vectors/", $file))).unwrap()
    };
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap()
}

fn bytes(case: &Value, field: &str) -> Vec<u8> {
    hex(text(case, field))
}

fn hex(text: &str) -> Vec<u8> {
    let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    text.as_bytes().chunks(2).map(digits).collect()
}

fn array<const N: usize>(case: &Value, field: &str) -> [u8; N] {
    bytes(case, field).try_into().unwrap()
}

fn number(case: &Value, field: &str) -> u32 {
    case[field].as_u64().unwrap().try_into().unwrap()
}

fn device(case: &Value) -> DeviceId {
    DeviceId(u64::from_str_radix(text(case, "device"), 16).unwrap())
}

fn fixed(case: &Value, field: &str) -> Fixed {
    Fixed(bytes(case, field))
}

fn account_key(case: &Value) -> AccountKey {
    AccountKey::make(&mut fixed(case, "account_key")).unwrap()
}

fn kdf(case: &Value) -> Kdf {
    let case = &case["kdf"];
    Kdf {
        memory_kib: number(case, "memory_kib"),
        passes: number(case, "passes"),
        lanes: number(case, "lanes"),
        salt: array(case, "salt"),
    }
}

fn keys(case: &Value) -> (AccountId, Kdf, SlotKeys) {
    let secret = AccountSecret::from_bytes(array(case, "secret"));
    let passphrase = Passphrase::new(text(case, "passphrase"), |text| text.nfkc().collect());
    let kdf = kdf(case);
    let keys = derive_keys(&secret, &passphrase, &kdf).unwrap();
    (secret.account_id(), kdf, keys)
}

fn space_key(case: &Value) -> SpaceKey {
    let space = SpaceId(array(case, "space"));
    SpaceKey::make(space, number(case, "epoch"), &mut fixed(case, "key")).unwrap()
}

fn keyring(entries: &[Value]) -> Keyring {
    let mut ring = Keyring::default();
    for entry in entries {
        ring.insert(text(entry, "name"), space_key(entry)).unwrap();
    }
    ring
}

#[test]
fn device_code_1() {
    for case in cases!("device-code-1.json") {
        let secret = AccountSecret::from_bytes(array(&case, "secret"));
        assert_eq!(secret.device_code().as_str(), text(&case, "code"));
        assert_eq!(secret.account_id().to_hex(), text(&case, "account"));
        let read = AccountSecret::from_device_code(text(&case, "code")).unwrap();
        assert_eq!(read.as_bytes(), secret.as_bytes());
    }
}

#[test]
fn slot_1() {
    for case in cases!("slot-1.json") {
        let (account, kdf, keys) = keys(&case);
        let (key, way) = (account_key(&case), Way::Passphrase(&kdf));
        let mut entropy = fixed(&case, "nonce");
        let slot = seal_slot(&key, &keys.unlock, account, way, &mut entropy).unwrap();
        assert_eq!(slot.into_bytes(), bytes(&case, "sealed"));
        let opened = open_slot(&Slot::from(bytes(&case, "sealed")), &keys.unlock, account, way).unwrap();
        let again = seal_slot(&opened, &keys.unlock, account, way, &mut fixed(&case, "nonce")).unwrap();
        assert_eq!(again.into_bytes(), bytes(&case, "sealed"));
    }
}

/// Seals the case's account key again, and opens what is kept.
fn slot_opens(case: &Value, account: AccountId, keys: &SlotKeys, way: Way<'_>) {
    assert_eq!(keys.login.public().to_vec(), bytes(case, "public"));
    let key = account_key(case);
    let sealed = seal_slot(&key, &keys.unlock, account, way, &mut fixed(case, "nonce")).unwrap();
    assert_eq!(sealed.into_bytes(), bytes(case, "sealed"));
    let opened = open_slot(&Slot::from(bytes(case, "sealed")), &keys.unlock, account, way).unwrap();
    let again = seal_slot(&opened, &keys.unlock, account, way, &mut fixed(case, "nonce")).unwrap();
    assert_eq!(again.into_bytes(), bytes(case, "sealed"));
}

#[test]
fn recovery_1() {
    for case in cases!("recovery-1.json") {
        let secret = AccountSecret::from_bytes(array(&case, "secret"));
        let code = RecoveryCode::from_text(text(&case, "code")).unwrap();
        assert_eq!(code.text().as_str(), text(&case, "code"));
        slot_opens(&case, secret.account_id(), &code.keys(&secret), Way::Recovery);
    }
}

#[test]
fn passkey_1() {
    for case in cases!("passkey-1.json") {
        let secret = AccountSecret::from_bytes(array(&case, "secret"));
        let slot = SlotId(number(&case, "slot"));
        assert_eq!(passkey_input(&secret), array(&case, "input"));
        let keys = passkey_keys(&secret, &array(&case, "answer"), slot);
        slot_opens(&case, secret.account_id(), &keys, Way::Passkey(slot));
    }
}

#[test]
fn account_1() {
    for case in cases!("account-1.json") {
        let (key, account) = (ContentKey::derive(&account_key(&case)), AccountId(array(&case, "account")));
        let slot = SlotRecord {
            id: SlotId::PASSPHRASE,
            kdf: Some(kdf(&case)),
            login_key: array(&case, "public"),
            sealed: bytes(&case, "sealed"),
        };
        let content = key.content(account, 7, vec![slot], bytes(&case, "keyring"));
        assert_eq!(content.proof, array(&case, "proof"));
        assert!(key.verify(account, &content) && !key.verify(AccountId([9; 16]), &content));
        let changed: [fn(&mut AccountContent); 5] = [
            |content| content.revision += 1,
            |content| content.slots[0].sealed[0] ^= 1,
            |content| content.slots.clear(),
            |content| content.keyring.push(0),
            |content| content.proof[31] ^= 1,
        ];
        for change in changed {
            let mut other = content.clone();
            change(&mut other);
            assert!(!key.verify(account, &other), "{other:?}");
        }
    }
}

#[test]
fn login_2() {
    for case in cases!("login-2.json") {
        let secret = AccountSecret::from_bytes(array(&case, "secret"));
        let code = RecoveryCode::from_text(text(&case, "code")).unwrap();
        let (login, server_ms) = (code.keys(&secret).login, case["server_ms"].as_u64().unwrap());
        let challenge = Challenge { nonce: array(&case, "nonce"), kdf: None, server_ms };
        let (account, slot) = (secret.account_id(), SlotId(number(&case, "slot")));
        let signer = Signer { account, slot, device: device(&case) };
        let signed = login.sign_login(text(&case, "host"), &challenge, signer);
        assert_eq!(signed.statement, bytes(&case, "statement"));
        assert_eq!(signed.signature, bytes(&case, "signature"));
        let content = AccountContent {
            revision: 8,
            slots: Vec::new(),
            keyring: bytes(&case, "keyring"),
            proof: array(&case, "proof"),
        };
        let replaces = case["replaces"].as_u64().unwrap();
        let change = login.sign_change(text(&case, "host"), &challenge, signer, replaces, &content);
        assert_eq!(change.content, bytes(&case, "change_content"));
        assert_eq!(change.statement, bytes(&case, "change_statement"));
        assert_eq!(change.signature, bytes(&case, "change_signature"));
    }
}

#[test]
fn keyring_1() {
    for case in cases!("keyring-1.json") {
        let entries = case["entries"].as_array().unwrap();
        let (key, account) = (account_key(&case), AccountId(array(&case, "account")));
        let sealed = seal_keyring(&keyring(entries), &key, account, &mut fixed(&case, "nonce")).unwrap();
        assert_eq!(sealed.into_bytes(), bytes(&case, "sealed"));
        let ring = open_keyring(&SealedKeyring::from(bytes(&case, "sealed")), &key, account).unwrap();
        for entry in entries {
            let (space, epoch) = (SpaceId(array(entry, "space")), number(entry, "epoch"));
            let held = ring.key(space, epoch).unwrap();
            assert_eq!(held.commitment(), space_key(entry).commitment());
            assert!(ring.spaces().contains(&(space, text(entry, "name"))));
        }
    }
}

#[test]
fn record_1() {
    for case in cases!("record-1.json") {
        let key = space_key(&case);
        let stream = match text(&case, "stream") {
            "state" => Stream::State,
            "history" => Stream::History,
            "grave" => Stream::Grave,
            other => panic!("{other} is no stream"),
        };
        let replaces = case["replaces"].as_str().map(|text| Etag(hex(text).try_into().unwrap()));
        let header = key.header(RecordId(array(&case, "record")), stream, replaces, device(&case));
        let sealed =
            seal_record(&key, header, &bytes(&case, "plaintext"), &mut fixed(&case, "nonce")).unwrap();
        assert_eq!(sealed.ciphertext, bytes(&case, "ciphertext"));
        assert_eq!(sealed.etag(), Etag(array(&case, "etag")));
        let kept = Envelope { header, ciphertext: bytes(&case, "ciphertext") };
        assert_eq!(open_record(&keyring(&[named(&case)]), &kept), Ok(bytes(&case, "plaintext")));
    }
}

/// The case as an entry of a keyring.
fn named(case: &Value) -> Value {
    let mut entry = case.clone();
    entry["name"] = "a space".into();
    entry
}

#[test]
fn local_1() {
    for case in cases!("local-1.json") {
        let key = LocalKey::derive(&account_key(&case));
        let (name, plaintext) = (text(&case, "name"), bytes(&case, "plaintext"));
        let sealed = seal_local(&key, name, &plaintext, &mut fixed(&case, "nonce")).unwrap();
        assert_eq!(sealed.into_bytes(), bytes(&case, "sealed"));
        let kept = SealedLocal::from(bytes(&case, "sealed"));
        assert_eq!(open_local(&key, name, &kept), Ok(plaintext));
    }
}

#[test]
fn local_name_1() {
    for case in cases!("local-name-1.json") {
        let key = LocalKey::derive(&account_key(&case));
        assert_eq!(key.name(&bytes(&case, "what")), array(&case, "name"));
    }
}

#[test]
fn chunk_1() {
    for case in cases!("chunk-1.json") {
        let key = SigningKeys::derive(&account_key(&case)).device(device(&case));
        let (space, body) = (SpaceId(array(&case, "space")), bytes(&case, "body"));
        assert_eq!(key.sign_chunk(space, &body), array(&case, "signature"));
        assert!(key.verify_chunk(space, &body, &array(&case, "signature")));
    }
}

#[test]
fn page_1() {
    for case in cases!("page-1.json") {
        let space = SpaceId(array(&case, "space"));
        let key = PageKey::derive(&account_key(&case));
        let kind = u8::try_from(number(&case, "kind")).unwrap();
        let place = PagePlace { space, kind, number: number(&case, "number") };
        let plaintext = bytes(&case, "plaintext");
        let sealed = seal_page(&key, place, &plaintext, &mut fixed(&case, "nonce")).unwrap();
        assert_eq!(sealed, bytes(&case, "sealed"));
        assert_eq!(open_page(&key, place, &sealed), Ok(plaintext));
        for moved in [
            PagePlace { kind: kind + 1, ..place },
            PagePlace { number: place.number ^ 1, ..place },
            PagePlace { space: SpaceId([9; 16]), ..place },
        ] {
            assert_eq!(open_page(&key, moved, &sealed), Err(OpenError::Damaged));
        }
    }
}

#[test]
fn identity_1() {
    for case in cases!("identity-1.json") {
        let identity = Identity::derive(&account_key(&case));
        let public = PublicIdentity { sign: array(&case, "sign"), receive: array(&case, "receive") };
        assert_eq!(identity.public(), public);
        assert_eq!(identity.sign_entry(&bytes(&case, "body")), array(&case, "signature"));
    }
}

#[test]
fn grant_1() {
    for case in cases!("grant-1.json") {
        let (key, identity) = (space_key(&case), Identity::derive(&account_key(&case)));
        let account = AccountId(array(&case, "account"));
        let receive = identity.public().receive;
        let sealed = seal_grant(&key, account, &receive, &mut fixed(&case, "entropy")).unwrap();
        assert_eq!(sealed, bytes(&case, "sealed"));
        let (place, commitment) = ((key.space(), key.epoch()), Commitment(array(&case, "commitment")));
        let taken = open_grant(&bytes(&case, "sealed"), &identity, account, place, commitment).unwrap();
        assert_eq!(taken.commitment(), key.commitment());
    }
}

#[test]
fn previous_1() {
    for case in cases!("previous-1.json") {
        let new = space_key(&case);
        let root = &mut fixed(&case, "previous");
        let before = SpaceKey::make(new.space(), new.epoch() - 1, root).unwrap();
        let sealed = seal_previous(&new, &before, &mut fixed(&case, "nonce")).unwrap();
        assert_eq!(sealed, bytes(&case, "sealed"));
        let commitment = Commitment(array(&case, "commitment"));
        let taken = open_previous(&bytes(&case, "sealed"), &new, commitment).unwrap();
        assert_eq!(taken.commitment(), before.commitment());
    }
}

#[test]
fn backup_1() {
    for case in cases!("backup-1.json") {
        let key = BackupKey::derive(&account_key(&case));
        let (account, space) = (AccountId(array(&case, "account")), SpaceId(array(&case, "space")));
        let made_ms = case["made_ms"].as_u64().unwrap();
        let mut entropy = fixed(&case, "entropy");
        let content = bytes(&case, "content");
        let (mut writer, mut file) =
            BackupWriter::begin(&key, account, space, made_ms, content, &mut entropy).unwrap();
        let chunks: Vec<_> =
            case["chunks"].as_array().unwrap().iter().map(|it| hex(it.as_str().unwrap())).collect();
        for (index, chunk) in chunks.iter().enumerate() {
            file.extend(writer.chunk(chunk, index + 1 == chunks.len(), &mut entropy).unwrap());
        }
        assert_eq!(file, bytes(&case, "file"));
        let (_, opening) = backup_header(&file).unwrap().unwrap();
        let mut reader = BackupReader::new(&key, &file[..opening]).unwrap();
        reader.feed(&file[opening..]);
        let opened: Vec<_> = chunks.iter().map(|_| reader.next_chunk().unwrap().unwrap()).collect();
        assert_eq!((opened, reader.next_chunk(), reader.finish()), (chunks, Ok(None), Ok(())));
    }
}

fn role(case: &Value) -> Role {
    match text(case, "role") {
        "Viewer" => Role::Viewer,
        "Editor" => Role::Editor,
        "Owner" => Role::Owner,
        other => panic!("{other} is no role of these cases"),
    }
}

#[test]
fn invitation_1() {
    for case in cases!("invitation-1.json") {
        let secret = InvitationSecret::make(&mut fixed(&case, "secret")).unwrap();
        assert_eq!(secret.text().as_str(), text(&case, "text"));
        assert_eq!(InvitationSecret::from_text(text(&case, "text")), Ok(secret.clone()));
        assert_eq!((secret.id().0, secret.public()), (array(&case, "id"), array(&case, "public")));
        assert_eq!(secret.sign_entry(&bytes(&case, "body")), array(&case, "signature"));
        let welcome = Welcome {
            name: text(&case, "name").to_owned(),
            key: space_key(&case),
            n: case["n"].as_u64().unwrap(),
            head: EntryHash(array(&case, "head")),
            role: role(&case),
            inviter: AccountId(array(&case, "inviter")),
            inviter_name: text(&case, "inviter_name").to_owned(),
        };
        assert_eq!(
            seal_welcome(&secret, &welcome, &mut fixed(&case, "nonce")).unwrap(),
            bytes(&case, "sealed")
        );
        let opened = open_welcome(&secret, &bytes(&case, "sealed")).unwrap();
        assert_eq!(opened.key.commitment(), welcome.key.commitment());
        assert_eq!((opened.n, opened.head, opened.role), (welcome.n, welcome.head, welcome.role));
        assert_eq!((opened.name, opened.inviter_name), (welcome.name, welcome.inviter_name));
        assert_eq!(opened.inviter, welcome.inviter);
    }
}

#[test]
fn name_1() {
    for case in cases!("name-1.json") {
        let (key, account) = (space_key(&case), AccountId(array(&case, "account")));
        let sealed = seal_name(&key, account, text(&case, "name"), &mut fixed(&case, "nonce")).unwrap();
        assert_eq!(sealed, SealedName { epoch: key.epoch(), sealed: bytes(&case, "sealed") });
        let ring = keyring(std::slice::from_ref(&case));
        assert_eq!(open_name(&ring, key.space(), account, &sealed).as_deref(), Ok(text(&case, "name")));
    }
}

#[test]
fn file_1() {
    for case in cases!("file-1.json") {
        let (key, sealed) = (array(&case, "key"), bytes(&case, "sealed"));
        let (index, count) = (number(&case, "index"), number(&case, "count"));
        let place = ChunkPlace { file: FileId(array(&case, "file")), index, count };
        let content = bytes(&case, "content");
        assert_eq!(seal_file_chunk(&key, place, &content, &mut fixed(&case, "nonce")).unwrap(), sealed);
        assert_eq!(open_file_chunk(&key, place, &sealed), Ok(content));
    }
}
