//! Bad input, as tables: each has a code, names its place and loses nothing.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and fails by panicking"
)]

mod common;

use common::{Workspace, bring_in, read, table};
use proptest::prelude::*;
use satchel_exchange::{
    Decoder, Decoders, Encoding, Feed, FileKind, Limits, LoadOptions, Loader, NativeDecoders, ProblemCode,
    Refused, Table, load,
};

fn problems(table: &Table) -> Vec<(ProblemCode, u32, u32)> {
    table.problems.list.iter().map(|problem| (problem.code, problem.row, problem.line)).collect()
}

#[test]
fn files_that_cannot_be_used_say_what_they_are() {
    let cases: &[(&str, &[u8], Refused)] = &[
        ("no bytes", b"", Refused::Empty),
        ("only a mark", b"\xef\xbb\xbf", Refused::Empty),
        ("only blank lines", b"\r\n\n  \n", Refused::Empty),
        ("only delimiters", b",,,\n", Refused::Empty),
        (
            "a torn workbook",
            b"PK\x03\x04\x14\x00[Content_Types].xml xl/workbook.xml",
            Refused::DamagedWorkbook,
        ),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0", Refused::NotText(FileKind::Image)),
        ("random bytes", b"\x00\x01\x02\xff\xfe\x00\x10\x11", Refused::NotText(FileKind::Unknown)),
    ];
    for (name, bytes, refused) in cases {
        assert_eq!(read("x.csv", bytes).err(), Some(*refused), "{name}");
    }
}

#[test]
fn odd_tables_are_read_as_far_as_is_safe() {
    use ProblemCode::*;
    #[allow(clippy::type_complexity, reason = "a table of cases")]
    let cases: &[(&str, &str, usize, &[(ProblemCode, u32, u32)])] = &[
        ("header only", "name,phone\n", 0, &[(NoRows, 0, 0)]),
        ("blank lines between", "name,phone\n\nAnna,030 12345\n\n\nBen,030 23456\n", 2, &[]),
        (
            "a row too short",
            "name,phone,city\nAnna,030 12345\nBen,030 23456,Bonn\n",
            2,
            &[(TooFewCells, 2, 2)],
        ),
        ("delimiters at the end", "name,phone\nAnna,030 12345,,\nBen,030 23456\n", 2, &[]),
        ("a quote never closed", "name,note\nAnna,x\nBen,\"y\nCarl,z\nDora,w\n", 1, &[(UnclosedQuote, 3, 3)]),
        (
            "a title above",
            "Customers 2021,,\n\nname,phone,city\nAnna,030 12345,Bonn\n",
            1,
            &[(Preamble, 1, 1)],
        ),
    ];
    for (name, text, rows, expected) in cases {
        let table = table("x.csv", text);
        assert_eq!(table.len(), *rows, "{name}");
        assert_eq!(problems(&table), *expected, "{name}");
    }
}

#[test]
fn torn_rows_are_mended_only_where_it_is_plain() {
    let mut text = String::from("id,company,street,city,country\n");
    for at in 0..30 {
        text.push_str(&format!("{at},Firm {at} Ltd,Long Street {at},Bonn,Germany\n"));
    }
    text.push_str("30,Firm 30 Ltd,Rua do Paço, 67,Bonn,Germany\n");
    text.push_str("31,a,b,c,d,e,f,g,h,i,j,k,l,m\n");
    let table = table("x.csv", &text);
    assert_eq!(problems(&table), [(ProblemCode::JoinedCells, 32, 32), (ProblemCode::TooManyCells, 33, 33)]);
    assert_eq!((table.len(), table.rows_left_out), (31, 1));
    let mended = table.row(30).unwrap();
    assert_eq!((mended.value(2), mended.value(3)), ("Rua do Paço, 67", "Bonn"));
}

