//! Workbooks: as Excel, WPS, LibreOffice and Google write them, and as nobody should.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::packed::{Part, archive, parts, workbook};
use common::{HINTS, Workspace, counts, read};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use satchel_domain::PartnerKind;
use satchel_exchange::{
    Form, Import, Limits, LoadOptions, NativeDecoders, ProblemCode, Refused, Settings, Sheet, Table, guess,
    load,
};
use std::sync::Arc;
use std::sync::LazyLock;

fn rows(table: &Table) -> Vec<Vec<&str>> {
    table.rows().map(|row| (0..table.width()).map(|column| row.value(column)).collect()).collect()
}

fn codes(table: &Table) -> Vec<(ProblemCode, u32, Option<usize>, &str)> {
    table.problems.list.iter().map(|it| (it.code, it.row, it.column, it.value.as_str())).collect()
}

fn sheet(table: &Table) -> (Vec<Sheet>, u32) {
    match &table.form {
        Form::Workbook { sheets, chosen } => (sheets.clone(), *chosen),
        other => panic!("not a workbook: {other:?}"),
    }
}

/// Customers as a company keeps them: a title over all columns, phones as numbers, days, a sum, an error, a hidden sheet.
fn customers() -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("yyyy/m/d");
    let notes = book.add_worksheet().set_name("说明").unwrap();
    notes.write(0, 0, "请勿修改").unwrap();
    let list = book.add_worksheet().set_name("客户").unwrap();
    list.merge_range(1, 1, 1, 6, "客户名单 2024", &Format::new()).unwrap();
    for (column, header) in ["公司名称", "联系人", "手机", "生日", "城市", "备注"].iter().enumerate()
    {
        list.write(2, column as u16 + 1, *header).unwrap();
    }
    let people = [
        ("明珠机械", "赵六", 13_800_000_000_f64, (1990, 2, 28), "上海"),
        ("", "钱七", 13_900_000_001_f64, (1985, 12, 1), "上海"),
        ("远景包装", "孙八", 13_700_000_002_f64, (1979, 7, 4), "广州"),
    ];
    for (at, (company, contact, phone, (year, month, date), city)) in people.iter().enumerate() {
        let row = at as u32 + 3;
        list.write(row, 1, *company).unwrap();
        list.write(row, 2, *contact).unwrap();
        list.write(row, 3, *phone).unwrap();
        let birth = ExcelDateTime::from_ymd(*year, *month, *date).unwrap();
        list.write_with_format(row, 4, &birth, &day).unwrap();
        list.write(row, 5, *city).unwrap();
    }
    list.merge_range(3, 1, 4, 1, "明珠机械", &Format::new()).unwrap();
    list.write(3, 6, true).unwrap();
    list.write(4, 6, Formula::new("=1+1").set_result("2")).unwrap();
    list.write(5, 6, Formula::new("=VLOOKUP(1,2,3)").set_result("#N/A")).unwrap();
    let hidden = book.add_worksheet().set_name("选项").unwrap();
    hidden.set_hidden(true);
    for row in 0..100 {
        hidden.write(row, 0, "option").unwrap();
    }
    book.add_worksheet().set_name("空").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn the_sheet_with_most_rows_becomes_a_table_r119() {
    let table = read("客户.xlsx", &customers()).unwrap();
    let named = |at, name: &str| Sheet { at, name: name.into() };
    assert_eq!(sheet(&table), (vec![named(0, "说明"), named(1, "客户")], 1));
    assert_eq!(table.headers, ["公司名称", "联系人", "手机", "生日", "城市", "备注"]);
    assert_eq!(
        rows(&table),
        [
            ["明珠机械", "赵六", "13800000000", "1990-02-28", "上海", "TRUE"],
            ["明珠机械", "钱七", "13900000001", "1985-12-01", "上海", "2"],
            ["远景包装", "孙八", "13700000002", "1979-07-04", "广州", ""],
        ]
    );
    assert_eq!(table.row(0).unwrap().number(), 4, "as the spreadsheet numbers it");
    let found = codes(&table);
    assert!(found.contains(&(ProblemCode::ErrorCell, 6, Some(5), "#N/A")), "{found:?}");
    assert!(found.contains(&(ProblemCode::Preamble, 2, None, "客户名单 2024")), "{found:?}");
    let again = LoadOptions { sheet: Some(0), has_header: Some(false), ..LoadOptions::default() };
    let other = load("客户.xlsx", &customers(), again, Limits::default(), &NativeDecoders).unwrap();
    assert_eq!((sheet(&other), rows(&other)), ((vec![named(0, "说明")], 0), vec![vec!["请勿修改"]]));
}

