//! What sealing changes in the page, the manifest and the service worker.

use crate::{Failure, Outcome};
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

/// Stands for the base in what Trunk assembles: one assembly is sealed for any.
pub(crate) const ANY_BASE: &str = "/any-base/";

/// The path that the app is served under: a slash at both ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(String);

impl Base {
    /// The root of its host.
    pub(crate) fn root() -> Self {
        Self("/".to_owned())
    }

    /// Reads what follows `--public-url`.
    pub(crate) fn parse(text: &str) -> Outcome<Self> {
        let inner = text.trim_matches('/');
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if !text.starts_with('/') || inner.contains("//") || !inner.bytes().all(plain) {
            return Err(Failure(format!("--public-url wants a path such as /app/, not \"{text}\"")));
        }
        Ok(Self(if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") }))
    }

    /// The path.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The content security policy of the app; `sync` is the other origin that it may talk to.
pub(crate) fn policy(sync: Option<&str>) -> String {
    let connect = sync.map_or(String::new(), |origin| format!(" {origin}"));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob: data:; connect-src 'self'{connect}; worker-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'none'"
    )
}

/// `sha256-…`, as browsers want it.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", Base64::encode_string(&Sha256::digest(bytes)))
}

/// A file that moved into the folder of the build.
pub(crate) struct Moved<'a> {
    /// Its path before.
    pub(crate) name: &'a str,
    pub(crate) integrity: String,
}

/// Points the page at the moved files, each with its integrity, and names the build.
pub(crate) fn index(
    html: &str,
    base: &Base,
    folder: &str,
    version: &str,
    moved: &[Moved<'_>],
    sync: Option<&str>,
) -> Outcome<String> {
    let html = html.replace(ANY_BASE, &base.0);
    let mut html = replace_once(&html, &policy(None), &policy(sync))?;
    for Moved { name, integrity } in moved {
        let (old, new) = (format!("{}{name}\"", base.0), format!("{}{folder}/{name}\"", base.0));
        for attribute in ["href", "src"] {
            let told = format!("{attribute}=\"{new} integrity=\"{integrity}\"");
            html = html.replace(&format!("{attribute}=\"{old}"), &told);
        }
        for attribute in ["data-app", "data-wasm", "data-engine"] {
            html = html.replace(&format!("{attribute}=\"{old}"), &format!("{attribute}=\"{new}"));
        }
    }
    let sync = sync.map_or(String::new(), |origin| format!(" data-sync=\"{origin}\""));
    replace_once(&html, "id=\"boot\"", &format!("id=\"boot\" data-build=\"{version}\"{sync}"))
}

/// The identity of an installed app is its path: two on one host must not be taken for each other.
pub(crate) fn manifest(json: &str, base: &Base) -> Outcome<String> {
    replace_once(json, "\"id\": \"/\"", &format!("\"id\": \"{}\"", base.0))
}

/// Gives the service worker the list of what makes up this build.
pub(crate) fn worker(script: &str, version: &str, files: &[(String, String)]) -> Outcome<String> {
    let build = serde_json::json!({ "version": version, "files": files });
    replace_once(script, "{ version: \"unsealed\", files: [] }", &build.to_string())
}

fn replace_once(text: &str, old: &str, new: &str) -> Outcome<String> {
    match text.matches(old).count() {
        1 => Ok(text.replacen(old, new, 1)),
        count => Err(Failure(format!("expected once, found {count} times: {old}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_has_a_slash_at_both_ends() {
        for (text, base) in [("/", "/"), ("/app", "/app/"), ("/a/b/", "/a/b/")] {
            assert_eq!(Base::parse(text).unwrap().as_str(), base);
        }
        for text in ["", "app/", "https://example.org/", "/a b/", "/a//b/", "/\"/"] {
            assert!(Base::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn integrity_is_what_browsers_compute() {
        assert_eq!(integrity(b""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn the_page_names_only_files_of_its_build() {
        let html = format!(
            "<meta content=\"{}\"><link href=\"/any-base/a.css\"/><script id=\"boot\" \
             src=\"/any-base/boot.js\" data-engine=\"/any-base/engine.js\">",
            policy(None)
        );
        let moved = ["a.css", "boot.js", "engine.js"]
            .map(|name| Moved { name, integrity: integrity(name.as_bytes()) });
        let base = Base::parse("/x").unwrap();
        let page = index(&html, &base, "build-1", "1", &moved, Some("https://s.example")).unwrap();
        assert!(page.contains("href=\"/x/build-1/a.css\" integrity=\"sha256-"));
        assert!(page.contains("src=\"/x/build-1/boot.js\" integrity=\"sha256-"));
        assert!(page.contains("data-engine=\"/x/build-1/engine.js\""));
        assert!(page.contains("data-build=\"1\" data-sync=\"https://s.example\""));
        assert!(page.contains("connect-src 'self' https://s.example;"));
    }

    #[test]
    fn a_page_that_is_not_ours_is_refused() {
        assert!(index("<html>", &Base::root(), "f", "v", &[], None).is_err());
        assert!(manifest("{}", &Base::root()).is_err());
        assert!(worker("", "v", &[]).is_err());
    }
}
