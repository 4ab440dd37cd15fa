//! Photos made small on the device, by the browser's own decoder and encoder: what comes out has the pixels, the right
//! way up, and nothing else of what the camera wrote, such as the place.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Url};

/// The longest side of a photo that is kept, in pixels.
const LONGEST: f64 = 2_048.0;
/// The longest side of a preview.
const PREVIEW: f64 = 320.0;
/// What both are written as.
pub const JPEG: &str = "image/jpeg";
const QUALITY: f64 = 0.82;
const PREVIEW_QUALITY: f64 = 0.7;

/// A photo, ready to be kept.
pub struct Shrunk {
    /// The photo.
    pub body: File,
    /// Its preview.
    pub preview: File,
    /// From left to right, in pixels.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// Makes a picture small; `None` where this browser does not read it.
pub async fn shrink(file: &File) -> Option<Shrunk> {
    let url = Url::create_object_url_with_blob(file).ok()?;
    let shrunk = match decoded(&url).await {
        Ok(image) => drawn_twice(&image).await.ok(),
        Err(_) => None,
    };
    drop(Url::revoke_object_url(&url));
    shrunk
}

type Js<T> = Result<T, JsValue>;

fn get(of: &JsValue, key: &str) -> Js<JsValue> {
    Reflect::get(of, &key.into())
}

fn set(of: &JsValue, key: &str, value: &JsValue) -> Js<()> {
    Reflect::set(of, &key.into(), value).map(drop)
}

fn call(of: &JsValue, method: &str, arguments: &[JsValue]) -> Js<JsValue> {
    let method: Function = get(of, method)?.dyn_into()?;
    method.apply(of, &arguments.iter().collect())
}

/// An image element shows a photo the right way up in every browser; whoever draws it draws it so.
async fn decoded(url: &str) -> Js<JsValue> {
    let image: JsValue = document().create_element("img")?.into();
    set(&image, "src", &url.into())?;
    let decoding: Promise = call(&image, "decode", &[])?.dyn_into()?;
    JsFuture::from(decoding).await?;
    Ok(image)
}

async fn drawn_twice(image: &JsValue) -> Js<Shrunk> {
    let (body, width, height) = drawn(image, LONGEST, QUALITY).await?;
    let (preview, ..) = drawn(image, PREVIEW, PREVIEW_QUALITY).await?;
    Ok(Shrunk { body, preview, width, height })
}

async fn drawn(image: &JsValue, longest: f64, quality: f64) -> Js<(File, u32, u32)> {
    let side = |key: &str| get(image, key)?.as_f64().filter(|side| *side > 0.0).ok_or(JsValue::NULL);
    let (width, height) = (side("naturalWidth")?, side("naturalHeight")?);
    let scale = (longest / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).round().max(1.0), (height * scale).round().max(1.0));
    let canvas: JsValue = document().create_element("canvas")?.into();
    set(&canvas, "width", &width.into())?;
    set(&canvas, "height", &height.into())?;
    let context = call(&canvas, "getContext", &["2d".into()])?;
    let area = [0.0, 0.0, width, height].map(JsValue::from_f64);
    // What is see-through would be black otherwise.
    set(&context, "fillStyle", &"#fff".into())?;
    call(&context, "fillRect", &area)?;
    let [x, y, wide, high] = area;
    call(&context, "drawImage", &[image.clone(), x, y, wide, high])?;
    let blob = encoded(&canvas, quality).await?;
    let file = File::new_with_blob_sequence(&js_sys::Array::of1(&blob), "photo.jpg")?;
    Ok((file, width as u32, height as u32))
}

async fn encoded(canvas: &JsValue, quality: f64) -> Js<Blob> {
    let encoding = Promise::new(&mut |resolve, reject| {
        let asked = call(canvas, "toBlob", &[resolve.into(), JPEG.into(), quality.into()]);
        if let Err(error) = asked {
            drop(reject.call1(&JsValue::UNDEFINED, &error));
        }
    });
    JsFuture::from(encoding).await?.dyn_into()
}

/// An address under which the page shows bytes, for as long as this is held.
pub struct Shown(String);

impl Shown {
    /// Of the bytes of a photo.
    pub fn photo(bytes: &[u8]) -> Option<Self> {
        let options = web_sys::BlobPropertyBag::new();
        // Whatever somebody may have attached: it is shown as a photo or not at all.
        options.set_type(JPEG);
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(Self)
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        // An address that is gone already needs no revoking.
        drop(Url::revoke_object_url(&self.0));
    }
}
