//! Bounds on what peers may ask for.

use std::time::Duration;

use satchel_server::{Bound, Config, Quota};
use satchel_wire::{CBOR, MAX_CIPHERTEXT, MAX_HANDOVER, MAX_PUSH_BYTES, MAX_PUSH_WRITES, Refusal, Verdict};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::client::{Device, Got, Net, PATIENCE, Site, offer};

#[tokio::test]
async fn writes_in_a_push_are_counted() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    let writes = |count: usize| (0..count as u32).map(|record| device.write(record, None, b"x")).collect();
    let got = device.offer(&offer(writes(MAX_PUSH_WRITES + 1))).await;
    assert_eq!(got.problem(), (413, "too-large".to_owned()));
    assert_eq!(device.push(writes(MAX_PUSH_WRITES)).await.space.head, MAX_PUSH_WRITES as u64);
}

#[tokio::test]
async fn bytes_are_counted_announced_or_not() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    let large = vec![0; MAX_PUSH_BYTES + 1];
    let headers = [("content-type", CBOR), ("authorization", device.bearer.as_str())];
    let got = site.net().post(&device.path("push"), &headers, large.clone()).await;
    assert_eq!(got.problem(), (413, "too-large".to_owned()));
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-type: {CBOR}\r\nauthorization: {}\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n{:x}\r\n",
        device.path("push"),
        device.bearer,
        large.len()
    );
    let answer = speak(site.net(), &[head.as_bytes(), &large, b"\r\n0\r\n\r\n"]).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let record = device.write(1, None, &vec![0; MAX_CIPHERTEXT + 1]);
    let refused = Verdict::Refused { reason: Refusal::TooLarge };
    assert_eq!(device.push(vec![record]).await.verdicts, [refused]);
}

/// A device with an ended session learns so, even while it still sends.
#[tokio::test]
async fn a_refusal_arrives_although_the_body_was_not_wanted() {
    let site = Site::open().await;
    let path = Device::new(site.net(), 1).path("push");
    let mut socket = TcpStream::connect(site.net().0).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {CBOR}\r\nauthorization: Bearer no\r\n\
         content-length: {MAX_PUSH_BYTES}\r\nconnection: close\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    for part in vec![0; MAX_PUSH_BYTES].chunks(MAX_PUSH_BYTES / 4) {
        sleep(Duration::from_millis(50)).await;
        socket.write_all(part).await.unwrap();
    }
    let mut answer = Vec::new();
    timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 401 "));
}

#[tokio::test]
async fn registering_and_signing_in_are_rationed() {
    let site = Site::with(|config| {
        config.limits.attempts = 3;
        config.limits.attempts_per_minute = 1;
    })
    .await;
    let device = Device::ready(site.net(), 1).await;
    let got = site.net().tell("/v1/accounts", &device.register).await;
    assert_eq!(got.problem(), (429, "too-many".to_owned()));
    let wait: u64 = got.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    let claimed = [("content-type", CBOR), ("x-forwarded-for", "192.0.2.7")];
    let got = site.net().post("/v1/accounts", &claimed, satchel_wire::to_cbor(&device.register)).await;
    assert_eq!(got.status, 429, "a header changes nobody's address");
    assert_eq!(device.changes(0).await.next, 0, "work goes on");
}

#[tokio::test]
async fn slow_heads_and_bodies_are_cut_off() {
    let site = Site::with(|config| {
        config.limits.head = Duration::from_millis(200);
        config.limits.body_pause = Duration::from_millis(200);
        config.limits.small_body = Duration::from_secs(60);
    })
    .await;
    let begun = Instant::now();
    let answer = speak(site.net(), &[b"POST /v1/accounts HTTP/1.1\r\nhost:"]).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let head = format!(
        "POST /v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: {CBOR}\r\ncontent-length: 100\r\n\
         connection: close\r\n\r\nabc"
    );
    let answer = speak(site.net(), &[head.as_bytes()]).await;
    assert!(
        answer.starts_with("HTTP/1.1 408 ") && answer.contains("urn:satchel:problem:timeout"),
        "{answer}"
    );
    assert!(begun.elapsed() < PATIENCE / 2);
}

#[tokio::test]
async fn requests_in_work_are_bounded() {
    let site = Site::with(|config| config.limits.requests.all = 0).await;
    let busy = site.net().get("/v1/health", &[]).await;
    assert_eq!(busy.problem(), (503, "busy".to_owned()));
    assert_eq!(busy.header("retry-after"), "1");
}

