//! What a workbook says of itself: its sheets in their order, how days are counted, where its parts lie.

use super::archive::{Archive, MOST_PARTS};
use super::format::Formats;
use super::xml::{Sink, Tag, Xml};
use super::{Budget, SMALL_PART};
use crate::{FileKind, Refused};
use std::cell::Cell;
use std::rc::Rc;

/// What is known before any cell is read.
pub(super) struct Contents {
    /// The sheets that a person sees, by name and part.
    pub(super) sheets: Vec<(String, String)>,
    /// The part with the texts that cells share.
    pub(super) strings: Option<String>,
    /// How numbers are shown, by the cells' styles.
    pub(super) formats: Formats,
    /// Whether days are counted from 1904, as old Macs did.
    pub(super) from_1904: bool,
}

impl Contents {
    /// Reads it; `kind` is what an archive without a workbook is.
    pub(super) fn read(archive: &Archive, kind: FileKind) -> Result<Self, Refused> {
        let root = relations(archive, "")?;
        let path = target(&root, "/officedocument").map_or("xl/workbook.xml", |relation| &relation.target);
        if path.ends_with(".bin") {
            return Err(Refused::ClosedWorkbook);
        }
        let mut book = Book::default();
        let found = small(archive, path, &mut book)?;
        match (found, book.is_one, kind) {
            (true, true, _) => {}
            (false, _, FileKind::Xlsx) => return Err(Refused::DamagedWorkbook),
            _ => return Err(Refused::NotText(FileKind::Zip)),
        }
        let parts = relations(archive, path)?;
        let mut formats = Formats::default();
        if let Some(styles) = target(&parts, "/styles") {
            let found = small(archive, &styles.target, &mut formats)?;
            found.then_some(()).ok_or(Refused::DamagedWorkbook)?;
        }
        let strings = target(&parts, "/sharedstrings").map(|relation| relation.target.clone());
        let sheets = book.visible(&parts)?;
        Ok(Self { sheets, strings, formats, from_1904: book.from_1904 })
    }
}

/// An archive has no more sheets or relations than it may have parts.
fn bounded<T>(found: &[T]) -> Result<(), Refused> {
    if found.len() > MOST_PARTS { Err(Refused::DamagedWorkbook) } else { Ok(()) }
}

/// Reads a part that is small in any workbook; says whether it is there.
fn small(archive: &Archive, path: &str, sink: &mut dyn Sink) -> Result<bool, Refused> {
    let budget: Budget = Rc::new(Cell::new(SMALL_PART));
    match archive.part(path, &budget)? {
        None => Ok(false),
        Some(part) => Xml::new(part).whole(sink).map(|()| true),
    }
}

#[derive(Default)]
struct Book {
    is_one: bool,
    from_1904: bool,
    /// Name, relation, whether it is hidden.
    sheets: Vec<(String, String, bool)>,
}

impl Sink for Book {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Result<(), Refused> {
        match name {
            "workbook" => self.is_one = true,
            "workbookPr" => self.from_1904 = tag.is("date1904"),
            "sheet" => {
                let is_hidden = matches!(tag.raw("state").as_deref(), Some("hidden" | "veryHidden"));
                self.sheets.push((tag.text("name"), tag.text("id"), is_hidden));
                bounded(&self.sheets)?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Book {
    /// Sheets of cells that a person sees: no charts, and nothing that was hidden.
    fn visible(&self, parts: &[Relation]) -> Result<Vec<(String, String)>, Refused> {
        let mut visible = Vec::new();
        for (name, id, _) in self.sheets.iter().filter(|(.., is_hidden)| !is_hidden) {
            let part = parts.iter().find(|part| part.id == *id).ok_or(Refused::DamagedWorkbook)?;
            if part.kind.ends_with("/worksheet") {
                visible.push((name.clone(), part.target.clone()));
            }
        }
        Ok(visible)
    }
}

/// One part's way to another.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn target<'r>(relations: &'r [Relation], kind: &str) -> Option<&'r Relation> {
    relations.iter().find(|relation| relation.kind.ends_with(kind))
}

/// Where a part leads; the archive itself is the part without a name.
fn relations(archive: &Archive, of: &str) -> Result<Vec<Relation>, Refused> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let path = format!("{folder}/_rels/{file}.rels");
    let mut relations = Relations { folder, found: Vec::new() };
    small(archive, path.trim_start_matches('/'), &mut relations)?;
    Ok(relations.found)
}

struct Relations<'f> {
    folder: &'f str,
    found: Vec<Relation>,
}

impl Sink for Relations<'_> {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Result<(), Refused> {
        if name == "Relationship" {
            let target = resolved(self.folder, &tag.text("Target"));
            self.found.push(Relation { id: tag.text("Id"), kind: tag.text("Type").to_lowercase(), target });
            bounded(&self.found)?;
        }
        Ok(())
    }
}

/// A path as the archive has it, in lower case.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/").to_ascii_lowercase();
    let whole = if target.starts_with('/') { target } else { format!("{folder}/{target}") };
    let mut steps = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn parts_are_found_from_where_they_are_named() {
        let cases = [
            ("xl", "worksheets/Sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/a", "../worksheets/./sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("", "xl\\workbook.xml", "xl/workbook.xml"),
        ];
        for (folder, target, expected) in cases {
            assert_eq!(resolved(folder, target), expected);
        }
    }
}
