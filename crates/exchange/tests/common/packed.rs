//! Workbooks made by hand, as programs other than Excel write them, and as nobody should.

use miniz_oxide::deflate::compress_to_vec;

/// One part of an archive.
pub struct Part<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub is_packed: bool,
    pub flags: u16,
}

impl<'a> Part<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, bytes: text.as_bytes(), is_packed: true, flags: 0 }
    }
}

/// A ZIP archive; `is_long` writes the numbers of its directory in 64 bits, as streaming writers do.
pub fn archive(parts: &[Part<'_>], is_long: bool) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let packed = if part.is_packed { compress_to_vec(part.bytes, 6) } else { part.bytes.to_vec() };
        let header = out.len() as u64;
        let sizes = if is_long { [u32::MAX; 2] } else { [packed.len() as u32, part.bytes.len() as u32] };
        let (mut local, mut listed) = (b"PK\x03\x04\x14\0".to_vec(), b"PK\x01\x02\x14\0\x14\0".to_vec());
        for head in [&mut local, &mut listed] {
            head.extend(part.flags.to_le_bytes());
            head.extend(if part.is_packed { 8u16 } else { 0 }.to_le_bytes());
            head.extend([0; 4]);
            head.extend(sum(part.bytes).to_le_bytes());
            sizes.iter().for_each(|size| head.extend(size.to_le_bytes()));
            head.extend((part.name.len() as u16).to_le_bytes());
        }
        local.extend([0; 2]);
        local.extend(part.name.as_bytes());
        out.extend(local);
        out.extend(&packed);
        let mut extra = Vec::new();
        if is_long {
            extra.extend(b"\x01\0\x18\0");
            [part.bytes.len() as u64, packed.len() as u64, header]
                .iter()
                .for_each(|it| extra.extend(it.to_le_bytes()));
        }
        listed.extend((extra.len() as u16).to_le_bytes());
        listed.extend([0; 10]);
        listed.extend(if is_long { u32::MAX } else { header as u32 }.to_le_bytes());
        listed.extend(part.name.as_bytes());
        listed.extend(extra);
        directory.extend(listed);
    }
    let (start, size) = (out.len() as u64, directory.len());
    out.extend(directory);
    if is_long {
        let record = out.len() as u64;
        out.extend(b"PK\x06\x06");
        out.extend([0; 44]);
        out.extend(start.to_le_bytes());
        out.extend(b"PK\x06\x07\0\0\0\0");
        out.extend(record.to_le_bytes());
        out.extend([1, 0, 0, 0]);
    }
    out.extend(b"PK\x05\x06\0\0\0\0");
    let count = (parts.len() as u16).to_le_bytes();
    out.extend([count, count].concat());
    out.extend((size as u32).to_le_bytes());
    out.extend(if is_long { u32::MAX } else { start as u32 }.to_le_bytes());
    out.extend([0; 2]);
    out
}

fn sum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| sum >> 1 ^ if sum & 1 == 0 { 0 } else { 0xEDB8_8320 })
    })
}

const ROOT: &str = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const PARTS: &str = r#"<Relationships>
    <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
    <Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
    </Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns:r="r"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
/// Style 1 is a day, 2 a day with its time, 3 six digits.
pub const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\ h:mm"/>
    <numFmt numFmtId="165" formatCode="000000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"#;

/// The parts of a workbook of one sheet with these rows, and these shared texts.
pub fn parts<'a>(sheet: &'a str, strings: &'a str) -> Vec<Part<'a>> {
    vec![
        Part::new("_rels/.rels", ROOT),
        Part::new("xl/_rels/workbook.xml.rels", PARTS),
        Part::new("xl/workbook.xml", BOOK),
        Part::new("xl/styles.xml", STYLES),
        Part::new("xl/sharedStrings.xml", strings),
        Part::new("xl/worksheets/sheet1.xml", sheet),
    ]
}

/// A workbook of one sheet with these rows.
pub fn workbook(rows: &str, strings: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    archive(&parts(&sheet, &format!("<sst>{strings}</sst>")), false)
}