#[test]
fn what_a_sheet_says_comes_in_as_from_any_file_r119() {
    let table = Arc::new(read("客户.xlsx", &customers()).unwrap());
    let plan = guess(&table, HINTS).plan;
    let mut workspace = Workspace::default();
    let mut import = Import::new(vec![(Arc::clone(&table), plan.clone())], Settings::default());
    workspace.import(&mut import, 2);
    assert_eq!(counts(&import)[0][3], 0, "{:?}", import.reports()[0].problems.list);
    assert_eq!(workspace.named("远景包装").phones[0].value, "13700000002");
    assert_eq!(workspace.named("孙八").kind, PartnerKind::Person);
    let mut again = Import::new(vec![(table, plan)], Settings::default());
    workspace.import(&mut again, 2);
    assert_eq!(counts(&again)[0][..2], [0, 0], "nothing doubles");
}

/// Texts in the cells, as Google and many servers write them; no places; a prefix; runs; a reading.
#[test]
fn other_programs_write_the_same_otherwise() {
    let inline = r#"<row><c t="inlineStr"><is><t>name</t></is></c><c t="inlineStr"><is><t>phone</t></is></c></row>
        <row><c t="inlineStr"><is><r><t>Anna </t></r><r><rPr/><t xml:space="preserve">B&amp;B &#x674E;</t></r><rPh><t>lee</t></rPh></is></c>
        <c t="str"><f>A1</f><v>030_x000D_12</v></c></row>"#;
    let inlined = read("x.xlsx", &workbook(inline, "")).unwrap();
    assert_eq!(
        (inlined.headers.as_slice(), rows(&inlined)),
        (["name", "phone"].map(String::from).as_slice(), vec![vec!["Anna B&B 李", "030\r12"]])
    );

    let prefixed = r#"<x:worksheet xmlns:x="x"><x:sheetData><x:row r="3"><x:c r="C3" t="s"><x:v>0</x:v></x:c><x:c r="D3" t="s"><x:v>1</x:v></x:c></x:row>
        <x:row r="5"><x:c r="C5" t="s"><x:v> 2 </x:v></x:c><x:c r="D5"><x:v>8.6138E+12</x:v></x:c></x:row></x:sheetData></x:worksheet>"#;
    let strings = r#"<x:sst xmlns:x="x"><x:si><x:t>name</x:t></x:si><x:si><x:t>phone</x:t></x:si><x:si><x:r><x:t>张</x:t></x:r><x:r><x:t><![CDATA[三]]></x:t></x:r></x:si></x:sst>"#;
    for is_long in [false, true] {
        let table = read("x.xlsx", &archive(&parts(prefixed, strings), is_long)).unwrap();
        assert_eq!(rows(&table), [["张三", "8613800000000"]]);
        assert_eq!(table.row(0).unwrap().number(), 5);
    }
    let mut stored = parts(prefixed, strings);
    stored.iter_mut().for_each(|part| part.is_packed = false);
    assert_eq!(rows(&read("x.xlsx", &archive(&stored, false)).unwrap()), [["张三", "8613800000000"]]);
}

