//! The headers of the app: what it may do, and who may keep it for how long.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{
    app::files::Served,
    config::{Origin, OriginError},
};

/// Nothing of the device is asked for that the app does not use.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), \
    display-capture=(), geolocation=(self), gyroscope=(), hid=(), magnetometer=(), microphone=(self), \
    midi=(), payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), \
    serial=(), usb=(), xr-spatial-tracking=()";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_FIRST: &str = "no-cache";

/// Digits of a build tool's hash in a file's name.
const HASH_DIGITS: usize = 16;

/// The policy that goes with every answer, workers and 404 included.
pub(super) struct Policy {
    content: HeaderValue,
}

impl Policy {
    /// `sync` is the origin that the app may talk to beside its own.
    pub(super) fn new(sync: Option<&Origin>) -> Result<Self, OriginError> {
        let also = sync.map(|origin| format!(" {origin}")).unwrap_or_default();
        let content = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' blob: data:; connect-src 'self'{also}; worker-src 'self'; \
             manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&content).map(|content| Self { content }).map_err(|_| OriginError)
    }

    /// Adds the policy to an answer.
    pub(super) fn apply(&self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_SECURITY_POLICY, self.content.clone());
        let fixed: [(HeaderName, &'static str); 5] = [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("permissions-policy"), PERMISSIONS),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        ];
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// Version, caching, and that the answer depends on the encodings asked for.
pub(super) fn describe(headers: &mut HeaderMap, served: &Served) {
    let caching = if is_hashed(&served.name) { FOR_EVER } else { ASK_FIRST };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::ETAG, served.file.etag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
}

/// Whether an `If-None-Match` names this version.
pub(super) fn names(tags: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(etag)) = (tags.to_str(), etag.to_str()) else { return false };
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// Whether a file's own name carries its hash, as in `app-0123456789abcdef_bg.wasm`, or it lies in
/// the folder of a sealed build, as in `build-0123456789abcdef/app.js`.
fn is_hashed(name: &str) -> bool {
    let sealed = name.split_once('/').and_then(|(folder, _)| folder.strip_prefix("build-"));
    if sealed.is_some_and(|hash| hash.len() >= HASH_DIGITS && hash.bytes().all(|b| b.is_ascii_hexdigit())) {
        return true;
    }
    let file = name.rsplit('/').next().unwrap_or_default();
    file.split('-').skip(1).any(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        digits >= HASH_DIGITS && matches!(part.as_bytes().get(digits), Some(b'.' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_names_that_carry_their_hash_are_kept_for_ever() {
        for (name, hashed) in [
            ("app-0123456789abcdef.js", true),
            ("app-0123456789abcdef_bg.wasm", true),
            ("assets/tokens-a1b2c3d4e5f60718.css", true),
            ("build-0123456789abcdef/app.js", true),
            ("build-0123456789abcdef/snippets/x/inline0.js", true),
            ("build-0123456789abcde/app.js", false),
            ("build-0123456789abcdef", false),
            ("engine.js", false),
            ("engine_bg.wasm", false),
            ("sw.js", false),
            ("index.html", false),
            ("snippets/x-0123456789abcdef/inline0.js", false),
            ("icon-512.png", false),
            ("app-0123456789abcde.js", false),
            ("0123456789abcdef0123.js", false),
        ] {
            assert_eq!(is_hashed(name), hashed, "{name}");
        }
    }
}
