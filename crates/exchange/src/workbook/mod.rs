//! Excel workbooks (`.xlsx`): a ZIP archive of XML, of which one sheet becomes a table.
//!
//! The archive is held as it is in the file; what is in it is unpacked piece by piece and never as a whole, so that an
//! archive that would unpack to gigabytes costs no more than its bound. A sheet keeps the cells that hold something, wherever
//! its program says that it ends.
//!
//! Deliberately absent: formulas (their last values count), pictures, charts, hidden sheets, and older or sealed forms.

mod archive;
mod contents;
mod format;
mod grid;
mod sheet;
mod strings;
mod value;
mod xml;

use self::archive::Archive;
use self::contents::Contents;
use self::grid::Grid;
use self::sheet::Sheet;
use self::strings::Strings;
use self::xml::Xml;
use crate::load::Finish;
use crate::table::{self, Form, Table};
use crate::{FileKind, Limits, LoadOptions, Refused, header};
use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Bytes that are unpacked at once.
const PIECE: usize = 32 << 10;
/// Pieces of XML between two breaths.
const PIECES: usize = 50_000;
/// Bytes of one tag or text.
const MOST_AT_ONCE: usize = 4 << 20;
/// Bytes of a part that is small in any workbook.
const SMALL_PART: u64 = 64 << 20;
/// Cells of a sheet.
const MOST_CELLS: usize = 10_000_000;
/// Columns with a value.
const MOST_COLUMNS: usize = 1_000;

/// How many bytes may still be unpacked.
type Budget = Rc<Cell<u64>>;

/// A workbook on its way to a table.
pub(crate) struct Workbook {
    kind: FileKind,
    options: LoadOptions,
    limits: Limits,
    bytes: Vec<u8>,
    opened: Option<Opened>,
}

impl Workbook {
    /// For an archive of this kind that begins with these bytes.
    pub(crate) fn new(kind: FileKind, head: Vec<u8>, options: LoadOptions, limits: Limits) -> Self {
        Self { kind, options, limits, bytes: head, opened: None }
    }

    /// Takes the next bytes of the file.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        self.bytes.extend_from_slice(bytes);
        match self.kind {
            _ if self.bytes.len() <= self.limits.packed => Ok(()),
            FileKind::Xlsx => Err(Refused::LargeWorkbook),
            kind => Err(Refused::NotText(kind)),
        }
    }

    /// Goes on with what is in it, once all of its bytes are here.
    pub(crate) fn go_on(&mut self, name: &str) -> Result<Finish, Refused> {
        let opened = match &mut self.opened {
            Some(opened) => opened,
            None => {
                let bytes = std::mem::take(&mut self.bytes);
                self.opened.insert(Opened::new(bytes, self.kind, self.options, self.limits)?)
            }
        };
        if !opened.go_on()? {
            let (done, total) = opened.progress();
            return Ok(Finish::Going { done, total });
        }
        let table = opened.table(name, self.options)?;
        Ok(Finish::Table(Box::new(table)))
    }
}

/// What is being read.
enum Work {
    Strings(Box<(Xml, Strings)>),
    Sheet(usize, Box<(Xml, Sheet)>),
}

/// From the moment it is known what is in the archive.
struct Opened {
    archive: Archive,
    contents: Rc<Contents>,
    limits: Limits,
    budget: Budget,
    strings: Rc<Strings>,
    work: Option<Work>,
    /// Sheets still to be read.
    left: VecDeque<usize>,
    /// Those that hold something.
    found: Vec<table::Sheet>,
    /// Why the first that is too large is.
    refused: Option<Refused>,
    /// The one with most rows so far.
    best: Option<(usize, Grid)>,
    done: u64,
    total: u64,
}

