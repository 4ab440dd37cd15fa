//! Chunks of files: stored once, counted, given to members only, forgotten on their word; and what a crash leaves.

use satchel_server::Quota;
use satchel_wire::{
    CBOR, FileChunk, FileHeld, FileId, FilesAsked, FilesHeld, MAX_FILE_CHUNK, MAX_FILE_CHUNKS, to_cbor,
};
use tempfile::TempDir;

use crate::{
    client::{Device, Got, Site},
    process::Program,
};

const FILE: FileId = FileId([7; 16]);

impl Device {
    async fn tell_space<T: serde::Serialize>(&self, rest: &str, message: &T) -> Got {
        let headers = [("content-type", CBOR), ("authorization", self.bearer.as_str())];
        self.net.post(&self.path(rest), &headers, to_cbor(message)).await
    }

    async fn put(&self, file: FileId, index: u32, count: u32, sealed: &[u8]) -> Got {
        let chunk = FileChunk { count, sealed: sealed.to_vec() };
        self.tell_space(&format!("files/{}/{index}", file.to_hex()), &chunk).await
    }

    async fn chunk(&self, file: FileId, index: u32) -> Got {
        self.get(&format!("files/{}/{index}", file.to_hex())).await
    }

    async fn held(&self, files: &[FileId]) -> Vec<FileHeld> {
        let asked = FilesAsked { files: files.to_vec() };
        self.tell_space("files/held", &asked).await.message::<FilesHeld>().files
    }
}