#[tokio::test]
async fn a_full_disk_is_a_problem() {
    let site = Site::with(|config| config.storage.max_bytes = Some(1 << 20)).await;
    let device = Device::ready(site.net(), 1).await;
    let mut record = 0;
    let full = loop {
        let got = device.offer(&offer(vec![device.write(record, None, &vec![0; 200_000])])).await;
        if got.status != 200 {
            break got;
        }
        record += 1;
    };
    assert_eq!(full.problem(), (503, "full".to_owned()));
    assert_eq!(full.header("retry-after"), "60");
    assert_eq!(device.changes(0).await.rows.len() as u32, record);
}

/// Writes the parts and reads until the server closes.
async fn speak(net: Net, parts: &[&[u8]]) -> String {
    let mut socket = TcpStream::connect(net.0).await.unwrap();
    for part in parts {
        socket.write_all(part).await.unwrap();
    }
    let mut answer = Vec::new();
    timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// What one space may hold is counted in records and bytes; what makes it smaller is always taken.
#[tokio::test]
async fn a_space_holds_so_much_and_no_more() {
    let quota = Quota { records: 2, bytes: 1_000 };
    let site = Site::with(|config| config.storage.quota = quota).await;
    let device = Device::ready(site.net(), 1).await;
    let first = device.write(1, None, &[1; 400]);
    let etag = first.etag();
    device.push(vec![first]).await;
    let got = device.offer(&offer(vec![device.write(2, None, &[2; 601])])).await;
    assert_eq!(got.problem(), (507, "quota".to_owned()), "bytes");
    assert_eq!(got.header("retry-after"), "600");
    device.push(vec![device.write(2, None, &[2; 600])]).await;
    let got = device.offer(&offer(vec![device.write(3, None, b"")])).await;
    assert_eq!(got.problem(), (507, "quota".to_owned()), "records");
    let smaller = device.push(vec![device.write(1, Some(etag), &[1; 300])]).await;
    assert!(matches!(smaller.verdicts[..], [Verdict::Accepted { .. }]), "smaller is always taken");
    assert_eq!(device.changes(0).await.rows.len(), 2, "nothing of what was refused was stored");
    let other = Device::ready(site.net(), 2).await;
    other.push(vec![other.write(1, None, &[1; 900])]).await;
}

/// A proxy that the operator named says where a request comes from; nobody else does.
#[tokio::test]
async fn attempts_are_rationed_behind_a_trusted_proxy_by_whom_it_names() {
    let site = Site::with(|config| {
        config.limits.attempts = 1;
        config.limits.attempts_per_minute = 1;
        config.trusted_proxies = vec![std::net::Ipv4Addr::LOCALHOST.into()];
    })
    .await;
    let device = Device::new(site.net(), 1);
    let body = satchel_wire::to_cbor(&device.register);
    for (forwarded, status) in
        [("192.0.2.7", 201), ("192.0.2.7", 429), ("192.0.2.8, 192.0.2.7", 429), ("192.0.2.8", 200)]
    {
        let headers = [("content-type", CBOR), ("x-forwarded-for", forwarded)];
        assert_eq!(
            site.net().post("/v1/accounts", &headers, body.clone()).await.status,
            status,
            "{forwarded}"
        );
    }
}

/// Two people behind a proxy that the operator named.
const SILENT: &str = "192.0.2.7";
const OTHER: &str = "192.0.2.8";

fn proxied(config: &mut Config) {
    config.trusted_proxies = vec![std::net::Ipv4Addr::LOCALHOST.into()];
}

/// Sends a request's head, one byte of its body, and nothing more.
async fn fall_silent(net: Net, from: &str, path: &str, bytes: usize) -> TcpStream {
    let mut socket = TcpStream::connect(net.0).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {CBOR}\r\nx-forwarded-for: {from}\r\n\
         content-length: {bytes}\r\nconnection: close\r\n\r\na"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

async fn whole(mut socket: TcpStream) -> String {
    let mut answer = Vec::new();
    timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

async fn health(net: Net, from: &str) -> Got {
    net.get("/v1/health", &[("x-forwarded-for", from)]).await
}

/// Who sends slowly holds no turn, and one address holds its share and no more.
#[tokio::test]
async fn silent_requests_of_one_address_shut_nobody_out() {
    let site = Site::with(|config| {
        proxied(config);
        config.limits.requests = Bound { all: 2, each: 8 };
    })
    .await;
    let mut open = Vec::new();
    let refused = loop {
        open.push(fall_silent(site.net(), SILENT, "/v1/sessions/challenge", 100).await);
        let got = health(site.net(), SILENT).await;
        if got.status != 200 {
            break got;
        }
    };
    assert_eq!(refused.problem(), (429, "too-many".to_owned()));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(health(site.net(), OTHER).await.status, 200, "others are served");
    let register = Device::new(site.net(), 1).register;
    let headers = [("content-type", CBOR), ("x-forwarded-for", OTHER)];
    let body = satchel_wire::to_cbor(&register);
    assert_eq!(site.net().post("/v1/accounts", &headers, body).await.status, 201, "with bodies too");
    drop(open);
    while health(site.net(), SILENT).await.status != 200 {
        tokio::task::yield_now().await;
    }
}

/// A sign-in's few bytes have seconds, whatever a large body is given; and nobody is waited for twice.
#[tokio::test]
async fn small_bodies_come_soon_or_not_at_all() {
    let site = Site::with(|config| {
        config.limits.small_body = Duration::from_millis(200);
        config.limits.body_pause = Duration::from_secs(3_600);
    })
    .await;
    for path in ["/v1/sessions/challenge", "/v1/accounts"] {
        let answer = whole(fall_silent(site.net(), OTHER, path, 100).await).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
    }
}

/// Whoever has no attempt left sends no body: nothing of it is kept.
#[tokio::test]
async fn attempts_are_rationed_before_a_body_is_read() {
    let site = Site::with(|config| {
        config.limits.attempts = 1;
        config.limits.attempts_per_minute = 1;
        config.limits.body_pause = Duration::from_millis(200);
    })
    .await;
    let id = "0".repeat(32);
    assert_eq!(site.net().get(&format!("/v1/invitations/{id}"), &[]).await.status, 404);
    let space = format!("/v1/spaces/{id}/delete");
    let paths = [
        "/v1/accounts",
        "/v1/accounts/change",
        "/v1/devices/revoke",
        "/v1/handover",
        "/v1/handover/part",
        "/v1/sessions/challenge",
        "/v1/sessions",
        &space,
    ];
    for path in paths {
        let answer = whole(fall_silent(site.net(), OTHER, path, 100).await).await;
        assert!(answer.starts_with("HTTP/1.1 429 "), "{path}: {answer}");
    }
}

/// What takes memory is bounded apart, for all and for each address; the rest goes on.
#[tokio::test]
async fn large_bodies_at_once_are_few() {
    let site = Site::with(|config| {
        proxied(config);
        config.limits.attempts = 10_000;
        config.limits.large_bodies = Bound { all: 2, each: 1 };
    })
    .await;
    let net = site.net();
    let mut open = Vec::new();
    let refused = until_refused(net, SILENT, SILENT, &mut open).await;
    assert_eq!(refused, (429, "too-many".to_owned()));
    let refused = until_refused(net, OTHER, "192.0.2.9", &mut open).await;
    assert_eq!(refused, (503, "busy".to_owned()));
    assert_eq!(health(net, SILENT).await.status, 200);
    drop(open);
    while large(net, SILENT).await.status != 400 {
        tokio::task::yield_now().await;
    }
}

/// Hands a large body over that says nothing.
async fn large(net: Net, from: &str) -> Got {
    let headers = [("content-type", CBOR), ("x-forwarded-for", from)];
    net.post("/v1/handover", &headers, vec![0; 2 * MAX_PUSH_BYTES + 1]).await
}

/// How another large body is refused, once silent ones take the room for it.
async fn until_refused(net: Net, silent: &str, from: &str, open: &mut Vec<TcpStream>) -> (u16, String) {
    loop {
        open.push(fall_silent(net, silent, "/v1/handover", MAX_HANDOVER).await);
        let problem = large(net, from).await.problem();
        if problem.0 != 400 {
            break problem;
        }
    }
}

/// One address has its share of the connections too.
#[tokio::test]
async fn connections_of_one_address_are_bounded() {
    let site = Site::with(|config| config.limits.connections.each = 1).await;
    let first = TcpStream::connect(site.net().0).await.unwrap();
    let second = TcpStream::connect(site.net().0).await.unwrap();
    assert_eq!(whole(second).await, "", "hung up on");
    drop(first);
    let again = async {
        loop {
            let mut socket = TcpStream::connect(site.net().0).await.unwrap();
            let asked = b"GET /v1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            let _ = socket.write_all(asked).await;
            let mut answer = Vec::new();
            let _ = socket.read_to_end(&mut answer).await;
            if answer.starts_with(b"HTTP/1.1 200 ") {
                break;
            }
        }
    };
    timeout(PATIENCE, again).await.unwrap();
}