impl Opened {
    fn new(bytes: Vec<u8>, kind: FileKind, options: LoadOptions, limits: Limits) -> Result<Self, Refused> {
        let none = if kind == FileKind::Xlsx { Refused::DamagedWorkbook } else { Refused::NotText(kind) };
        let archive = Archive::open(bytes).ok_or(none)?;
        let contents = Contents::read(&archive, kind)?;
        let left: VecDeque<usize> = match options.sheet {
            Some(at) => VecDeque::from([at as usize]),
            None => (0..contents.sheets.len()).collect(),
        };
        let sheets = left.iter().filter_map(|at| contents.sheets.get(*at)).map(|(_, path)| path);
        let total = sheets.chain(&contents.strings).map(|path| archive.packed(path)).sum();
        let budget: Budget = Rc::new(Cell::new(limits.unpacked));
        let strings = || Strings::new(limits.text);
        let work = match &contents.strings {
            None => None,
            Some(path) => {
                let part = archive.part(path, &budget)?.ok_or(Refused::DamagedWorkbook)?;
                Some(Work::Strings(Box::new((Xml::new(part), strings()))))
            }
        };
        Ok(Self {
            archive,
            contents: Rc::new(contents),
            limits,
            budget,
            strings: Rc::new(strings()),
            work,
            left,
            found: Vec::new(),
            refused: None,
            best: None,
            done: 0,
            total,
        })
    }

    /// Reads on; says whether that was all.
    fn go_on(&mut self) -> Result<bool, Refused> {
        match self.work.take() {
            None => match self.left.pop_front() {
                Some(at) => self.begin(at)?,
                None => return Ok(true),
            },
            Some(Work::Strings(mut work)) => {
                if work.0.go_on(&mut work.1, PIECES)? {
                    self.done += work.0.taken();
                    self.strings = Rc::new(work.1);
                } else {
                    self.work = Some(Work::Strings(work));
                }
            }
            Some(Work::Sheet(at, mut work)) => match work.0.go_on(&mut work.1, PIECES) {
                Ok(false) => self.work = Some(Work::Sheet(at, work)),
                ended => {
                    self.done += work.0.taken();
                    match ended {
                        Ok(_) => self.keep(at, work.1.into_grid()),
                        Err(refused) => self.set_aside(at, refused)?,
                    }
                }
            },
        }
        Ok(false)
    }

    fn begin(&mut self, at: usize) -> Result<(), Refused> {
        let (_, path) = self.contents.sheets.get(at).ok_or(Refused::DamagedWorkbook)?;
        let part = self.archive.part(path, &self.budget)?.ok_or(Refused::DamagedWorkbook)?;
        let sheet = Sheet::new(Rc::clone(&self.contents), Rc::clone(&self.strings), self.limits);
        self.work = Some(Work::Sheet(at, Box::new((Xml::new(part), sheet))));
        Ok(())
    }

    /// Keeps a sheet if it has more rows than any before; an empty one is not offered either.
    fn keep(&mut self, at: usize, grid: Grid) {
        if grid.len() == 0 {
            return;
        }
        self.offer(at);
        if self.best.as_ref().is_none_or(|(_, best)| grid.len() > best.len()) {
            self.best = Some((at, grid));
        }
    }

    /// A sheet that is too large does not keep the others away; whoever chooses it is told. Damage is another matter: what
    /// else such a file says is not to be believed.
    fn set_aside(&mut self, at: usize, refused: Refused) -> Result<(), Refused> {
        if !matches!(refused, Refused::TooManyRows(_) | Refused::LargeWorkbook) {
            return Err(refused);
        }
        self.offer(at);
        self.refused.get_or_insert(refused);
        Ok(())
    }

    fn offer(&mut self, at: usize) {
        let name = self.contents.sheets.get(at).map(|(name, _)| name.clone()).unwrap_or_default();
        self.found.push(table::Sheet { at: u32::try_from(at).unwrap_or(u32::MAX), name });
    }

    fn progress(&self) -> (u64, u64) {
        let taken = match &self.work {
            Some(Work::Strings(work)) => work.0.taken(),
            Some(Work::Sheet(_, work)) => work.0.taken(),
            None => 0,
        };
        (self.done + taken, self.total)
    }

    fn table(&mut self, name: &str, options: LoadOptions) -> Result<Table, Refused> {
        let (at, grid) = self.best.take().ok_or(self.refused.take().unwrap_or(Refused::Empty))?;
        let chosen = u32::try_from(at).unwrap_or(u32::MAX);
        let form = Form::Workbook { sheets: std::mem::take(&mut self.found), chosen };
        let mut table = grid.into_table(name, form)?;
        header::settle(&mut table, options.has_header);
        table.note_no_rows();
        Ok(table)
    }
}
