//! Whether this is the sync server, and what time it has: an app tells a captive portal by it.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{problem::Problem, service::Shared};

/// The answer, in JSON so that people can read it too.
#[derive(Serialize)]
pub(crate) struct Health {
    service: &'static str,
    server_ms: u64,
}

/// Answers once storage does.
pub(crate) async fn health(State(service): State<Shared>) -> Result<Json<Health>, Problem> {
    service.log().ping().await?;
    Ok(Json(Health { service: "satchel", server_ms: service.now_ms() }))
}
