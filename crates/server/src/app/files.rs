//! Finding, reading and remembering the app's files, and their precompressed siblings.

use std::{
    collections::HashMap,
    io::{Error, ErrorKind, Result},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
};
use sha2::{Digest, Sha256};

/// Larger files are read anew each time, so that memory stays bounded by the build's own size.
const REMEMBERED: u64 = 16 << 20;

/// How a sibling is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// As HTTP calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// How the sibling's name ends.
    fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// What the peer takes, smallest first.
    pub(super) fn accepted(asked: &HeaderMap) -> Vec<Self> {
        let values = asked.get_all(header::ACCEPT_ENCODING);
        let text: Vec<&str> = values.iter().filter_map(|value| value.to_str().ok()).collect();
        let takes = |encoding: &Self| {
            let mut offers = text.iter().flat_map(|line| line.split(','));
            offers.any(|offer| takes(offer, encoding.name()))
        };
        [Self::Brotli, Self::Gzip].into_iter().filter(takes).collect()
    }
}

/// Whether one offer of `Accept-Encoding` is this encoding, and not forbidden by `q=0`.
fn takes(offer: &str, name: &str) -> bool {
    let mut parts = offer.split(';').map(str::trim);
    let named = parts.next().is_some_and(|offered| offered.eq_ignore_ascii_case(name));
    let forbidden = parts
        .filter_map(|part| part.strip_prefix("q="))
        .any(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0));
    named && !forbidden
}

/// One file's bytes and their version.
pub(super) struct Loaded {
    pub(super) bytes: Bytes,
    pub(super) etag: HeaderValue,
    changed: SystemTime,
}

/// A file, ready to be sent.
pub(super) struct Served {
    /// Its path in the app's folder, without the encoding's suffix.
    pub(super) name: String,
    pub(super) encoding: Option<Encoding>,
    pub(super) file: Arc<Loaded>,
}

/// The app's folder.
pub(super) struct Files {
    root: PathBuf,
    loaded: Mutex<HashMap<PathBuf, Arc<Loaded>>>,
}

impl Files {
    /// `root` is canonical.
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, loaded: Mutex::default() }
    }

    /// The file of that name in the best encoding that is there; nothing where there is no file.
    pub(super) async fn find(&self, name: &str, accepted: &[Encoding]) -> Result<Option<Served>> {
        if !is_plain(name) {
            return Ok(None);
        }
        let Some(plain) = self.load(name).await? else { return Ok(None) };
        for encoding in accepted {
            let sibling = format!("{name}{}", encoding.suffix());
            // A sibling that is older than its file belongs to another build.
            let fits = |file: &Arc<Loaded>| file.changed >= plain.changed;
            if let Some(file) = self.load(&sibling).await?.filter(fits) {
                return Ok(Some(Served { name: name.to_owned(), encoding: Some(*encoding), file }));
            }
        }
        Ok(Some(Served { name: name.to_owned(), encoding: None, file: plain }))
    }

    async fn load(&self, name: &str) -> Result<Option<Arc<Loaded>>> {
        let Some(path) = self.inside(name).await? else { return Ok(None) };
        let about = tokio::fs::metadata(&path).await?;
        if !about.is_file() {
            return Ok(None);
        }
        let changed = about.modified()?;
        if let Some(known) = self.known(&path, changed, about.len()) {
            return Ok(Some(known));
        }
        let bytes = Bytes::from(tokio::fs::read(&path).await?);
        let file = Arc::new(Loaded { etag: etag(&bytes)?, bytes, changed });
        if about.len() <= REMEMBERED {
            self.remember(path, Arc::clone(&file));
        }
        Ok(Some(file))
    }

    /// The real path of a name, if it lies in the folder; links that lead out of it lead nowhere.
    async fn inside(&self, name: &str) -> Result<Option<PathBuf>> {
        match tokio::fs::canonicalize(self.root.join(name)).await {
            Ok(path) if path.starts_with(&self.root) => Ok(Some(path)),
            Ok(_) => Ok(None),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn known(&self, path: &Path, changed: SystemTime, length: u64) -> Option<Arc<Loaded>> {
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |file: &&Arc<Loaded>| file.changed == changed && file.bytes.len() as u64 == length;
        loaded.get(path).filter(fits).cloned()
    }

    fn remember(&self, path: PathBuf, file: Arc<Loaded>) {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).insert(path, file);
    }
}

/// Only names that a build makes: letters, digits and a few signs; no part is empty, hidden or `..`.
fn is_plain(name: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@+".contains(&byte);
    name.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && part.bytes().all(sign))
}

fn is_absence(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename)
}

fn etag(bytes: &[u8]) -> Result<HeaderValue> {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hex}\"")).map_err(Error::other)
}
