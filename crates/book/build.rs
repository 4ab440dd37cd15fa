//! Makes the table of usual readings out of the `pinyin` crate's: without tones it is half as large, and without
//! the characters that no name is written with (extension B, but for those in general use) half of that again.

use pinyin::ToPinyin;
use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};

/// What is read: the basic plane, and the extensions above B, in which the rare characters of names are.
const BLOCKS: [(u32, u32); 2] = [(0, 0x1_0000), (0x2_a700, 0x3_2000)];
/// The characters of extension B that China's table of general standard characters has.
const EXTENSION_B: &str = "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let readings = readings();
    let syllables = by_frequency(&readings);
    assert!(syllables.len() < 1 << 9, "a reading's number has nine bits");
    let number = |reading: &str| 1 + syllables.iter().position(|other| *other == reading).unwrap_or_default();
    let numbers: BTreeMap<u32, usize> = readings.iter().map(|(c, reading)| (*c, number(reading))).collect();
    let (mut low, mut high, mut runs) = (Vec::new(), Vec::new(), String::new());
    for (first, last) in runs_of(&numbers) {
        runs += &format!("({first}, {}), ", last + 1 - first);
        for code in first..=last {
            let number = numbers.get(&code).copied().unwrap_or(0);
            if low.len() % 8 == 0 {
                high.push(0_u8);
            }
            if let Some(bits) = high.last_mut() {
                *bits |= ((number >> 8) as u8) << (low.len() % 8);
            }
            low.push(number as u8);
        }
    }
    let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let folder = Path::new(&folder);
    fs::write(folder.join("low"), low)?;
    fs::write(folder.join("high"), high)?;
    let code = format!(
        "const SYLLABLES: &str = {:?};\nconst RUNS: &[(u32, u32)] = &[{runs}];\n",
        syllables.join(" ")
    );
    fs::write(folder.join("readings.rs"), code)
}

fn readings() -> BTreeMap<u32, &'static str> {
    let blocks = BLOCKS.iter().flat_map(|(first, end)| *first..*end).filter_map(char::from_u32);
    let read = |c: char| Some((u32::from(c), c.to_pinyin()?.plain()));
    blocks.chain(EXTENSION_B.chars()).filter_map(read).collect()
}

/// The most frequent first: their numbers pack best.
fn by_frequency(readings: &BTreeMap<u32, &'static str>) -> Vec<&'static str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    readings.values().for_each(|reading| *counts.entry(reading).or_default() += 1);
    let mut syllables: Vec<_> = counts.into_iter().collect();
    syllables.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    syllables.into_iter().map(|(syllable, _)| syllable).collect()
}

/// First and last characters that have nothing but small gaps between them.
fn runs_of(numbers: &BTreeMap<u32, usize>) -> Vec<(u32, u32)> {
    const GAP: u32 = 32;
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for code in numbers.keys().copied() {
        match runs.last_mut() {
            Some((_, last)) if code - *last <= GAP => *last = code,
            _ => runs.push((code, code)),
        }
    }
    runs
}
