//! The browser's own AES-256-GCM for pages: many times as fast as ours, off this thread.

use super::js::scope;
use js_sys::Uint8Array;
use satchel_replica::{PageCipher, Sealing};
use satchel_vault::{FORMAT, NoEntropy, OpenError, PageKey, PagePlace, SealError};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, CryptoKey, SubtleCrypto};

const NONCE: usize = 12;

/// A page key in the browser's keeping.
struct WebCipher {
    subtle: SubtleCrypto,
    key: CryptoKey,
}

/// The browser's cipher for this key; `None` where there is none, as on a page without TLS.
pub async fn import(key: &PageKey) -> Option<Rc<dyn PageCipher>> {
    let subtle = scope().crypto().ok()?.subtle();
    if subtle.is_undefined() {
        return None;
    }
    let raw = Uint8Array::from(key.expose().as_slice());
    let usages = js_sys::Array::of2(&"encrypt".into(), &"decrypt".into());
    let importing = subtle.import_key_with_str("raw", &raw, "AES-GCM", false, &usages).ok()?;
    let imported = JsFuture::from(importing).await;
    raw.fill(0, 0, raw.length());
    Some(Rc::new(WebCipher { subtle, key: imported.ok()?.unchecked_into() }))
}

fn params(nonce: &Uint8Array, place: PagePlace) -> AesGcmParams {
    let params = AesGcmParams::new("AES-GCM", nonce);
    params.set_additional_data(&Uint8Array::from(place.context().as_slice()));
    params
}

async fn bytes(promise: Result<js_sys::Promise, JsValue>) -> Result<Uint8Array, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(promise?).await?))
}

impl PageCipher for WebCipher {
    fn seal(&self, place: PagePlace, plain: Vec<u8>) -> Sealing<Vec<u8>, SealError> {
        let begun = self.begin_to_seal(place, &plain);
        Box::pin(async move {
            let (nonce, sealing) = begun?;
            let text = bytes(sealing).await.map_err(|_| SealError::Mismatch)?;
            let mut sealed = vec![0; 1 + NONCE + text.length() as usize];
            sealed[0] = FORMAT;
            sealed[1..=NONCE].copy_from_slice(&nonce);
            text.copy_to(&mut sealed[1 + NONCE..]);
            Ok(sealed)
        })
    }

    fn open(&self, place: PagePlace, sealed: &[u8]) -> Sealing<Vec<u8>, OpenError> {
        let begun = self.begin_to_open(place, sealed);
        Box::pin(
            async move { bytes(begun?).await.map(|plain| plain.to_vec()).map_err(|_| OpenError::Damaged) },
        )
    }
}

type Begun = Result<js_sys::Promise, JsValue>;

// The browser copies what it is to work on before these return.
impl WebCipher {
    fn begin_to_seal(&self, place: PagePlace, plain: &[u8]) -> Result<([u8; NONCE], Begun), NoEntropy> {
        let mut nonce = [0; NONCE];
        #[expect(clippy::disallowed_methods, reason = "the engine's source of randomness")]
        getrandom::fill(&mut nonce).map_err(|_| NoEntropy)?;
        let params = params(&Uint8Array::from(nonce.as_slice()), place);
        Ok((nonce, self.subtle.encrypt_with_object_and_u8_array(&params, &self.key, plain)))
    }

    fn begin_to_open(&self, place: PagePlace, sealed: &[u8]) -> Result<Begun, OpenError> {
        let (format, rest) = sealed.split_first().ok_or(OpenError::Damaged)?;
        if *format != FORMAT {
            return Err(OpenError::Newer { format: *format });
        }
        let (nonce, text) = rest.split_at_checked(NONCE).ok_or(OpenError::Damaged)?;
        let params = params(&Uint8Array::from(nonce), place);
        Ok(self.subtle.decrypt_with_object_and_u8_array(&params, &self.key, text))
    }
}
