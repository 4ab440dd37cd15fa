//! A ZIP archive in memory, as far as workbooks need one: parts by their names, unpacked piece by piece.

use super::{Budget, PIECE};
use crate::Refused;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};
use std::io::{self, BufRead, Read};
use std::rc::Rc;

const END: &[u8] = b"PK\x05\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LISTED: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
/// How far from the end the archive's last record may begin: it ends with a comment of 16 bits' length.
const TAIL: usize = 22 + 0xFFFF;
/// Parts that an archive may have.
pub(super) const MOST_PARTS: usize = 20_000;
/// Stands for a number that only the longer form can hold.
const LONG: u64 = 0xFFFF_FFFF;

/// Where a part lies.
struct Entry {
    /// In lower case: programs differ, and no two parts differ by it alone.
    name: String,
    is_sealed: bool,
    method: u64,
    crc: u32,
    packed: u64,
    header: u64,
}

/// An archive whose directory was read.
pub(super) struct Archive {
    bytes: Rc<Vec<u8>>,
    entries: Vec<Entry>,
}

impl Archive {
    /// `None` where the bytes are no whole archive.
    pub(super) fn open(bytes: Vec<u8>) -> Option<Self> {
        let mut at = usize::try_from(directory(&bytes)?).ok()?;
        let mut entries = Vec::new();
        while bytes.get(at..)?.starts_with(LISTED) {
            let (entry, length) = entry(&bytes, at)?;
            entries.push(entry);
            at = at.checked_add(length)?;
            if entries.len() > MOST_PARTS {
                return None;
            }
        }
        Some(Self { bytes: Rc::new(bytes), entries })
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// How many bytes of the file a part takes.
    pub(super) fn packed(&self, name: &str) -> u64 {
        self.entry(name).map_or(0, |entry| entry.packed)
    }

    /// A part to be unpacked; `None` where there is none of this name.
    pub(super) fn part(&self, name: &str, budget: &Budget) -> Result<Option<Part>, Refused> {
        let Some(entry) = self.entry(name) else { return Ok(None) };
        if entry.is_sealed {
            return Err(Refused::ClosedWorkbook);
        }
        let inflate = match entry.method {
            0 => None,
            8 => Some(InflateState::new_boxed(DataFormat::Raw)),
            _ => return Err(Refused::DamagedWorkbook),
        };
        let (at, end) = self.span(entry).ok_or(Refused::DamagedWorkbook)?;
        Ok(Some(Part {
            bytes: Rc::clone(&self.bytes),
            begin: at,
            at,
            end,
            inflate,
            out: vec![0; PIECE],
            given: 0,
            held: 0,
            crc: Crc::default(),
            expected: entry.crc,
            is_over: false,
            budget: Rc::clone(budget),
            since: 0,
        }))
    }

    /// Where the bytes of a part lie: behind a header of its own with a name of its own length.
    fn span(&self, entry: &Entry) -> Option<(usize, usize)> {
        let header = usize::try_from(entry.header).ok()?;
        self.bytes.get(header..)?.starts_with(LOCAL).then_some(())?;
        let (name, extra) = (number(&self.bytes, header + 26, 2)?, number(&self.bytes, header + 28, 2)?);
        let at = header.checked_add(30)?.checked_add(usize::try_from(name + extra).ok()?)?;
        let end = at.checked_add(usize::try_from(entry.packed).ok()?)?;
        (end <= self.bytes.len()).then_some((at, end))
    }
}

/// A number of so many bytes, the least first.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(size)?)?;
    Some(digits.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// Where the directory begins.
fn directory(bytes: &[u8]) -> Option<u64> {
    let from = bytes.len().saturating_sub(TAIL);
    let end = from + bytes[from..].windows(END.len()).rposition(|window| window == END)?;
    let at = number(bytes, end + 16, 4)?;
    if at != LONG {
        return Some(at);
    }
    let locator = end.checked_sub(20)?;
    bytes[locator..].starts_with(LOCATOR_64).then_some(())?;
    let record = usize::try_from(number(bytes, locator + 8, 8)?).ok()?;
    number(bytes, record.checked_add(48)?, 8)
}

/// An entry of the directory, and how long it is.
fn entry(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    let field = |offset: usize, size: usize| number(bytes, at + offset, size);
    let length = |offset: usize| field(offset, 2).and_then(|length| usize::try_from(length).ok());
    let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
    let text = bytes.get(at + 46..at + 46 + name)?;
    let more = bytes.get(at + 46 + name..at + 46 + name + extra)?;
    let (mut packed, unpacked, mut header) = (field(20, 4)?, field(24, 4)?, field(42, 4)?);
    // The longer form has only what is too large for the shorter, in this order.
    let mut long = long_numbers(more);
    if unpacked == LONG {
        long.next()?;
    }
    if packed == LONG {
        packed = long.next()?;
    }
    if header == LONG {
        header = long.next()?;
    }
    let entry = Entry {
        name: String::from_utf8_lossy(text).replace('\\', "/").to_ascii_lowercase(),
        is_sealed: field(8, 2)? & 1 != 0,
        method: field(10, 2)?,
        crc: u32::try_from(field(16, 4)?).ok()?,
        packed,
        header,
    };
    Some((entry, 46 + name + extra + comment))
}

/// The numbers of 64 bits among the extra fields of an entry.
fn long_numbers(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut found: &[u8] = &[];
    while let (Some(tag), Some(size)) = (number(extra, 0, 2), number(extra, 2, 2)) {
        let end = extra.len().min(4 + size as usize);
        if tag == 1 {
            found = &extra[4..end];
        }
        extra = &extra[end..];
    }
    found.chunks_exact(8).filter_map(|eight| number(eight, 0, 8))
}

/// A part on its way out of the archive.
pub(super) struct Part {
    bytes: Rc<Vec<u8>>,
    begin: usize,
    at: usize,
    end: usize,
    /// `None` for a part that lies there as it is.
    inflate: Option<Box<InflateState>>,
    out: Vec<u8>,
    given: usize,
    held: usize,
    crc: Crc,
    expected: u32,
    is_over: bool,
    budget: Budget,
    since: usize,
}

impl Part {
    /// How many of its packed bytes were taken.
    pub(super) fn taken(&self) -> u64 {
        (self.at - self.begin) as u64
    }

    /// What is read from now on belongs to something else.
    pub(super) fn mark(&mut self) {
        self.since = 0;
    }

    /// Unpacks the next piece. What was unpacked is whole once it agrees with the sum that the archive has of it.
    fn unpack(&mut self) -> io::Result<()> {
        let input = &self.bytes[self.at..self.end];
        let (taken, held, is_over) = match &mut self.inflate {
            None => {
                let taken = input.len().min(self.out.len());
                self.out[..taken].copy_from_slice(&input[..taken]);
                (taken, taken, taken == input.len())
            }
            Some(state) => {
                let step = inflate(state, input, &mut self.out, MZFlush::None);
                let status = step.status.map_err(|_| damaged())?;
                (step.bytes_consumed, step.bytes_written, status == MZStatus::StreamEnd)
            }
        };
        if taken == 0 && held == 0 && !is_over {
            return Err(damaged());
        }
        self.budget.set(self.budget.get().checked_sub(held as u64).ok_or_else(too_large)?);
        self.crc.add(&self.out[..held]);
        (self.at, self.given, self.held, self.is_over) = (self.at + taken, 0, held, is_over);
        if is_over && self.crc.sum() != self.expected { Err(damaged()) } else { Ok(()) }
    }
}

fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

fn too_large() -> io::Error {
    io::ErrorKind::FileTooLarge.into()
}

impl BufRead for Part {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > super::MOST_AT_ONCE {
            return Err(too_large());
        }
        while self.given == self.held && !self.is_over {
            self.unpack()?;
        }
        Ok(&self.out[self.given..self.held])
    }

    fn consume(&mut self, amount: usize) {
        self.given = (self.given + amount).min(self.held);
        self.since += amount;
    }
}

impl Read for Part {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(out)?;
        self.consume(taken);
        Ok(taken)
    }
}

/// The sum of a part's bytes: CRC-32 as ISO 3309 and ZIP have it.
struct Crc(u32);

impl Default for Crc {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

const CRC: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < table.len() {
        let (mut sum, mut bit) = (at as u32, 0);
        while bit < 8 {
            sum = sum >> 1 ^ if sum & 1 == 0 { 0 } else { 0xEDB8_8320 };
            bit += 1;
        }
        table[at] = sum;
        at += 1;
    }
    table
}

impl Crc {
    fn add(&mut self, bytes: &[u8]) {
        let step = |sum: u32, byte: &u8| sum >> 8 ^ CRC[usize::from(sum as u8 ^ byte)];
        self.0 = bytes.iter().fold(self.0, step);
    }

    fn sum(&self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Crc;

    #[test]
    fn the_sum_is_that_of_the_standard() {
        let mut crc = Crc::default();
        crc.add(b"12345");
        crc.add(b"6789");
        assert_eq!(crc.sum(), 0xCBF4_3926);
    }
}
