//! Looks for words and keys in what a page and its workers hold in memory: the scripts' heaps, and the memories of
//! their WebAssembly.

use crate::Outcome;
use crate::canary::from_hex;
use crate::devtools::{DevTools, Session};
use crate::failure::ensure;
use hkdf::Hkdf;
use memchr::memmem;
use sha2::Sha256;

/// Notes what is drawn as a key: 32 random bytes at once.
const NOTE_KEYS: &str = "
    self.drawn = [];
    const draw = crypto.getRandomValues.bind(crypto);
    crypto.getRandomValues = (into) => {
        const made = draw(into);
        const bytes = new Uint8Array(made.buffer, made.byteOffset, made.byteLength);
        if (bytes.length === 32) self.drawn.push(Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(''));
        return made;
    };";

/// What is looked for.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Texts.
    pub words: Vec<String>,
    /// Keys, as hex digits.
    pub keys: Vec<String>,
    /// Keys that are derived from one of those, as hex digits.
    pub derived: Vec<String>,
}

impl Wanted {
    /// These texts, these keys, and what is derived from whichever of them is the account's.
    pub fn all(words: &[&str], keys: Vec<String>) -> Self {
        let derived = keys.iter().flat_map(|key| derived(key)).collect();
        Self { words: words.iter().map(|word| (*word).to_owned()).collect(), keys, derived }
    }
}

/// What an account key is derived for, and lies in memory as the 32 bytes that come of it (PROTOCOL, section 4).
const PURPOSES: [&str; 5] = [
    "satchel/identity/sign/1",
    "satchel/identity/receive/1",
    "satchel/local/names/1",
    "satchel/account/content/1",
    "satchel/device-sign/1",
];

/// What would be derived from a key if it were an account's, as hex digits.
fn derived(key: &str) -> Vec<String> {
    let source = Hkdf::<Sha256>::new(None, &from_hex(key));
    let derive = |purpose: &&str| {
        let mut bytes = [0; 32];
        source.expand(purpose.as_bytes(), &mut bytes).ok()?;
        Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    };
    PURPOSES.iter().filter_map(derive).collect()
}

/// What was found, and in how much.
#[derive(Debug, Default)]
pub struct Memory {
    /// Bytes of WebAssembly memory that were searched.
    pub wasm: u64,
    /// Characters of heap snapshots that were searched.
    pub heap: usize,
    /// Words that were found, and where.
    pub words: Vec<String>,
    /// How many keys were found.
    pub keys: usize,
    /// How many derived keys were found.
    pub derived: usize,
}

/// The engine's worker; there is one.
pub async fn engine(line: &mut DevTools) -> Outcome<Session> {
    let workers = line.workers().await?;
    ensure(workers.len() == 1, || format!("{} workers run", workers.len()))?;
    Ok(workers[0].clone())
}

/// From now on the engine notes which keys it makes.
pub async fn note_keys(line: &mut DevTools) -> Outcome {
    let engine = engine(line).await?;
    line.evaluate(&engine, NOTE_KEYS).await.map(drop)
}

/// The keys that were made since.
pub async fn noted_keys(line: &mut DevTools) -> Outcome<Vec<String>> {
    let engine = engine(line).await?;
    let told = line.evaluate(&engine, "self.drawn.splice(0)").await?;
    Ok(told.as_array().into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned)).collect())
}

/// Searches the page and the engine. The heaps come first: searching them leaves nothing behind.
pub async fn search(line: &mut DevTools, wanted: &Wanted) -> Outcome<Memory> {
    let mut all = Memory::default();
    let whoever = [("page", line.page()), ("engine", engine(line).await?)];
    for (place, whom) in &whoever {
        let heap = line.heap(whom).await?;
        all.heap += heap.len();
        for word in &wanted.words {
            let forms = [word.clone(), escaped(word)];
            if forms.iter().any(|form| memmem::find(heap.as_bytes(), form.as_bytes()).is_some()) {
                all.words.push(format!("{word} in the {place}'s heap"));
            }
        }
    }
    let needles: Vec<String> = wanted.words.iter().flat_map(|word| forms(word)).collect();
    for (place, whom) in &whoever {
        let every = [needles.clone(), wanted.keys.clone(), wanted.derived.clone()].concat();
        let (found, bytes) = line.memories(whom, &every).await?;
        ensure(bytes > 0, || format!("no memory of the {place} is within reach"))?;
        all.wasm += bytes;
        let (words, keys) = (needles.len(), needles.len() + wanted.keys.len());
        all.keys += found.iter().filter(|at| (words..keys).contains(*at)).count();
        all.derived += found.iter().filter(|at| **at >= keys).count();
        let mut words: Vec<&String> = found.iter().filter_map(|at| wanted.words.get(at / 2)).collect();
        words.dedup();
        all.words.extend(words.into_iter().map(|word| format!("{word} in the {place}'s WebAssembly")));
    }
    Ok(all)
}

/// A word in UTF-8 and in UTF-16, as hex digits.
fn forms(word: &str) -> [String; 2] {
    let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [hex(word.as_bytes().to_vec()), hex(word.encode_utf16().flat_map(u16::to_le_bytes).collect())]
}

/// A word as snapshots write what is not ASCII.
fn escaped(word: &str) -> String {
    let unit = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04X}"),
    };
    word.encode_utf16().map(unit).collect()
}
