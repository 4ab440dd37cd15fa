//! What an operator decides.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::http::{HeaderValue, Uri};

use crate::sqlite::SqliteOptions;

/// The time, ms since 1970 UTC.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What an operator decides.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 for one that is free.
    pub listen: SocketAddr,
    /// Where the data lies.
    pub storage: SqliteOptions,
    /// The built web app, if this server serves it.
    pub app: Option<PathBuf>,
    /// The path under which everything is served: `/` or `/satchel/`.
    pub base_path: String,
    /// Hosts that a sign-in may name; empty for loopback with the port that is listened on.
    pub public_hosts: Vec<String>,
    /// The origins of apps that are hosted elsewhere and may call this server.
    pub allow_origins: Vec<Origin>,
    /// Proxies in front whose `X-Forwarded-For` is believed; nobody else's is.
    pub trusted_proxies: Vec<IpAddr>,
    /// The origin that the served app syncs with, if it is not this server.
    pub sync_origin: Option<Origin>,
    /// Bounds on what peers may ask for.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
}

impl Config {
    /// Loopback on a free port, no app; the rest as [`Limits::default`].
    pub fn local(data: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            storage: SqliteOptions::at(data),
            app: None,
            base_path: "/".to_owned(),
            public_hosts: Vec::new(),
            allow_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            sync_origin: None,
            limits: Limits::default(),
            clock: Arc::new(wall_clock),
        }
    }
}

/// Bounds on what peers may ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Open connections; a trusted proxy has as many as it needs.
    pub connections: Bound,
    /// Requests: in work at once, where one that waits for its body is not counted, and of one address from head to
    /// answer. Streams of hints are counted until they begin.
    pub requests: Bound,
    /// Bodies of more than 4 KiB that are being read, or are in work.
    pub bodies: Bound,
    /// The same of those of more than 2 MiB.
    pub large_bodies: Bound,
    /// Registrations, challenges and sign-ins that one peer may make in a row.
    pub attempts: u32,
    /// How many of these come back each minute.
    pub attempts_per_minute: u32,
    /// How long a peer may take for a request's head, and be idle between requests.
    pub head: Duration,
    /// How long a peer may pause within a request's body.
    pub body_pause: Duration,
    /// How long a body of up to 4 KiB may take. A larger one has a second more for each 4 KiB.
    pub small_body: Duration,
    /// How long any body may take; slow mobile networks are honest.
    pub body: Duration,
    /// How long a request whose body is there may wait for its turn.
    pub turn: Duration,
    /// How long requests in work may take after the signal to stop.
    pub stop: Duration,
    /// Between two signs of life on a stream of hints.
    pub heartbeat: Duration,
}

/// Most of something at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound {
    /// Of everybody together.
    pub all: usize,
    /// Of one address, for which an IPv6 /64 counts as one.
    pub each: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: Bound { all: 20_000, each: 512 },
            requests: Bound { all: 256, each: 64 },
            bodies: Bound { all: 64, each: 16 },
            large_bodies: Bound { all: 4, each: 2 },
            attempts: 60,
            attempts_per_minute: 60,
            head: Duration::from_secs(60),
            body_pause: Duration::from_secs(20),
            small_body: Duration::from_secs(10),
            body: Duration::from_secs(300),
            turn: Duration::from_secs(10),
            stop: Duration::from_secs(10),
            heartbeat: Duration::from_secs(25),
        }
    }
}

/// `scheme://host[:port]`, exactly as a browser writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    scheme: String,
    host: String,
}

/// Why a text is not an origin.
#[derive(Debug, thiserror::Error)]
#[error("not an origin: write it as https://app.example.com, without a path")]
pub struct OriginError;

impl Origin {
    /// Host and port, as in the URL.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// As a header's value.
    pub(crate) fn header(&self) -> Result<HeaderValue, OriginError> {
        HeaderValue::from_str(&self.to_string()).map_err(|_| OriginError)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| OriginError)?;
        let scheme = uri.scheme_str().ok_or(OriginError)?;
        let authority = uri.authority().ok_or(OriginError)?.as_str();
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        let plain = authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        if !bare || !plain || !matches!(scheme, "http" | "https") {
            return Err(OriginError);
        }
        Ok(Self { scheme: scheme.to_owned(), host: authority.to_ascii_lowercase() })
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}://{}", self.scheme, self.host)
    }
}

/// A clock before 1970 reads as 1970: sign-ins fail then, nothing else does.
#[expect(clippy::disallowed_methods, reason = "the one door of the time")]
fn wall_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