#[test]
fn days_are_known_by_their_format_and_counted_from_1900_or_1904() {
    let cells = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>date</t></is></c><c r="C1" t="inlineStr"><is><t>at</t></is></c><c r="D1" t="inlineStr"><is><t>code</t></is></c></row>
        <row r="2"><c r="A2" t="inlineStr"><is><t>Anna</t></is></c><c r="B2" s="1"><v>42735</v></c><c r="C2" s="2"><v>42735.4375</v></c><c r="D2" s="3"><v>1234</v></c></row>
        <row r="3"><c r="A3" t="inlineStr"><is><t>Ben</t></is></c><c r="B3" t="d"><v>2021-01-05</v></c><c r="C3" s="99"><v>42735</v></c></row>"#;
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let mut all = parts(&sheet, "<sst/>");
    let table = read("x.xlsx", &archive(&all, false)).unwrap();
    assert_eq!(
        rows(&table),
        [["Anna", "2016-12-31", "2016-12-31 10:30:00", "001234"], ["Ben", "2021-01-05", "42735", ""]]
    );
    let mac =
        r#"<workbook><workbookPr date1904="1"/><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>"#;
    all[2] = Part::new("xl\\Workbook.xml", mac);
    assert_eq!(rows(&read("x.xlsx", &archive(&all, false)).unwrap())[0][1], "2021-01-01");
}

/// A number that is shown for several rows is not counted several times, and a header is not repeated as a row.
#[test]
fn merged_texts_stand_for_each_of_their_rows_and_amounts_for_one() {
    let text =
        |place: &str, text: &str| format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let sheet = format!(
        r#"<worksheet><sheetData><row r="1">{}{}{}</row><row r="2">{}</row><row r="3">{}{}<c r="C3"><v>30</v></c></row><row r="4">{}<c r="C4"/></row></sheetData>
        <mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A3:A5"/><mergeCell ref="C3:C4"/><mergeCell ref="B3:B1048576"/><mergeCell ref="nonsense"/></mergeCells></worksheet>"#,
        text("A1", "company"),
        text("B1", "contact"),
        text("C1", "total"),
        text("B2", "name"),
        text("A3", "Alpha"),
        text("B3", "Anna"),
        text("B4", "Ben"),
    );
    let table = read("x.xlsx", &archive(&parts(&sheet, "<sst/>"), false)).unwrap();
    assert_eq!(rows(&table), [["", "name", ""], ["Alpha", "Anna", "30"], ["Alpha", "Ben", ""]]);
}

#[test]
fn empty_columns_and_rows_are_left_out_wherever_a_sheet_says_that_it_ends() {
    let cells = r#"<row r="1"/><row r="7"><c r="C7" t="s"><v>0</v></c><c r="XFD7" t="s"><v>1</v></c></row>
        <row r="8"><c r="A8" t="s"><v>3</v></c><c r="B8"/></row>
        <row r="1048576"><c r="C1048576" t="s"><v>2</v></c><c r="D1048576" s="1"/></row>"#;
    let strings = "<si><t>name</t></si><si><t>city</t></si><si><t>Anna</t></si><si><t>  </t></si>";
    let table = read("x.xlsx", &workbook(cells, strings)).unwrap();
    assert_eq!(
        (table.headers.as_slice(), rows(&table)),
        (["name", "city"].map(String::from).as_slice(), vec![vec!["Anna", ""]])
    );
    assert_eq!(table.row(0).unwrap().number(), 1_048_576);
    assert_eq!(read("x.xlsx", &workbook("<row r=\"1\"/>", "")).err(), Some(Refused::Empty));
    let only_header = r#"<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>"#;
    let table = read("x.xlsx", &workbook(only_header, strings)).unwrap();
    assert_eq!(codes(&table), [(ProblemCode::NoRows, 0, None, "")]);
}

