//! Bytes to a [`Table`]: sniffs, decodes or unpacks, reads rows or cards, finds the header, mends what can be mended.

use crate::decode::{self, Decoder, Decoders};
use crate::dialect::{Delimiter, guess_dialect};
use crate::encoding::{Encoding, FileKind, sniff, sniff_legacy};
use crate::table::{Form, RowMeta, Table};
use crate::vcard::{self, Cards};
use crate::workbook::Workbook;
use crate::{Dialect, ProblemCode, RawRow, Reader, header, repair};
use thiserror::Error;

/// How much is looked at before anything is decided, in bytes.
const HEAD: usize = 64 * 1024;
/// How much text around a byte that is not UTF-8 is looked at.
const WINDOW: usize = 16 * 1024;

/// What a file may be at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows.
    pub rows: u32,
    /// Bytes of text held in memory.
    pub text: usize,
    /// Bytes of one cell.
    pub cell: usize,
    /// Bytes of a workbook's file.
    pub packed: usize,
    /// Bytes that a workbook may unpack to.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 200_000, text: 96 << 20, cell: 200_000, packed: 64 << 20, unpacked: 512 << 20 }
    }
}

/// What a person chose instead of a guess.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// The encoding.
    pub encoding: Option<Encoding>,
    /// The delimiter.
    pub delimiter: Option<Delimiter>,
    /// Whether the first row is a header.
    pub has_header: Option<bool>,
    /// Which sheet of a workbook, among those that are not hidden; otherwise the one with most rows.
    pub sheet: Option<u32>,
}

/// Why nothing of a file can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// No bytes, or nothing but blank lines.
    #[error("the file is empty")]
    Empty,
    /// Neither delimited text, nor contact cards, nor a workbook.
    #[error("this is not a table but {0:?}")]
    NotText(FileKind),
    /// A workbook in an older form, or sealed with a password.
    #[error("a workbook of an older form, or one with a password")]
    ClosedWorkbook,
    /// A workbook that is torn or was changed on its way.
    #[error("a damaged workbook")]
    DamagedWorkbook,
    /// A workbook that would unpack to more than the limits.
    #[error("a workbook that holds too much")]
    LargeWorkbook,
    /// More rows than the limit.
    #[error("more than {0} rows")]
    TooManyRows(u32),
    /// More text than the limit, in bytes.
    #[error("more than {0} bytes of text")]
    TooLarge(usize),
    /// The bytes do not fit the encoding, or the platform cannot decode it.
    #[error("not readable as {0:?}")]
    BadEncoding(Encoding),
}

impl Refused {
    /// The code that the UI makes a sentence of.
    pub fn code(self) -> ProblemCode {
        match self {
            Self::Empty => ProblemCode::EmptyFile,
            Self::NotText(FileKind::OldOffice) | Self::ClosedWorkbook => ProblemCode::ClosedWorkbook,
            Self::NotText(_) => ProblemCode::Binary,
            Self::DamagedWorkbook => ProblemCode::DamagedWorkbook,
            Self::LargeWorkbook => ProblemCode::LargeWorkbook,
            Self::TooManyRows(_) => ProblemCode::TooManyRows,
            Self::TooLarge(_) => ProblemCode::TooLarge,
            Self::BadEncoding(_) => ProblemCode::BadEncoding,
        }
    }
}

/// What the loader wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// The next piece, or [`Loader::finish`].
    More,
    /// As [`Feed::More`]; what the bytes say is only read by [`Loader::finish`].
    Kept,
    /// The encoding turned out to be another one: everything again, from the file's first byte.
    Restart,
}

/// How [`Loader::finish`] ends.
#[derive(Debug)]
pub enum Finish {
    /// As [`Feed::Restart`].
    Restart,
    /// There is more to do: to be called again, after a breath or never.
    Going {
        /// Bytes of the file that were understood.
        done: u64,
        /// Of so many.
        total: u64,
    },
    /// The table.
    Table(Box<Table>),
}

/// Reads one file, piece by piece.
pub struct Loader<'d> {
    name: String,
    options: LoadOptions,
    limits: Limits,
    decoders: &'d dyn Decoders,
    encoding: Option<Encoding>,
    head: Vec<u8>,
    decoding: Option<Decoding>,
    workbook: Option<Box<Workbook>>,
}

/// From the moment the encoding is known.
struct Decoding {
    encoding: Encoding,
    decoder: Box<dyn Decoder>,
    /// Decoded and not yet read; until the form is known, everything.
    pending: String,
    reading: Option<Reading>,
}

