//! What the benchmark runs in a browser's worker.
//!
//! A crate of its own, because its worker asks the parts themselves: a store, a replica, a book, without a screen before them. The page in
//! `page/` measures it beside two baselines in plain JavaScript.

mod account;
pub mod ours;
pub mod plain;
mod sync;

use satchel_sample::{Question, Scale};
use wasm_bindgen::prelude::*;

/// The partners from `from` up to `to` as a plain app would keep them, in JSON.
#[wasm_bindgen(js_name = plainPartners)]
pub fn plain_partners(seed: u32, partners: usize, interactions: usize, from: usize, to: usize) -> String {
    plain::partners(&Scale { seed: seed.into(), partners, interactions }, from..to.min(partners))
}

/// The interactions of the partners from `from` up to `to`, in JSON.
#[wasm_bindgen(js_name = plainInteractions)]
pub fn plain_interactions(seed: u32, partners: usize, interactions: usize, from: usize, to: usize) -> String {
    plain::interactions(&Scale { seed: seed.into(), partners, interactions }, from..to.min(partners))
}

/// Derives the keys from the passphrase, as unlocking does.
///
/// # Errors
/// The device has too little memory.
#[wasm_bindgen(js_name = deriveKeys)]
pub fn derive_keys(seed: u32) -> Result<Vec<u8>, JsError> {
    let keys = account::Account::of(seed.into()).derive()?;
    Ok(keys.login.public().to_vec())
}

/// The `turn`-th question of a kind: `prefix`, `chinese`, `initials` or `typo`.
///
/// # Errors
/// There is no such kind.
#[wasm_bindgen]
pub fn question(
    seed: u32,
    partners: usize,
    interactions: usize,
    kind: &str,
    turn: usize,
) -> Result<String, JsError> {
    let question = match kind {
        "prefix" => Question::Prefix,
        "chinese" => Question::Chinese,
        "initials" => Question::Initials,
        "typo" => Question::Typo,
        _ => return Err(JsError::new("no such kind of question")),
    };
    Ok(Scale { seed: seed.into(), partners, interactions }.question(question, turn))
}
