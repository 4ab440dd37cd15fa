//! Pushing and pulling over HTTP, and who may.

use hyper::Method;
use satchel_wire::{CBOR, Incarnation, Verdict, to_cbor};

use crate::client::{Device, Site, offer, request};

#[tokio::test]
async fn two_devices_meet_through_the_server() {
    let site = Site::open().await;
    let tablet = Device::ready(site.net(), 1).await;
    let mut phone = Device::new(site.net(), 1);
    phone.register.device = satchel_wire::DeviceId(2);
    phone.sign_in().await;

    let first = tablet.write(1, None, b"sealed by the tablet");
    assert_eq!(tablet.push(vec![first.clone()]).await.verdicts, [Verdict::Accepted { seq: 1 }]);
    let pulled = phone.changes(0).await;
    assert_eq!((pulled.rows.len(), pulled.next, &pulled.rows[0].envelope), (1, 1, &first));

    let blind = phone.write(1, None, b"sealed by the phone");
    let Verdict::Stale { current: Some(row) } = phone.push(vec![blind]).await.verdicts.remove(0) else {
        panic!("the phone had not seen the tablet's version");
    };
    let merged = phone.write(1, Some(row.envelope.etag()), b"merged by the phone");
    assert_eq!(phone.push(vec![merged.clone()]).await.verdicts, [Verdict::Accepted { seq: 2 }]);
    assert_eq!(tablet.changes(1).await.rows[0].envelope, merged);
}

#[tokio::test]
async fn another_incarnation_is_named_in_the_problem() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    let now = device.push(Vec::new()).await.space.incarnation;
    let mut push = offer(vec![device.write(1, None, b"x")]);
    push.incarnation = Some(Incarnation([0; 16]));
    let got = device.offer(&push).await;
    assert_eq!(got.problem(), (409, "incarnation".to_owned()));
    let problem: serde_json::Value = serde_json::from_slice(&got.body).unwrap();
    assert_eq!(problem["incarnation"], now.to_hex());
    assert_eq!(device.changes(0).await.rows, []);
}

#[tokio::test]
async fn only_members_come_in() {
    let site = Site::open().await;
    let mine = Device::ready(site.net(), 1).await;
    let theirs = Device::ready(site.net(), 2).await;
    let mut stranger = theirs.clone();
    stranger.space = mine.space;
    let not_there = "ab".repeat(16);
    let elsewhere = ["changes", "digest", "hints"].map(|what| stranger.path(what));
    for path in elsewhere.into_iter().chain([format!("/v1/spaces/{not_there}/changes")]) {
        let got = site.net().get(&path, &[("authorization", theirs.bearer.as_str())]).await;
        assert_eq!(got.problem(), (403, "not-a-member".to_owned()), "{path}");
    }
    assert_eq!(stranger.offer(&offer(Vec::new())).await.problem(), (403, "not-a-member".to_owned()));
}

#[tokio::test]
async fn tokens_are_whole_or_nothing() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    let good = device.bearer.clone();
    let [cut, doubled] = [good[..good.len() - 1].to_owned(), format!("{good}{}", &good[7..])];
    let bare = good.replace("Bearer ", "");
    let other = format!("Basic {bare}");
    for bad in ["", "Bearer", "Bearer ", "Bearer AAAA", &cut, &doubled, &bare, &other] {
        let got = site.net().get(&device.path("changes"), &[("authorization", bad)]).await;
        assert_eq!(got.problem(), (401, "session".to_owned()), "{bad}");
        assert_eq!(got.header("www-authenticate"), "Bearer");
    }
    let lower = good.replace("Bearer", "bearer");
    assert_eq!(site.net().get(&device.path("changes"), &[("authorization", &lower)]).await.status, 200);
}

