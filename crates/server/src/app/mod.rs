//! Serving the built web app: exact files, strict policy, right caching.
//!
//! **Invariants.** Nothing outside the app's folder is ever read. A missing script or module is 404,
//! never a page. What is served says which build it is by its hash, so a proxy can cache for ever
//! what never changes, and nothing else.

mod files;
mod headers;
mod media;

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use tower::{Service, service_fn};

use crate::{
    app::{
        files::{Encoding, Files, Served},
        headers::Policy,
    },
    config::{Origin, OriginError},
    problem::Problem,
};

/// The page that answers every navigation.
const INDEX: &str = "index.html";

/// Why the built web app cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no page to begin with.
    #[error("no index.html in {0}: build the app first, or leave --app out")]
    NoIndex(PathBuf),
    /// The sync origin cannot be sent in a header.
    #[error(transparent)]
    Origin(#[from] OriginError),
}

/// The built web app.
pub(crate) struct App {
    files: Files,
    policy: Policy,
}

impl App {
    /// Serves what lies in `folder`; `sync` is the origin it syncs with, if not this one.
    pub(crate) fn open(folder: &Path, sync: Option<&Origin>) -> Result<Self, AppError> {
        let no_index = |_| AppError::NoIndex(folder.to_owned());
        let root = folder.canonicalize().map_err(no_index)?;
        root.join(INDEX).metadata().map_err(no_index)?;
        Ok(Self { files: Files::new(root), policy: Policy::new(sync)? })
    }

    async fn answer(&self, method: &Method, uri: &Uri, asked: &HeaderMap) -> Response {
        if !matches!(*method, Method::GET | Method::HEAD) {
            let allow = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
            return (allow, Problem::Method).into_response();
        }
        match self.find(uri.path(), asked).await {
            Ok(Some(served)) => present(&served, method, asked),
            Ok(None) => Problem::NotFound.into_response(),
            Err(error) => {
                tracing::error!(%error, "a file of the app cannot be read");
                Problem::Internal.into_response()
            }
        }
    }

    /// The file that the path names, else the page if this is a navigation.
    async fn find(&self, path: &str, asked: &HeaderMap) -> std::io::Result<Option<Served>> {
        let encodings = Encoding::accepted(asked);
        let named = if path == "/" { Some(INDEX) } else { path.strip_prefix('/') };
        let found = match named {
            Some(name) => self.files.find(name, &encodings).await?,
            None => None,
        };
        if found.is_none() && is_navigation(path, asked) {
            return self.files.find(INDEX, &encodings).await;
        }
        Ok(found)
    }
}

/// The app as a service that cannot fail.
pub(crate) fn service(
    app: Arc<App>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future = impl Send> + Clone {
    service_fn(move |request: Request| {
        let app = Arc::clone(&app);
        async move {
            let (parts, _) = request.into_parts();
            let mut response = app.answer(&parts.method, &parts.uri, &parts.headers).await;
            app.policy.apply(response.headers_mut());
            Ok::<_, Infallible>(response)
        }
    })
}

/// A person opening an address of the app: asks for a page, and the path names no file.
fn is_navigation(path: &str, asked: &HeaderMap) -> bool {
    let wants_page = asked
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let last = path.rsplit('/').next().unwrap_or_default();
    wants_page && media::of(last).is_none()
}

fn present(served: &Served, method: &Method, asked: &HeaderMap) -> Response {
    let fresh = asked.get(header::IF_NONE_MATCH).is_some_and(|tags| headers::names(tags, &served.file.etag));
    let mut response = if fresh { StatusCode::NOT_MODIFIED.into_response() } else { content(served, method) };
    headers::describe(response.headers_mut(), served);
    response
}

/// The file's bytes; for HEAD only how many they are.
fn content(served: &Served, method: &Method) -> Response {
    let body = match *method {
        Method::HEAD => Body::empty(),
        _ => Body::from(served.file.bytes.clone()),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(served.file.bytes.len()));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media::type_of(&served.name)));
    if let Some(encoding) = served.encoding {
        let name = HeaderValue::from_static(encoding.name());
        headers.insert(header::CONTENT_ENCODING, name);
    }
    response
}