/// From the moment it is known how the file holds its rows.
enum Reading {
    Rows(Box<Rows>),
    Cards(Box<Cards>),
}

/// Delimited text.
struct Rows {
    reader: Reader,
    table: Table,
    dialect: Dialect,
}

impl<'d> Loader<'d> {
    /// A loader for the file called `name`.
    pub fn new(name: &str, options: LoadOptions, limits: Limits, decoders: &'d dyn Decoders) -> Self {
        Self {
            name: name.to_owned(),
            options,
            limits,
            decoders,
            encoding: options.encoding,
            head: Vec::new(),
            decoding: None,
            workbook: None,
        }
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`Refused`]: reading on is of no use, and nothing was kept.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Feed, Refused> {
        if let Some(workbook) = &mut self.workbook {
            return workbook.feed(bytes).map(|()| Feed::Kept);
        }
        if self.decoding.is_some() {
            return self.decode(bytes, false);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() < HEAD { Ok(Feed::More) } else { self.begin(false) }
    }

    /// Ends the file, some of it at a time.
    ///
    /// # Errors
    /// [`Refused`], as [`Loader::feed`].
    pub fn finish(&mut self) -> Result<Finish, Refused> {
        let step = match (&self.decoding, &self.workbook) {
            (None, None) => self.begin(true)?,
            (Some(_), _) => self.decode(&[], true)?,
            (None, Some(_)) => Feed::Kept,
        };
        if step == Feed::Restart {
            return Ok(Finish::Restart);
        }
        if let Some(workbook) = &mut self.workbook {
            return workbook.go_on(&self.name);
        }
        let reading = self.decoding.take().and_then(|decoding| decoding.reading).ok_or(Refused::Empty)?;
        reading.finish(self.options, self.limits, self.decoders).map(|table| Finish::Table(Box::new(table)))
    }

    /// Decides on the encoding and decodes the head.
    fn begin(&mut self, last: bool) -> Result<Feed, Refused> {
        if self.head.is_empty() {
            return Err(Refused::Empty);
        }
        let sniffed = sniff(&self.head);
        let encoding = match (self.encoding, sniffed) {
            (None, Ok(encoding)) => encoding,
            (Some(encoding), Ok(_)) => encoding,
            (_, Err(kind @ (FileKind::Xlsx | FileKind::Zip))) => {
                let head = std::mem::take(&mut self.head);
                self.workbook = Some(Box::new(Workbook::new(kind, head, self.options, self.limits)));
                return Ok(Feed::Kept);
            }
            (_, Err(kind)) => return Err(Refused::NotText(kind)),
        };
        self.encoding = Some(encoding);
        let decoder = decode::open(encoding, self.decoders).ok_or(Refused::BadEncoding(encoding))?;
        self.decoding = Some(Decoding { encoding, decoder, pending: String::new(), reading: None });
        let head = std::mem::take(&mut self.head);
        self.decode(&head, last)
    }

    fn decode(&mut self, bytes: &[u8], last: bool) -> Result<Feed, Refused> {
        let Some(decoding) = &mut self.decoding else { return Ok(Feed::More) };
        if decoding.decoder.decode(bytes, last, &mut decoding.pending).is_err() {
            return self.other_encoding(bytes);
        }
        if decoding.pending.bytes().any(|byte| byte == 0) {
            return Err(Refused::NotText(FileKind::Unknown));
        }
        decoding.advance(self.name.as_str(), self.options, self.limits, self.decoders, last)?;
        Ok(Feed::More)
    }

    /// After bytes that do not fit: the next likely encoding, from the start.
    fn other_encoding(&mut self, bytes: &[u8]) -> Result<Feed, Refused> {
        let Some(decoding) = self.decoding.take() else { return Ok(Feed::More) };
        let failed = decoding.encoding;
        let next = match failed {
            _ if self.options.encoding.is_some() => None,
            Encoding::Utf8 => Some(sniff_legacy(legacy_window(bytes))),
            Encoding::Gb18030 => Some(Encoding::Windows1252),
            Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Windows1252 => None,
        };
        self.encoding = Some(next.ok_or(Refused::BadEncoding(failed))?);
        Ok(Feed::Restart)
    }
}

/// The bytes around the first that is not UTF-8.
fn legacy_window(bytes: &[u8]) -> &[u8] {
    let at = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
    &bytes[at..bytes.len().min(at + WINDOW)]
}

impl Decoding {
    /// Reads what is decoded, as soon as there is enough of it to decide on the form.
    fn advance(
        &mut self,
        name: &str,
        options: LoadOptions,
        limits: Limits,
        decoders: &dyn Decoders,
        last: bool,
    ) -> Result<(), Refused> {
        if self.reading.is_none() && self.pending.len() < HEAD / 2 && !last {
            return Ok(());
        }
        let text = std::mem::take(&mut self.pending);
        let encoding = self.encoding;
        let reading = self.reading.get_or_insert_with(|| Reading::of(&text, name, encoding, options, limits));
        reading.read(&text, limits, decoders)
    }
}

impl Reading {
    /// Decides from the beginning of the text.
    fn of(text: &str, name: &str, encoding: Encoding, options: LoadOptions, limits: Limits) -> Self {
        if vcard::is_cards(text) {
            return Self::Cards(Box::new(Cards::new(name, encoding, limits)));
        }
        let dialect = guess_dialect(&text[..text.floor_char_boundary(HEAD)], options.delimiter);
        let table = Table::new(name, encoding, Form::Delimited(dialect));
        Self::Rows(Box::new(Rows { reader: Reader::new(dialect, limits.cell), table, dialect }))
    }

