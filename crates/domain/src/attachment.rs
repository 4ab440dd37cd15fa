//! Files beside an interaction: what each is, in one set of the record, and the key that it is sealed under, in another.
//!
//! So whoever may open the record may open its files, nobody else may, and a record that was erased takes the keys
//! with it. What a file holds is not here: it lies in chunks beside the records.

use crate::sorted::Gather;
use crate::{FileId, Record, Stamp, Value, Write, entry, field};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 120;

/// The key that one file is sealed under.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FileKey(pub [u8; 32]);

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(..)")
    }
}

/// A picture's size, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Picture {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// A file, without its key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Attachment {
    /// Which.
    pub id: FileId,
    /// What a person calls it.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media: String,
    /// How many bytes it has.
    pub size: u64,
    /// In how many chunks it lies, the preview among them.
    pub chunks: u32,
    /// Its size, if it is a picture.
    pub picture: Option<Picture>,
}

/// A file as a record has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// What it is.
    pub file: Attachment,
    /// What it is sealed under; `None` where a record says what it is and lacks the key.
    pub key: Option<FileKey>,
    /// It was not taken off.
    pub present: bool,
    /// When it was attached or taken off.
    pub at: Stamp,
}

impl Attachment {
    fn element(&self) -> Value {
        let number = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        let mut map = BTreeMap::from([
            ("id".to_owned(), Value::Bytes(self.id.0.to_vec())),
            ("name".to_owned(), Value::from(self.name.as_str())),
            ("media".to_owned(), Value::from(self.media.as_str())),
            ("size".to_owned(), number(self.size)),
            ("chunks".to_owned(), number(self.chunks.into())),
        ]);
        if let Some(Picture { width, height }) = self.picture {
            map.insert("width".to_owned(), number(width.into()));
            map.insert("height".to_owned(), number(height.into()));
        }
        Value::Map(map)
    }

    /// Reads an element of the set; `None` for what this app does not understand.
    pub fn read(element: &Value) -> Option<Self> {
        let text = |key: &str| element.get(key).as_text().unwrap_or_default().to_owned();
        let small = |key: &str| u32::try_from(element.get(key).as_int()?).ok();
        let picture = small("width").zip(small("height")).map(|(width, height)| Picture { width, height });
        Some(Self {
            id: FileId(element.get("id").as_id()?.0),
            name: named(&text("name")),
            media: text("media"),
            size: u64::try_from(element.get("size").as_int()?).ok()?,
            chunks: small("chunks").filter(|chunks| *chunks > 0)?,
            picture,
        })
    }

    /// The writes that attach it to a record.
    pub fn attach(&self, FileKey(key): &FileKey) -> Vec<Write> {
        let key = Value::Bytes([self.id.0.as_slice(), key].concat());
        let keys = field::FILE_KEYS.to_owned();
        vec![self.write(true), Write::Element { field: keys, element: key, present: true }]
    }

    /// The write that takes it off. Its key stays, so that it can be put back.
    pub fn detach(&self) -> Write {
        self.write(false)
    }

    fn write(&self, present: bool) -> Write {
        Write::Element { field: field::FILES.to_owned(), element: self.element(), present }
    }
}

/// The files of a record, those that were taken off among them.
pub fn filed(record: &Record) -> Vec<Filed> {
    let Some(all) = record.sets.get(field::FILES) else { return Vec::new() };
    let keys = keys(record);
    let one = |(element, &(present, at)): (&Value, &(bool, Stamp))| {
        let file = Attachment::read(element)?;
        let key = keys.get(&file.id).copied();
        Some(Filed { file, key, present, at })
    };
    all.iter().filter_map(one).collect()
}

fn keys(record: &Record) -> BTreeMap<FileId, FileKey> {
    let read = |element: &Value| {
        let Value::Bytes(bytes) = element else { return None };
        let (id, key) = bytes.split_first_chunk::<16>()?;
        Some((FileId(*id), FileKey(key.try_into().ok()?)))
    };
    entry::elements(record, field::FILE_KEYS).filter_map(read).gather()
}

/// A file's name as it is kept: one line without what a disk would misread, not too long.
pub fn named(name: &str) -> String {
    let misread = |it: char| {
        it.is_control() || matches!(it, '/' | '\\' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
    };
    let clean: String = name.chars().map(|it| if misread(it) { ' ' } else { it }).collect();
    let clean = clean.trim_end().trim_start_matches(|it: char| it == '.' || it.is_whitespace());
    let length = clean.chars().count();
    if length <= LONGEST_NAME {
        return clean.to_owned();
    }
    // The ending says what it is: it stays.
    let ending =
        clean.rfind('.').map(|at| &clean[at..]).filter(|it| it.chars().count() <= 10).unwrap_or_default();
    let stem: String = clean.chars().take(LONGEST_NAME - ending.chars().count()).collect();
    stem + ending
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, DeviceId, Kind, apply, create, undo_writes};

    fn photo() -> Attachment {
        Attachment {
            id: FileId([4; 16]),
            name: "货架.jpg".into(),
            media: "image/jpeg".into(),
            size: 400_000,
            chunks: 3,
            picture: Some(Picture { width: 2_048, height: 1_536 }),
        }
    }

    #[test]
    fn a_file_is_read_as_it_was_attached() {
        let key = FileKey([9; 32]);
        let mut clock = Clock::new(DeviceId(1));
        let mut record = create(Kind::Interaction, photo().attach(&key), &mut clock, 1_000);
        let read = filed(&record);
        assert_eq!((&read[0].file, read[0].key, read[0].present), (&photo(), Some(key), true));
        let before = record.clone();
        apply(&mut record, vec![photo().detach()], &mut clock, 2_000);
        let off = filed(&record);
        assert_eq!((off[0].key, off[0].present, off[0].at.ms), (Some(key), false, 2_000));
        let back = undo_writes(Some(&before), &record, &record);
        apply(&mut record, back, &mut clock, 3_000);
        assert!(filed(&record)[0].present, "it can be put back");
        assert!(filed(&record.grave()).is_empty(), "a grave keeps no key");
    }

    #[test]
    fn what_is_told_of_a_record_never_holds_a_file_s_key() {
        let record =
            create(Kind::Interaction, photo().attach(&FileKey([9; 32])), &mut Clock::new(DeviceId(1)), 1);
        let before = Record::new(Kind::Interaction);
        let told = crate::history::entries(crate::RecordId::NIL, Some(&before), &record);
        assert!(told.iter().any(|entry| entry.field == field::FILES));
        assert!(told.iter().all(|entry| entry.field != field::FILE_KEYS));
    }

    #[test]
    fn a_name_is_one_line_that_no_disk_misreads() {
        assert_eq!(named("../..\\a\nb\u{202e}gpj.exe"), "a b gpj.exe");
        assert_eq!(named("  报价 3.pdf "), "报价 3.pdf");
        let long = named(&format!("{}.pdf", "长".repeat(300)));
        assert_eq!((long.chars().count(), long.ends_with("长.pdf")), (LONGEST_NAME, true));
    }
}