fn blobs(data: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(data.join("blobs")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn a_chunk_is_stored_once_and_never_replaced() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    assert_eq!(device.chunk(FILE, 0).await.problem(), (404, "not-found".to_owned()));
    let held: FilesHeld = device.put(FILE, 1, 3, b"second").await.message();
    assert_eq!(held.files, [FileHeld { file: FILE, count: 3, held: vec![1] }]);
    assert_eq!(device.put(FILE, 0, 3, b"first").await.status, 200);
    assert_eq!(device.put(FILE, 1, 3, b"another").await.status, 200, "said again, as after a lost answer");
    let chunk: FileChunk = device.chunk(FILE, 1).await.message();
    assert_eq!((chunk.count, chunk.sealed.as_slice()), (3, &b"second"[..]));
    assert_eq!(device.put(FILE, 2, 4, b"x").await.problem(), (409, "taken".to_owned()), "another count");
    let held = device.held(&[FileId([9; 16]), FILE]).await;
    assert_eq!(held, [FileHeld { file: FILE, count: 3, held: vec![0, 1] }]);
    assert!(!held[0].is_whole());
    assert_eq!(blobs(&site.folder.path().join("data")).len(), 2, "nothing of what was not taken is left");
}

#[tokio::test]
async fn what_is_no_chunk_is_refused() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    assert_eq!(device.put(FILE, 0, 1, &vec![0; MAX_FILE_CHUNK]).await.status, 200);
    let large = device.put(FileId([8; 16]), 0, 1, &vec![0; MAX_FILE_CHUNK + 1]).await;
    assert_eq!(large.problem(), (413, "too-large".to_owned()));
    for (index, count, sealed) in [
        (1, 1, &b"x"[..]),
        (0, 0, b"x"),
        (0, 1, b""),
        (0, MAX_FILE_CHUNKS + 1, b"x"),
        (MAX_FILE_CHUNKS, 9, b"x"),
    ] {
        let got = device.put(FileId([8; 16]), index, count, sealed).await;
        assert_eq!(got.problem(), (400, "malformed".to_owned()), "{index} of {count}");
    }
    for path in
        ["files/0707/0", &format!("files/{}/00", FILE.to_hex()), &format!("files/{}/..", FILE.to_hex())]
    {
        assert_eq!(device.get(path).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn members_read_and_who_may_write_writes() {
    let site = Site::open().await;
    let mine = Device::ready(site.net(), 1).await;
    assert_eq!(mine.put(FILE, 0, 1, b"mine").await.status, 200);
    let theirs = Device::ready(site.net(), 2).await;
    let mut stranger = theirs.clone();
    stranger.space = mine.space;
    let asked = FilesAsked { files: vec![FILE] };
    let refused = [
        stranger.chunk(FILE, 0).await,
        stranger.put(FILE, 0, 1, b"x").await,
        stranger.tell_space("files/held", &asked).await,
        stranger.tell_space("files/drop", &asked).await,
    ];
    for got in refused {
        assert_eq!(got.problem(), (403, "not-a-member".to_owned()));
    }
    assert_eq!(theirs.chunk(FILE, 0).await.status, 404, "one space's file is not another's");
    let database = rusqlite::Connection::open(site.folder.path().join("data/satchel.sqlite3")).unwrap();
    database.execute("UPDATE member SET role = 1", []).unwrap();
    assert_eq!(mine.chunk(FILE, 0).await.status, 200, "a viewer reads");
    for got in [mine.put(FileId([8; 16]), 0, 1, b"x").await, mine.tell_space("files/drop", &asked).await] {
        assert_eq!(got.problem(), (403, "read-only".to_owned()));
    }
}

#[tokio::test]
async fn files_count_in_the_space_s_quota_until_they_are_dropped() {
    let quota = Quota { records: 10, bytes: 1_000 };
    let site = Site::with(|config| config.storage.quota = quota).await;
    let device = Device::ready(site.net(), 1).await;
    device.push(vec![device.write(1, None, &[1; 400])]).await;
    assert_eq!(device.put(FILE, 0, 2, &[0; 500]).await.status, 200);
    assert_eq!(device.put(FILE, 1, 2, &[0; 101]).await.problem(), (507, "quota".to_owned()));
    assert_eq!(blobs(&site.folder.path().join("data")).len(), 1, "what was refused leaves nothing");
    let asked = FilesAsked { files: vec![FILE, FileId([9; 16])] };
    assert_eq!(device.tell_space("files/drop", &asked).await.status, 200);
    assert_eq!(device.tell_space("files/drop", &asked).await.status, 200, "again");
    assert_eq!(
        (device.chunk(FILE, 0).await.status, device.held(&[FILE]).await.len()),
        (404.try_into().unwrap(), 0)
    );
    assert!(blobs(&site.folder.path().join("data")).is_empty());
    assert_eq!(device.put(FileId([8; 16]), 0, 1, &[0; 600]).await.status, 200, "there is room again");
}

/// What was answered is there after a kill; what was begun and not answered leaves nothing, and can be sent again.
#[tokio::test(flavor = "multi_thread")]
async fn stored_chunks_survive_a_kill_and_leftovers_do_not() {
    let folder = TempDir::new().unwrap();
    let mut program = Program::start(folder.path());
    let mut device = Device::ready(program.net, 1).await;
    for index in 0..3 {
        assert_eq!(device.put(FILE, index, 4, &[index as u8 + 1; 9_000]).await.status, 200);
    }
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    let lost = blobs(folder.path()).pop().unwrap();
    let bytes = std::fs::read(&lost).unwrap();
    std::fs::remove_file(lost).unwrap();
    std::fs::write(folder.path().join("blobs/0123.part"), b"begun").unwrap();
    std::fs::write(folder.path().join("blobs/0123"), b"never answered").unwrap();
    program = Program::start(folder.path());
    device.net = program.net;
    assert_eq!(blobs(folder.path()).len(), 2, "leftovers are gone");
    let mut held = device.held(&[FILE]).await.remove(0).held;
    assert_eq!(held.len(), 2, "what the disk lost is not said to be there");
    let index = u32::from(bytes[0]) - 1;
    assert_eq!(device.put(FILE, index, 4, &bytes).await.status, 200, "it can be sent again");
    held.push(index);
    for index in held {
        let chunk: FileChunk = device.chunk(FILE, index).await.message();
        assert_eq!(chunk.sealed, [index as u8 + 1; 9_000]);
    }
}
