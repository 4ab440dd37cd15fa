//! Serving the built web app.

use std::{fs, path::Path};

use hyper::Method;
use satchel_server::{AppError, Config, Server, StartError};
use tempfile::TempDir;

use crate::client::{Site, request};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";
const HTML: [(&str, &str); 1] = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
const HASHED: &str = "app-0123456789abcdef_bg.wasm";

/// A folder as a build leaves it.
fn build() -> TempDir {
    let folder = TempDir::new().unwrap();
    let app = folder.path().join("app");
    fs::create_dir_all(app.join("assets")).unwrap();
    for name in ["sw.js", "manifest.webmanifest", "version.json", "engine.js", "assets/icon.svg", ".hidden"] {
        fs::write(app.join(name), name).unwrap();
    }
    fs::write(app.join("index.html"), "<!doctype html>").unwrap();
    fs::write(app.join(HASHED), "plain").unwrap();
    fs::write(app.join(format!("{HASHED}.gz")), "gzipped").unwrap();
    fs::write(app.join(format!("{HASHED}.br")), "brotlied").unwrap();
    fs::write(folder.path().join("secret.txt"), "outside").unwrap();
    folder
}

async fn serve(folder: &Path) -> Site {
    let app = folder.join("app");
    Site::with(|config| config.app = Some(app)).await
}

#[tokio::test]
async fn the_policy_goes_with_every_answer() {
    let folder = build();
    let site = serve(folder.path()).await;
    for path in ["/", "/sw.js", "/missing.js", "/customers/1"] {
        let got = site.net().get(path, &HTML).await;
        assert_eq!(got.header("content-security-policy"), POLICY, "{path}");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("referrer-policy"), "no-referrer");
        assert_eq!(got.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(got.header("cross-origin-resource-policy"), "same-origin");
        assert!(got.header("permissions-policy").contains("camera=()"));
    }
}

#[tokio::test]
async fn a_sync_origin_may_be_talked_to() {
    let folder = build();
    let app = folder.path().join("app");
    let site = Site::with(|config| {
        config.app = Some(app);
        config.sync_origin = Some("https://sync.example.com".parse().unwrap());
    })
    .await;
    let policy = site.net().get("/", &[]).await.header("content-security-policy").to_owned();
    assert_eq!(policy, POLICY.replace("connect-src 'self'", "connect-src 'self' https://sync.example.com"));
}

/// Path → type and how long it may be kept.
#[tokio::test]
async fn types_and_caching() {
    let folder = build();
    let site = serve(folder.path()).await;
    let for_ever = "public, max-age=31536000, immutable";
    let table = [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/engine.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/version.json", "application/json", "no-cache"),
        ("/assets/icon.svg", "image/svg+xml", "no-cache"),
        ("/app-0123456789abcdef_bg.wasm", "application/wasm", for_ever),
    ];
    for (path, media, caching) in table {
        let got = site.net().get(path, &[]).await;
        assert_eq!((got.status.as_u16(), got.header("content-type")), (200, media), "{path}");
        assert_eq!((got.header("cache-control"), got.header("vary")), (caching, "accept-encoding"), "{path}");
        let etag = got.header("etag").to_owned();
        for tags in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
            let again = site.net().get(path, &[("if-none-match", &tags)]).await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path} {tags}");
            assert_eq!((again.header("etag"), again.header("cache-control")), (etag.as_str(), caching));
        }
        assert_eq!(site.net().get(path, &[("if-none-match", "\"other\"")]).await.status, 200);
    }
}

/// Accept-Encoding → the encoding that is sent, and its bytes.
#[tokio::test]
async fn precompressed_files_are_sent_to_those_who_read_them() {
    let folder = build();
    let site = serve(folder.path()).await;
    let table = [
        ("gzip, deflate, br, zstd", "br", "brotlied"),
        ("gzip", "gzip", "gzipped"),
        ("br;q=0, gzip;q=0.5", "gzip", "gzipped"),
        ("BR", "br", "brotlied"),
        ("", "", "plain"),
        ("identity", "", "plain"),
        ("br;q=0.0", "", "plain"),
    ];
    let mut etags = std::collections::BTreeSet::new();
    for (accepted, encoding, body) in table {
        let got = site.net().get(&format!("/{HASHED}"), &[("accept-encoding", accepted)]).await;
        assert_eq!(
            (got.header("content-encoding"), &got.body[..]),
            (encoding, body.as_bytes()),
            "{accepted}"
        );
        assert_eq!(got.header("content-type"), "application/wasm");
        etags.insert(got.header("etag").to_owned());
    }
    assert_eq!(etags.len(), 3, "each encoding is a version of its own");
}

