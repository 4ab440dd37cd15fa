//! Every route, and what each request passes on its way in and out.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
};

use crate::{
    access_log,
    app::{self, App},
    drain,
    problem::Problem,
    routes::{accounts, deletion, devices, files, handover, health, hints, members, sessions, spaces},
    service::Service,
    work,
};

/// How long a browser may remember that the app's origin is allowed.
const PREFLIGHT: Duration = Duration::from_secs(24 * 60 * 60);

/// Should an answer ever be taken for a page, it may do nothing.
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

/// What the router needs beside the service.
#[derive(Clone, Default)]
pub struct Surroundings {
    /// The built web app, if it is served here.
    pub(crate) app: Option<Arc<App>>,
    /// The origins of apps that are hosted elsewhere.
    pub(crate) allow_origins: Vec<HeaderValue>,
    /// The path under which everything is served, without a slash at its end; empty for the root.
    pub(crate) base_path: String,
}

/// Everything that this server answers.
pub fn router(service: Arc<Service>, around: Surroundings) -> Router {
    let routes = Router::new()
        .route("/v1/health", get(health::health))
        .route("/v1/accounts", post(accounts::register))
        .route("/v1/accounts/change", post(accounts::change))
        .route("/v1/devices", post(devices::report))
        .route("/v1/devices/name", post(devices::name))
        .route("/v1/devices/revoke", post(devices::revoke))
        .route("/v1/handover", post(handover::give))
        .route("/v1/handover/part", post(handover::give_part))
        .route("/v1/handover/taken", post(handover::taken))
        .route("/v1/handover/{device}", get(handover::read))
        .route("/v1/sessions/challenge", post(sessions::challenge))
        .route("/v1/sessions", post(sessions::open))
        .route("/v1/sessions/end", post(sessions::end))
        .route("/v1/spaces/{space}/push", post(spaces::push))
        .route("/v1/spaces/{space}/changes", get(spaces::changes))
        .route("/v1/spaces/{space}/digest", get(spaces::digest))
        .route("/v1/spaces/{space}/hints", get(hints::hints))
        .route("/v1/spaces/{space}/members", get(members::entries).post(members::append))
        .route("/v1/spaces/{space}/files/held", post(files::held))
        .route("/v1/spaces/{space}/files/drop", post(files::forget))
        .route("/v1/spaces/{space}/files/{file}/{index}", get(files::get).post(files::put))
        .route("/v1/spaces/{space}/delete", post(deletion::delete))
        .route("/v1/spaces/{space}/deleted", get(deletion::deleted))
        .route("/v1/invitations/{id}", get(members::invitation))
        .route("/v1/invitations/{id}/members", get(members::invited_entries))
        .route("/v1", any(not_found))
        .route("/v1/", any(not_found))
        .route("/v1/{*rest}", any(not_found))
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&service), work::one_turn))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), drain::read_to_the_end))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), work::one_share))
        .layer(middleware::map_response(guard_answer))
        .with_state(service);
    let routes = match around.allow_origins {
        none if none.is_empty() => routes,
        origins => routes.layer(cors(origins)),
    };
    let whole = match around.app {
        Some(app) => routes.fallback_service(app::service(app)),
        None => routes.fallback(not_found),
    };
    under(&around.base_path, whole)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(access_log::record))
}

/// Moves everything below a path; the path without its last slash leads to it.
fn under(base_path: &str, whole: Router) -> Router {
    if base_path.is_empty() {
        return whole;
    }
    let home = format!("{base_path}/");
    let to_home = home.clone();
    Router::new()
        .route(base_path, get(move || async move { Redirect::permanent(&to_home) }))
        .nest_service(&home, whole)
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
}

async fn not_found() -> Problem {
    Problem::NotFound
}

async fn wrong_method() -> Problem {
    Problem::Method
}

/// What is sealed is nobody's to keep, and no answer is ever a page.
async fn guard_answer(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NO_PAGE));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let no_buffering = HeaderName::from_static("x-accel-buffering");
    headers.insert(no_buffering, HeaderValue::from_static("no"));
    response
}

/// Each origin by its exact name, never all, and never with credentials: the token is no cookie.
fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT)
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request ended by a panic");
    Problem::Internal.into_response()
}