    fn read(&mut self, text: &str, limits: Limits, decoders: &dyn Decoders) -> Result<(), Refused> {
        match self {
            Self::Rows(rows) => rows.read(text, limits),
            Self::Cards(cards) => cards.read(text, decoders),
        }
    }

    fn finish(self, options: LoadOptions, limits: Limits, decoders: &dyn Decoders) -> Result<Table, Refused> {
        match self {
            Self::Rows(rows) => rows.finish(options, limits),
            Self::Cards(cards) => cards.finish(decoders),
        }
    }
}

impl Rows {
    fn read(&mut self, text: &str, limits: Limits) -> Result<(), Refused> {
        let (reader, mut sink) = self.split(limits);
        reader.feed(text, &mut |row| sink.take(row));
        sink.verdict()
    }

    fn split(&mut self, limits: Limits) -> (&mut Reader, Sink<'_>) {
        let sink =
            Sink { table: &mut self.table, limits, skip_lines: self.dialect.skip_lines, refused: None };
        (&mut self.reader, sink)
    }

    fn finish(mut self, options: LoadOptions, limits: Limits) -> Result<Table, Refused> {
        let (reader, mut sink) = self.split(limits);
        let end = reader.finish(&mut |row| sink.take(row));
        sink.verdict()?;
        let mut table = self.table;
        if let Err(open) = end {
            let place = RowMeta::at(open.row, open.line);
            table.note(place, None, ProblemCode::UnclosedQuote, &open.lines_lost.to_string());
        }
        if table.is_empty() {
            return if end.is_err() { Ok(table) } else { Err(Refused::Empty) };
        }
        header::settle(&mut table, options.has_header);
        repair::align(&mut table, self.dialect.delimiter);
        table.note_no_rows();
        Ok(table)
    }
}

/// Takes rows into the table, within the limits.
struct Sink<'t> {
    table: &'t mut Table,
    limits: Limits,
    skip_lines: u32,
    refused: Option<Refused>,
}

impl Sink<'_> {
    fn take(&mut self, row: &RawRow) -> bool {
        if row.number <= self.skip_lines || row.is_blank() {
            return true;
        }
        if row.oversize {
            let start = row.cells().next().unwrap_or_default().to_owned();
            self.table.note(RowMeta::at(row.number, row.line), None, ProblemCode::CellTooLong, &start);
            self.table.rows_left_out += 1;
            return true;
        }
        self.table.push(row);
        // One more than the limit, for the header.
        if self.table.len() > self.limits.rows as usize + 1 {
            self.refused = Some(Refused::TooManyRows(self.limits.rows));
        } else if self.table.bytes() > self.limits.text {
            self.refused = Some(Refused::TooLarge(self.limits.text));
        }
        self.refused.is_none()
    }

    fn verdict(self) -> Result<(), Refused> {
        self.refused.map_or(Ok(()), Err)
    }
}

/// Reads a file that is whole in memory.
///
/// # Errors
/// As [`Loader`].
pub fn load(
    name: &str,
    bytes: &[u8],
    options: LoadOptions,
    limits: Limits,
    decoders: &dyn Decoders,
) -> Result<Table, Refused> {
    let mut loader = Loader::new(name, options, limits, decoders);
    'again: loop {
        for piece in bytes.chunks(HEAD) {
            if loader.feed(piece)? == Feed::Restart {
                continue 'again;
            }
        }
        loop {
            match loader.finish()? {
                Finish::Table(table) => return Ok(*table),
                Finish::Restart => continue 'again,
                Finish::Going { .. } => {}
            }
        }
    }
}
