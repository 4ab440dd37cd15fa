//! Files as the browser hands them over: read in slices, decoded by its own tables.

use crate::engine::host::{self, UnreadableFile};
use satchel_exchange::{Decoder, Decoders, Encoding, Undecodable};
use wasm_bindgen_futures::JsFuture;

/// A file that a person chose.
pub struct File(pub(super) web_sys::File);

impl host::File for File {
    fn name(&self) -> String {
        self.0.name()
    }

    fn size(&self) -> u64 {
        self.0.size() as u64
    }

    async fn read(&self, start: u64, end: u64) -> Result<Vec<u8>, UnreadableFile> {
        let slice = self.0.slice_with_f64_and_f64(start as f64, end as f64).map_err(|_| UnreadableFile)?;
        let buffer = JsFuture::from(slice.array_buffer()).await.map_err(|_| UnreadableFile)?;
        Ok(js_sys::Uint8Array::new(&buffer).to_vec())
    }
}

/// The browser's decoders: they know GB18030 and the others without a byte of ours.
pub(super) struct BrowserDecoders;

impl Decoders for BrowserDecoders {
    fn open(&self, encoding: Encoding) -> Option<Box<dyn Decoder>> {
        let options = web_sys::TextDecoderOptions::new();
        options.set_fatal(true);
        let decoder = web_sys::TextDecoder::new_with_label_and_options(encoding.label(), &options).ok()?;
        Some(Box::new(Strict(decoder)))
    }
}

struct Strict(web_sys::TextDecoder);

impl Decoder for Strict {
    fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) -> Result<(), Undecodable> {
        let options = web_sys::TextDecodeOptions::new();
        options.set_stream(!last);
        let array = js_sys::Uint8Array::from(bytes);
        let text = self.0.decode_with_buffer_source_and_options(&array, &options).map_err(|_| Undecodable)?;
        out.push_str(&text);
        Ok(())
    }
}