#[test]
fn what_cannot_be_read_says_why() {
    let row = r#"<row><c t="s"><v>0</v></c></row>"#;
    let whole = workbook(row, "<si><t>a</t></si>");
    let with = |part: usize, change: &dyn Fn(&mut Part<'_>)| {
        let sheet = format!("<worksheet><sheetData>{row}</sheetData></worksheet>");
        let mut all = parts(&sheet, "<sst><si><t>a</t></si></sst>");
        change(&mut all[part]);
        archive(&all, false)
    };
    let binary = Part::new(
        "_rels/.rels",
        r#"<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>"#,
    );
    let word = Part::new("word/document.xml", "<document/>");
    let cases: Vec<(&str, Vec<u8>, Refused)> = vec![
        (
            "an old workbook, or a sealed one",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(9),
            Refused::NotText(satchel_exchange::FileKind::OldOffice),
        ),
        ("the binary form", archive(&[binary], false), Refused::ClosedWorkbook),
        ("a letter", archive(&[word], false), Refused::NotText(satchel_exchange::FileKind::Zip)),
        ("a sealed part", with(5, &|part| part.flags = 1), Refused::ClosedWorkbook),
        ("half of it", whole[..whole.len() / 2].to_vec(), Refused::DamagedWorkbook),
        ("no sheet", with(5, &|part| part.name = "xl/else.xml"), Refused::DamagedWorkbook),
        ("no texts", with(4, &|part| part.name = "xl/else.xml"), Refused::DamagedWorkbook),
        ("no styles", with(3, &|part| part.name = "xl/else.xml"), Refused::DamagedWorkbook),
        ("no list of parts", with(1, &|part| part.name = "xl/else.xml"), Refused::DamagedWorkbook),
        ("a text that is not there", workbook(row, ""), Refused::DamagedWorkbook),
        (
            "a place beyond the sheet",
            workbook(r#"<row><c r="ZZZ1"><v>1</v></c></row>"#, ""),
            Refused::DamagedWorkbook,
        ),
        ("tags in disorder", workbook("<row></c></row>", ""), Refused::DamagedWorkbook),
        (
            "elements within each other without end",
            workbook(&("<a>".repeat(5_000) + &"</a>".repeat(5_000)), ""),
            Refused::DamagedWorkbook,
        ),
        ("an unknown name", workbook("<row><c><v>&bomb;</v></c></row>", ""), Refused::DamagedWorkbook),
    ];
    for (what, bytes, refused) in cases {
        assert_eq!(read("x.xlsx", &bytes).err(), Some(refused), "{what}");
    }
    assert_eq!(Refused::NotText(satchel_exchange::FileKind::OldOffice).code(), ProblemCode::ClosedWorkbook);
}

#[test]
fn what_would_unpack_to_too_much_is_given_up_early() {
    let limits = Limits { rows: 100, text: 10_000, cell: 50, packed: 100_000, unpacked: 1 << 20 };
    let load = |bytes: &[u8]| load("x.xlsx", bytes, LoadOptions::default(), limits, &NativeDecoders);
    let row =
        |text: &str| format!(r#"<row><c t="inlineStr"><is><t>{text}</t></is></c><c><v>1</v></c></row>"#);
    let header = row("name");
    assert_eq!(load(&workbook(&(header.clone() + &row("Anna").repeat(100)), "")).unwrap().len(), 100);
    let cases = [
        ("rows", workbook(&(header.clone() + &row("Anna").repeat(101)), ""), Refused::TooManyRows(100)),
        ("empty rows without end", workbook(&"<row/>".repeat(200_000), ""), Refused::LargeWorkbook),
        ("blanks without end", workbook(&" ".repeat(2 << 20), ""), Refused::LargeWorkbook),
        (
            "texts",
            workbook(
                &row(&"x".repeat(49)).repeat(90),
                &"<si><t>shared text of some length</t></si>".repeat(500),
            ),
            Refused::LargeWorkbook,
        ),
        (
            "one text in many cells",
            workbook(
                &r#"<row><c t="s"><v>0</v></c></row>"#.repeat(300),
                &format!("<si><t>{}</t></si>", "x".repeat(49)),
            ),
            Refused::TooManyRows(100),
        ),
    ];
    for (what, bytes, refused) in cases {
        assert_eq!(load(&bytes).err(), Some(refused), "{what}");
    }
    let long = workbook(&(header + &row(&"x".repeat(51)) + &row("Ben")), "");
    let table = load(&long).unwrap();
    assert_eq!((rows(&table), table.rows_left_out), (vec![vec!["Ben", "1"]], 1));
    assert_eq!(codes(&table)[0].0, ProblemCode::CellTooLong);
    let noise: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let heavy = [whole(), noise].concat();
    assert_eq!(load(&heavy).err(), Some(Refused::LargeWorkbook));
}

#[test]
fn a_sheet_that_is_too_large_does_not_keep_the_others_away_r119() {
    let mut book = Workbook::new();
    for (name, rows) in [("log", 300), ("customers", 20), ("notes", 2)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for row in 0..rows {
            sheet.write(row, 0, format!("{name} {row}")).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let limits = Limits { rows: 100, ..Limits::default() };
    let load = |options| load("x.xlsx", &bytes, options, limits, &NativeDecoders);
    let (sheets, chosen) = sheet(&load(LoadOptions::default()).unwrap());
    let names: Vec<_> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!((names, chosen), (vec!["log", "customers", "notes"], 1));
    let itself = LoadOptions { sheet: Some(0), ..LoadOptions::default() };
    assert_eq!(load(itself).err(), Some(Refused::TooManyRows(100)), "who chooses it is told");
}

/// One tag of megabytes would be held as a whole by the reader of XML.
#[test]
fn a_tag_without_end_is_given_up() {
    let tag = format!("<row {}/>", "a".repeat(6 << 20));
    assert_eq!(read("x.xlsx", &workbook(&tag, "")).err(), Some(Refused::LargeWorkbook));
}

#[test]
fn columns_without_end_are_given_up() {
    let row: String = (0..1_001).map(|_| "<c><v>1</v></c>").collect();
    assert_eq!(
        read("x.xlsx", &workbook(&format!("<row>{row}</row>"), "")).err(),
        Some(Refused::LargeWorkbook)
    );
}

fn whole() -> Vec<u8> {
    WHOLE.0.clone()
}

/// A workbook, and what it says.
static WHOLE: LazyLock<(Vec<u8>, String)> = LazyLock::new(|| {
    let bytes = customers();
    let said = format!("{:?}", rows(&read("x.xlsx", &bytes).unwrap()));
    (bytes, said)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// R119: a file that was changed on its way is refused, or says what it said; never something else, and nothing panics.
    #[test]
    fn cut_and_changed_workbooks_are_refused_or_the_same_r119(
        cut in prop::option::of(0usize..20_000),
        changes in prop::collection::vec((0usize..20_000, any::<u8>()), 0..4),
    ) {
        let mut bytes = whole();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(cut.unwrap_or(usize::MAX));
        if let Ok(table) = read("x.xlsx", &bytes)
            && matches!(table.form, Form::Workbook { .. })
        {
            prop_assert_eq!(format!("{:?}", rows(&table)), WHOLE.1.as_str());
        }
    }

    #[test]
    fn no_sheet_panics(
        cells in "(<row( r=\"[0-9]{1,8}\")?>(<c( r=\"[A-Z]{0,4}[0-9]{0,3}\")?( s=\"[0-9]{1,2}\")?( t=\"(s|b|e|d|str|n)\")?>(<v>[-0-9.eE]{0,8}</v>)?</c>){0,4}</row>){0,5}",
        merged in "[A-C][0-9]:[A-C][0-9]",
    ) {
        let sheet = format!("<worksheet><sheetData>{cells}</sheetData><mergeCells><mergeCell ref=\"{merged}\"/></mergeCells></worksheet>");
        let _ = read("x.xlsx", &archive(&parts(&sheet, "<sst><si><t>a</t></si></sst>"), false));
    }
}
