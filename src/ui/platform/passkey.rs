//! Passkeys of the platform: making one and asking one, by WebAuthn's extension PRF.
//!
//! The objects are put together by hand: `web-sys` does not know the extension yet.

use super::js::{self, call, get, object};
use crate::port::{PasskeyAnswer, PasskeyAsk, Secret};
use js_sys::{Array, Function, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};

/// How long the platform's own screen may stay, ms.
const PATIENCE_MS: u32 = 120_000;
/// Signatures that a passkey may make, by their numbers at IANA: ES256, EdDSA, RS256. None is ever looked at.
const SIGNATURES: [i32; 3] = [-7, -8, -257];

/// Why no passkey answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// This browser, device or address has none.
    Unsupported,
    /// There are passkeys, but they cannot keep a key.
    NoPrf,
    /// The person closed the screen, or the passkey is gone: platforms do not say which.
    Cancelled,
    /// There is one already.
    AlreadyThere,
    /// Something else.
    Failed,
}

/// Whether this device may have passkeys: told by the platform, which may still refuse.
pub async fn is_supported() -> bool {
    let kind = get(&window(), "PublicKeyCredential");
    match call(&kind, "isUserVerifyingPlatformAuthenticatorAvailable", &[]).await {
        Ok(told) => told.is_truthy(),
        Err(_) => false,
    }
}

/// Makes a passkey, and has it answer.
pub async fn make(ask: &PasskeyAsk) -> Result<PasskeyAnswer, Trouble> {
    let made = credentials("create", &to_make(ask)).await?;
    let told = extension(&made)?;
    if !get(&told, "enabled").is_truthy() {
        return Err(Trouble::NoPrf);
    }
    if let Some(answer) = answered(&made) {
        return Ok(answer);
    }
    // Most platforms answer only when they are asked.
    let credential = name_of(&made).ok_or(Trouble::Failed)?;
    answer(&PasskeyAsk { credentials: vec![credential], ..ask.clone() }).await
}

/// Has one of the passkeys answer.
pub async fn answer(ask: &PasskeyAsk) -> Result<PasskeyAnswer, Trouble> {
    let given = credentials("get", &to_ask(ask)).await?;
    answered(&given).ok_or(Trouble::NoPrf)
}

fn to_make(ask: &PasskeyAsk) -> JsValue {
    // A name of its own for each: the platform would replace one of the same person. It tells nobody's name.
    let user =
        object(&[("id", bytes(&ask.nonce)), ("name", "Satchel".into()), ("displayName", "Satchel".into())]);
    let kinds: Array = SIGNATURES
        .map(|number| object(&[("type", "public-key".into()), ("alg", number.into())]))
        .into_iter()
        .collect();
    let chosen = object(&[
        ("authenticatorAttachment", "platform".into()),
        ("residentKey", "required".into()),
        ("requireResidentKey", true.into()),
        ("userVerification", "required".into()),
    ]);
    object(&[
        ("rp", object(&[("name", "Satchel".into())])),
        ("user", user),
        ("challenge", bytes(&ask.nonce)),
        ("pubKeyCredParams", kinds.into()),
        ("authenticatorSelection", chosen),
        ("excludeCredentials", named(&ask.credentials)),
        ("attestation", "none".into()),
        ("timeout", PATIENCE_MS.into()),
        ("extensions", prf(ask)),
    ])
}

fn to_ask(ask: &PasskeyAsk) -> JsValue {
    object(&[
        ("challenge", bytes(&ask.nonce)),
        ("allowCredentials", named(&ask.credentials)),
        ("userVerification", "required".into()),
        ("timeout", PATIENCE_MS.into()),
        ("extensions", prf(ask)),
    ])
}

fn prf(ask: &PasskeyAsk) -> JsValue {
    let input = object(&[("first", bytes(&ask.input))]);
    object(&[("prf", object(&[("eval", input)]))])
}

fn named(credentials: &[Vec<u8>]) -> JsValue {
    let one = |id: &Vec<u8>| object(&[("type", "public-key".into()), ("id", bytes(id))]);
    credentials.iter().map(one).collect::<Array>().into()
}

/// Asks the platform, which shows a screen of its own.
async fn credentials(method: &str, options: &JsValue) -> Result<JsValue, Trouble> {
    let container = get(&window().navigator(), "credentials");
    if container.is_falsy() {
        return Err(Trouble::Unsupported);
    }
    let options = object(&[("publicKey", options.clone())]);
    call(&container, method, &[options]).await.map_err(|error| trouble(&error))
}

fn trouble(error: &JsValue) -> Trouble {
    match js::error_name(error).as_str() {
        "NotAllowedError" | "AbortError" => Trouble::Cancelled,
        "InvalidStateError" => Trouble::AlreadyThere,
        "NotSupportedError" | "SecurityError" => Trouble::Unsupported,
        _ => Trouble::Failed,
    }
}

/// What the extension says of a credential.
fn extension(credential: &JsValue) -> Result<JsValue, Trouble> {
    let told = get(credential, "getClientExtensionResults").dyn_into::<Function>();
    let all = told.and_then(|told| told.call0(credential)).map_err(|_| Trouble::Failed)?;
    Ok(get(&all, "prf"))
}

fn answered(credential: &JsValue) -> Option<PasskeyAnswer> {
    let first = get(&get(&extension(credential).ok()?, "results"), "first");
    if first.is_falsy() {
        return None;
    }
    let hex = Uint8Array::new(&first).to_vec().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(PasskeyAnswer { credential: name_of(credential)?, answer: Secret(hex) })
}

fn name_of(credential: &JsValue) -> Option<Vec<u8>> {
    let id = get(credential, "rawId");
    id.is_truthy().then(|| Uint8Array::new(&id).to_vec())
}

fn bytes(of: &[u8]) -> JsValue {
    Uint8Array::from(of).into()
}