#[tokio::test]
async fn a_space_has_one_spelling() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 0xab).await;
    let space = device.space.to_hex();
    for odd in [space.to_uppercase(), space[1..].to_owned(), format!("+{}", &space[1..]), "%00".to_owned()] {
        let path = format!("/v1/spaces/{odd}/changes");
        let got = site.net().get(&path, &[("authorization", device.bearer.as_str())]).await;
        assert_eq!(got.problem(), (400, "malformed".to_owned()), "{odd}");
    }
    for query in ["since=-1", "since=x", "limit=99999999999", "since=18446744073709551616"] {
        let got = device.get(&format!("changes?{query}")).await;
        assert_eq!(got.problem(), (400, "malformed".to_owned()), "{query}");
    }
}

/// Method, path → status and code, for what is not a route or not this way.
#[tokio::test]
async fn every_error_is_a_problem() {
    let site = Site::open().await;
    let table = [
        (Method::GET, "/v1", 404, "not-found"),
        (Method::GET, "/v1/", 404, "not-found"),
        (Method::GET, "/v1/nothing", 404, "not-found"),
        (Method::POST, "/v1/spaces", 404, "not-found"),
        (Method::GET, "/", 404, "not-found"),
        (Method::GET, "/v1/accounts", 405, "method"),
        (Method::DELETE, "/v1/health", 405, "method"),
        (Method::PUT, "/v1/sessions", 405, "method"),
        (Method::POST, "/v1/accounts", 415, "media-type"),
    ];
    for (method, path, status, code) in table {
        let got = site.net().send(request(method, path, &[("accept", "text/html")], Vec::new())).await;
        assert_eq!(got.problem(), (status, code.to_owned()), "{path}");
        assert_eq!(got.header("allow").is_empty(), status != 405, "{path}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_messages() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    let good = to_cbor(&offer(vec![device.write(1, None, b"x")]));
    let nested = [vec![0x81; 100_000], vec![0x00]].concat();
    let huge_list = vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let huge_text = vec![0x7b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let cut = good[..good.len() - 1].to_vec();
    for body in [Vec::new(), b"{}".to_vec(), vec![0xff; 64], nested, huge_list, huge_text, cut] {
        let headers = [("content-type", CBOR), ("authorization", device.bearer.as_str())];
        let got = site.net().post(&device.path("push"), &headers, body).await;
        assert_eq!(got.problem(), (400, "malformed".to_owned()));
    }
}

#[tokio::test]
async fn health_tells_the_server_from_a_portal() {
    let site = Site::open().await;
    let got = site.net().get("/v1/health", &[]).await;
    assert_eq!((got.status.as_u16(), got.header("content-type")), (200, "application/json"));
    let health: serde_json::Value = serde_json::from_slice(&got.body).unwrap();
    assert_eq!(health["service"], "satchel");
    assert!(health["server_ms"].as_u64().unwrap() > 1_700_000_000_000);
}

#[tokio::test]
async fn an_app_from_elsewhere_is_let_in_by_its_exact_origin() {
    let allowed = "https://app.example.com";
    let another = "https://other.example.org:8443";
    let origins = [allowed, another].map(|origin| origin.parse().unwrap());
    let site = Site::with(|config| config.allow_origins = origins.into()).await;
    let strangers =
        ["https://evil.example.com", "http://app.example.com", "https://app.example.com:8443", "null"];
    let known = [(allowed, allowed), (another, another)];
    for (origin, answer) in known.into_iter().chain(strangers.map(|origin| (origin, ""))) {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,content-type"),
        ];
        let got = site.net().send(request(Method::OPTIONS, "/v1/accounts", &headers, Vec::new())).await;
        assert_eq!(got.status, 200);
        assert_eq!(got.header("access-control-allow-origin"), answer, "{origin}");
        assert_eq!(got.header("access-control-allow-credentials"), "", "the token is no cookie");
        assert!(got.header("vary").contains("origin"), "no cache gives one origin's answer to another");
        assert_eq!(got.header("access-control-allow-headers"), "authorization,content-type");
    }
    let refused = site.net().get("/v1/nothing", &[("origin", allowed)]).await;
    assert_eq!(refused.header("access-control-allow-origin"), allowed, "errors can be read too");
    let closed = Site::open().await;
    let got = closed.net().get("/v1/health", &[("origin", allowed)]).await;
    assert_eq!(got.header("access-control-allow-origin"), "");
}