#[test]
fn limits_stop_early_and_say_which() {
    let limits = Limits { rows: 100, text: 10_000, cell: 50, ..Limits::default() };
    let load = |text: &str| load("x.csv", text.as_bytes(), LoadOptions::default(), limits, &NativeDecoders);
    let rows = |count: usize| "a,b\n".to_owned() + &"1,2\n".repeat(count);
    assert_eq!(load(&rows(100)).unwrap().len(), 100);
    assert_eq!(load(&rows(101)).err(), Some(Refused::TooManyRows(100)));
    let wide = "name,note\n".to_owned() + &format!("Anna,{}\n", "x".repeat(49)).repeat(99);
    assert!(load(&wide).is_ok());
    let wider = "name,a,b,c,d\n".to_owned()
        + &format!("Anna{}\n", ",xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".repeat(4)).repeat(99);
    assert_eq!(load(&wider).err(), Some(Refused::TooLarge(10_000)));
    let long = format!("name,note\nAnna,{}\nBen,short\n", "x".repeat(51));
    let table = load(&long).unwrap();
    assert_eq!(problems(&table), [(ProblemCode::CellTooLong, 2, 2)]);
    assert_eq!((table.len(), table.rows_left_out), (1, 1));
}

#[test]
fn a_file_of_200_megabytes_is_given_up_early_and_in_little_memory() {
    let piece = "some name,+49 30 1234567,a note of some length that fills the line\n".repeat(1000);
    let mut loader = Loader::new("big.csv", LoadOptions::default(), Limits::default(), &NativeDecoders);
    let mut fed = 0usize;
    let refused = loop {
        fed += piece.len();
        assert!(fed < 200 << 20, "never stopped");
        if let Err(refused) = loader.feed(piece.as_bytes()) {
            break refused;
        }
    };
    assert_eq!(refused, Refused::TooManyRows(200_000));
    assert!(fed < 20 << 20);
}

#[test]
fn encodings_are_found_even_when_the_beginning_hides_them() {
    let ascii = "name,city\n".to_owned() + &"Anna Berg,Bonn\n".repeat(8_000);
    let chinese = ascii.clone() + &"张三,杭州市\n李四,上海市\n".repeat(20);
    let french = ascii.clone() + "Élan,Liège\n";
    let (gbk, _, _) = encoding_rs::GB18030.encode(&chinese);
    let (western, _, _) = encoding_rs::WINDOWS_1252.encode(&french);
    let cases: &[(&str, &[u8], Encoding, &str)] = &[
        ("utf-8", chinese.as_bytes(), Encoding::Utf8, "李四"),
        ("gbk after 100 KB", &gbk, Encoding::Gb18030, "李四"),
        ("western after 100 KB", &western, Encoding::Windows1252, "Élan"),
    ];
    for (name, bytes, encoding, last) in cases {
        let table = read("x.csv", bytes).unwrap();
        assert_eq!(
            (table.encoding, table.row(table.len() - 1).unwrap().value(0)),
            (*encoding, *last),
            "{name}"
        );
    }
}

/// A platform that can decode nothing but what is built in.
struct Bare;

impl Decoders for Bare {
    fn open(&self, _: Encoding) -> Option<Box<dyn Decoder>> {
        None
    }
}

#[test]
fn what_cannot_be_decoded_is_refused_not_garbled() {
    let (gbk, _, _) = encoding_rs::GB18030.encode("姓名,电话\n张三,13800000000\n");
    let refused = load("x.csv", &gbk, LoadOptions::default(), Limits::default(), &Bare).err();
    assert_eq!(refused, Some(Refused::BadEncoding(Encoding::Gb18030)));
    let chosen = LoadOptions { encoding: Some(Encoding::Utf8), ..LoadOptions::default() };
    let refused = load("x.csv", &gbk, chosen, Limits::default(), &NativeDecoders).err();
    assert_eq!(refused, Some(Refused::BadEncoding(Encoding::Utf8)));
}

#[test]
fn formulas_stay_text_and_phones_are_no_formulas() {
    let mut workspace = Workspace::default();
    let text = "name,phone,note\n=cmd|' /C calc'!A0,+49 30 1234567,-5\nBen,'+49 30 7654321,@SUM(A1)\n";
    let (counts, import) = bring_in(&mut workspace, &[("people.csv", text)]);
    assert_eq!(counts, [[2, 0, 0, 0, 0]]);
    assert_eq!(import.reports()[0].problems.count(ProblemCode::Formula), 2);
    assert_eq!(workspace.named("=cmd|' /C calc'!A0").phones[0].value, "+49 30 1234567");
    assert_eq!(workspace.named("Ben").phones[0].value, "+49 30 7654321");
}