/// Path → the page, or nothing; never the page for a missing file.
#[tokio::test]
async fn navigations_get_the_page_and_missing_files_do_not() {
    let folder = build();
    let site = serve(folder.path()).await;
    for (path, headers, page) in [
        ("/customers", &HTML[..], true),
        ("/customers/0f3c/timeline", &HTML[..], true),
        ("/dr.smith", &HTML[..], true),
        ("/customers", &[][..], false),
        ("/customers", &[("accept", "*/*")][..], false),
        ("/missing.js", &HTML[..], false),
        ("/missing.wasm", &HTML[..], false),
        ("/app-ffffffffffffffff.css", &HTML[..], false),
        ("/v1/missing", &HTML[..], false),
    ] {
        let got = site.net().get(path, headers).await;
        if page {
            assert_eq!((got.status.as_u16(), &got.body[..]), (200, &b"<!doctype html>"[..]), "{path}");
            assert_eq!(got.header("cache-control"), "no-cache");
        } else {
            assert_eq!(got.problem(), (404, "not-found".to_owned()), "{path}");
        }
    }
}

#[tokio::test]
async fn head_says_what_get_would() {
    let folder = build();
    let site = serve(folder.path()).await;
    for path in ["/", "/sw.js", "/missing.js"] {
        let get = site.net().get(path, &[]).await;
        let head = site.net().send(request(Method::HEAD, path, &[], Vec::new())).await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-length", "content-type", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
    let posted = site.net().post("/sw.js", &[], Vec::new()).await;
    assert_eq!(posted.problem(), (405, "method".to_owned()));
    assert_eq!(posted.header("allow"), "GET, HEAD");
}

#[tokio::test]
async fn nothing_outside_the_folder_is_read() {
    let folder = build();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path().join("secret.txt"), folder.path().join("app/link.txt")).unwrap();
    let site = serve(folder.path()).await;
    for path in [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..\\secret.txt",
        "//etc/passwd",
        "/link.txt",
        "/.hidden",
        "/assets",
        "/assets/",
        "/sw.js/",
        "/sw.js%00",
        "/./sw.js",
    ] {
        let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = raw(&site, &head).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{path}: {answer}");
        assert!(!answer.contains("outside"), "{path}");
    }
}

#[tokio::test]
async fn a_new_build_is_served_without_a_restart() {
    let folder = build();
    let site = serve(folder.path()).await;
    let old = site.net().get("/version.json", &[]).await;
    fs::write(folder.path().join("app/version.json"), "another version").unwrap();
    let new = site.net().get("/version.json", &[("if-none-match", old.header("etag"))]).await;
    assert_eq!((new.status.as_u16(), &new.body[..]), (200, &b"another version"[..]));
}

#[tokio::test]
async fn everything_can_live_below_a_path() {
    let folder = build();
    let app = folder.path().join("app");
    let site = Site::with(|config| {
        config.app = Some(app);
        config.base_path = "/field/crm/".to_owned();
    })
    .await;
    assert!(site.running.url().ends_with("/field/crm/"));
    for path in ["/field/crm/", "/field/crm/sw.js", "/field/crm/v1/health", "/field/crm/customers/1"] {
        assert_eq!(site.net().get(path, &HTML).await.status, 200, "{path}");
    }
    let bare = site.net().get("/field/crm", &HTML).await;
    assert_eq!((bare.status.as_u16(), bare.header("location")), (308, "/field/crm/"));
    for path in ["/", "/sw.js", "/v1/health", "/field/crmsw.js", "/field/crm/v1/nothing"] {
        assert_eq!(site.net().get(path, &HTML).await.problem(), (404, "not-found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_served_is_said_at_the_start() {
    let folder = TempDir::new().unwrap();
    let mut config = Config::local(folder.path().join("data"));
    config.app = Some(folder.path().to_owned());
    let refused = Server::start(config.clone()).await.err().unwrap();
    assert!(matches!(refused, StartError::App(AppError::NoIndex(_))));
    config.app = None;
    for path in ["/a b", "/..", "/a//b", "/{x}"] {
        config.base_path = path.to_owned();
        assert!(matches!(Server::start(config.clone()).await, Err(StartError::BasePath)), "{path}");
    }
}

async fn raw(site: &Site, head: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut socket = tokio::net::TcpStream::connect(site.net().0).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