#[test]
fn cells_that_are_wrong_are_kept_or_named_never_lost() {
    let people = "姓名,手机,邮箱,生日\n张三,13800000000,zhangsan@example.com,1990年2月30日\n,,,\n李四,call me,not a mail,1990\n\
                  ,,nobody@example.com,\n";
    let mut workspace = Workspace::default();
    let (counts, import) = bring_in(&mut workspace, &[("客户.csv", people)]);
    assert_eq!(counts, [[3, 0, 0, 0, 0]]);
    let problems = &import.reports()[0].problems;
    for code in [ProblemCode::NotDate, ProblemCode::NotPhone, ProblemCode::NotMail] {
        assert_eq!(problems.count(code), 1, "{code:?}");
    }
    let li = workspace.named("李四");
    assert_eq!(
        (li.mails[0].value.as_str(), li.phones[0].value.as_str(), li.birth_year),
        ("not a mail", "call me", Some(1990))
    );
    assert_eq!(workspace.named("nobody@example.com").mails.len(), 1);
}

#[test]
fn orders_without_what_they_need_are_left_out_with_a_reason() {
    use ProblemCode::*;
    let customers = "customerID,companyName\nA,Alpha Ltd\n";
    let orders = "orderID,customerID,orderDate,freight\n1,A,2021-01-05,3.50\n2,B,2021-01-05,0\n3,A,soon,0\n4,,2021-01-05,0\n\
                  5,A,NULL,0\n1,A,2021-01-05,3.50\n6,A,1021-01-05,0\n7,A,2021-01-06,x\n";
    let lines = "orderID,productID,unitPrice,quantity,discount\n1,11,10.00,2,0.05\n1,12,abc,1,0\n2,11,1,1,0\n99,11,1,1,0\n,11,1,1,0\n";
    let mut workspace = Workspace::default();
    let files = [("customers.csv", customers), ("orders.csv", orders), ("order-details.csv", lines)];
    let (counts, import) = bring_in(&mut workspace, &files);
    assert_eq!(counts, [[1, 0, 0, 0, 0], [2, 0, 0, 6, 0], [1, 0, 0, 4, 0]]);
    let reasons = |file: usize| -> Vec<(u32, ProblemCode, bool)> {
        let mut list: Vec<_> =
            import.reports()[file].problems.list.iter().map(|p| (p.row, p.code, p.skipped)).collect();
        list.sort_by_key(|(row, ..)| *row);
        list
    };
    assert_eq!(
        reasons(1),
        [
            (3, UnknownCustomer, true),
            (4, NotDate, true),
            (5, MissingName, true),
            (6, MissingName, true),
            (7, DuplicateRow, true),
            (8, NotDate, true),
            (9, NotNumber, false),
        ]
    );
    assert_eq!(
        reasons(2),
        [(3, NotNumber, true), (4, UnknownOrder, true), (5, UnknownOrder, true), (6, MissingName, true)]
    );
    assert_eq!(workspace.order("1").total().unwrap().minor, 19_00 + 3_50);
}

#[test]
fn rows_that_came_before_are_named() {
    let text = "id,name,phone\n1,Anna,030 12345\n1,Anna,030 12345\n2,Ben,030 23456\n";
    let mut workspace = Workspace::default();
    let (counts, import) = bring_in(&mut workspace, &[("people.csv", text)]);
    assert_eq!(counts, [[2, 0, 0, 1, 0]]);
    let problem = &import.reports()[0].problems.list[0];
    assert_eq!((problem.code, problem.row, problem.value.as_str()), (ProblemCode::DuplicateRow, 3, "1"));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), piece in 1usize..50) {
        let mut loader = Loader::new("x.csv", LoadOptions::default(), Limits::default(), &NativeDecoders);
        for piece in bytes.chunks(piece) {
            if loader.feed(piece) != Ok(Feed::More) {
                return Ok(());
            }
        }
        let _ = loader.finish();
    }

    #[test]
    fn no_text_panics_and_every_row_is_counted(
        text in "(name|phone|客户编号|orderID|orderDate|total|邮箱|x)(,(name|city|amount|日期|discount|product)){0,4}\n([-0-9a-z张,\"=/.:; \n]{0,12}\n?){0,12}",
    ) {
        let Ok(table) = read("x.csv", text.as_bytes()) else { return Ok(()) };
        let rows = table.len() as u64 + u64::from(table.rows_left_out);
        let mut workspace = Workspace::default();
        let (counts, _) = bring_in(&mut workspace, &[("x.csv", &text)]);
        if counts[0].iter().any(|count| *count > 0) {
            prop_assert_eq!(counts[0][..4].iter().sum::<u64>(), rows);
        }
    }
}
