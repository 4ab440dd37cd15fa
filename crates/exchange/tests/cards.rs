//! Contact cards as phones and mail programs write them (R119): all that has a place comes in, what is torn is told.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and fails by panicking"
)]

mod common;

use common::{HINTS, Workspace, counts, read};
use proptest::prelude::*;
use satchel_domain::{ContactPoint, External, PartnerKind};
use satchel_exchange::{
    Encoding, Feed, Finish, Form, Import, Limits, LoadOptions, Loader, NativeDecoders, ProblemCode, Refused,
    Role, Settings, Table, Target, guess, load,
};
use std::sync::Arc;

const IPHONE: &[u8] = include_bytes!("cards/iphone.vcf");
const ANDROID: &[u8] = include_bytes!("cards/android.vcf");
const OUTLOOK: &[u8] = include_bytes!("cards/outlook.vcf");

fn cards(bytes: &[u8]) -> Table {
    let table = read("export.txt", bytes).unwrap();
    assert!(matches!(table.form, Form::Cards(_)), "not read as cards");
    table
}

/// Brings cards in by the plan that is proposed: `[created, updated, unchanged, skipped, related]`.
fn bring_in(workspace: &mut Workspace, bytes: &[u8]) -> [u64; 5] {
    let table = Arc::new(cards(bytes));
    let plan = guess(&table, HINTS).plan;
    assert_eq!((plan.role, plan.fault()), (Role::Partners, None));
    let mut import = Import::new(vec![(table, plan)], Settings::default());
    workspace.import(&mut import, 7);
    counts(&import)[0]
}

fn problems(table: &Table) -> Vec<(ProblemCode, u32, u32, &str)> {
    let list = table.problems.list.iter();
    list.map(|problem| (problem.code, problem.row, problem.line, problem.value.as_str())).collect()
}

fn points(points: &[ContactPoint]) -> Vec<(&str, &str)> {
    points.iter().map(|point| (point.label.as_str(), point.value.as_str())).collect()
}

fn wrapped(lines: &str) -> Vec<u8> {
    format!("BEGIN:VCARD\nVERSION:4.0\n{lines}\nEND:VCARD\n").into_bytes()
}

#[test]
fn the_cards_of_an_iphone_become_customers_and_do_not_double_r119() {
    let mut workspace = Workspace::default();
    assert_eq!(bring_in(&mut workspace, IPHONE), [2, 1, 0, 0, 2]);
    let ada = workspace.named("Dr. Ada Okafor");
    assert_eq!((ada.position.as_str(), ada.birth_year), ("Head of Purchasing", Some(1984)));
    assert_eq!(
        points(&ada.phones),
        [("mobile", "+44 7700 900123"), ("work", "+44 20 7946 0018"), ("fax", "+44 20 7946 0019")]
    );
    assert_eq!(points(&ada.mails), [("work", "ada.okafor@harbour.example"), ("home", "ada@okafor.example")]);
    let address = &ada.addresses[0];
    assert_eq!(
        [&address.street, &address.city, &address.region, &address.postal_code, &address.country],
        ["12 Quay Street, Building C", "Bristol", "Avon", "BS1 4DJ", "United Kingdom"]
    );
    assert_eq!(ada.website, "https://harbour.example");
    assert_eq!(
        ada.note.lines().collect::<Vec<_>>(),
        [
            "ORG: Purchasing",
            "NICKNAME: Addie",
            "ADR: 3 Hill Lane, BA1 2QD Bath, United Kingdom",
            "Met at the fair; likes samples, not slides.",
            "Call before noon. The long line is folded by the phone, as the standard wants.",
        ]
    );
    let company = workspace.named("Harbour Instruments, Ltd.");
    assert_eq!(
        (company.kind, points(&company.phones)),
        (PartnerKind::Organisation, vec![("work", "+44 20 7946 0000")])
    );
    assert!(ada.organisation.is_some_and(|id| workspace.partners[&id].name == company.name));
    let zhang = workspace.named("张伟");
    assert_eq!(points(&zhang.messengers), [("qq", "10001000"), ("wechat", "zhangwei_hd")]);
    assert_eq!(
        (points(&zhang.phones), zhang.note.as_str()),
        (vec![("mobile", "138 0013 8000")], "BDAY: 05-20")
    );
    assert_eq!(bring_in(&mut workspace, IPHONE), [0, 0, 3, 0, 0]);
}

#[test]
fn quoted_chinese_of_an_android_phone_is_read_r119() {
    let mut workspace = Workspace::default();
    assert_eq!(bring_in(&mut workspace, ANDROID), [2, 0, 0, 0, 1]);
    let li = workspace.named("李娜");
    assert_eq!(li.position, "采购经理");
    assert_eq!(points(&li.phones), [("mobile", "139-1234-5678"), ("work", "010-65551234")]);
    assert_eq!(
        (li.addresses[0].street.as_str(), li.addresses[0].city.as_str()),
        ("朝阳区建国路88号", "北京")
    );
    assert_eq!(li.note, "ORG: 采购部\n喜欢样品; 不要PPT\n周五前报价");
    assert_eq!((points(&li.messengers), li.birth_year), (vec![("qq", "20002000")], Some(1990)));
    assert!(li.organisation.is_some_and(|id| workspace.partners[&id].name == "北京远景包装材料股份有限公司"));
    let wang = workspace.named("王芳");
    assert_eq!(points(&wang.phones), [("mobile", "13700001111"), ("mobile", "13700002222")]);
    assert_eq!(bring_in(&mut workspace, ANDROID), [0, 0, 2, 0, 0]);
}

#[test]
fn a_western_card_of_outlook_with_a_chinese_note_is_read_r119() {
    assert_eq!(cards(OUTLOOK).encoding, Encoding::Windows1252);
    let mut workspace = Workspace::default();
    assert_eq!(bring_in(&mut workspace, OUTLOOK), [1, 0, 0, 0, 1]);
    let anna = workspace.named("Anna Berg");
    assert_eq!(anna.position, "Geschäftsführerin");
    assert_eq!(
        points(&anna.phones),
        [("mobile", "+49 171 7654321"), ("work", "+49 30 1234567"), ("fax", "+49 30 1234568")]
    );
    assert_eq!(anna.addresses[0].street, "Obere Straße 57, Hinterhaus, 2. Stock");
    assert_eq!(anna.tags.iter().collect::<Vec<_>>(), ["Kunde", "VIP"]);
    assert_eq!(anna.note, "ORG: Vertrieb\n重要客户");
    assert_eq!(workspace.count(PartnerKind::Organisation), 1);
}

#[test]
fn columns_have_their_meaning_and_an_order_of_their_own() {
    use Target::*;
    let table = cards(ANDROID);
    let guess = guess(&table, HINTS);
    let label = |text: &str| text.to_owned();
    let expected = [
        ("FN", Name),
        ("KIND", Kind),
        ("ORG", Organisation),
        ("TITLE", Position),
        ("TEL mobile", Phone(label("mobile"))),
        ("TEL mobile 2", Phone(label("mobile"))),
        ("TEL work", Phone(label("work"))),
        ("EMAIL work", Mail(label("work"))),
    ];
    for (at, (header, target)) in expected.into_iter().enumerate() {
        assert_eq!((table.headers[at].as_str(), &guess.plan.targets[at]), (header, &target));
        assert_eq!(guess.columns[at].confidence, 100);
    }
    assert_eq!(guess.plan.targets.last(), Some(&Note));
}

/// What one line of a card of version 4.0 becomes.
#[test]
fn lines_that_programs_write_differently_mean_the_same() {
    #[allow(clippy::type_complexity, reason = "a table of cases")]
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "TEL;VALUE=uri;TYPE=\"voice,cell\":tel:+49-30-1234567;ext=12",
            &[("TEL mobile", "+49-30-1234567 x12")],
        ),
        ("item1.TEL:10086\nitem1.X-ABLabel:办公", &[("TEL work", "10086")]),
        (
            "TEL;TYPE=home:030 1\nTEL;TYPE=home;PREF=1:030 2",
            &[("TEL home", "030 2"), ("TEL home 2", "030 1")],
        ),
        ("EMAIL:mailto:a@b.example", &[("EMAIL", "a@b.example")]),
        ("IMPP:xmpp:a@b.example", &[("IMPP other", "xmpp a@b.example")]),
        ("IMPP;X-SERVICE-TYPE=Skype:skype:anna", &[("IMPP skype", "anna")]),
        (
            "X-SOCIALPROFILE;type=linkedin:https://l.example/anna",
            &[("IMPP linkedin", "https://l.example/anna")],
        ),
        ("X-SKYPE-USERNAME:anna", &[("IMPP skype", "anna")]),
        ("ROLE:Buyer\nTITLE:Head", &[("TITLE", "Head"), ("NOTE", "ROLE: Buyer")]),
        ("GENDER:F", &[("GENDER", "F")]),
        ("GENDER:O;it's complicated", &[("GENDER", "it's complicated")]),
        ("BDAY:--0520", &[("NOTE", "BDAY: 0520")]),
        ("BDAY:1984-03-09T00:00:00Z", &[("BDAY", "1984-03-09")]),
        ("CATEGORIES:a,b\nCATEGORIES:c", &[("CATEGORIES", "a,b"), ("CATEGORIES 2", "c")]),
        ("UID:urn:uuid:4FBE8971-0BC3", &[("UID", "4fbe8971-0bc3")]),
        ("KIND:org", &[("KIND", "organisation")]),
        ("PHOTO:data:image/jpeg;base64,/9j/\nREV:1\nX-ANYTHING:x", &[]),
    ];
    for (lines, expected) in cases {
        let table = cards(&wrapped(&format!("FN:Anna\n{lines}")));
        let row = table.row(0).unwrap();
        let cells = table.headers.iter().enumerate().map(|(at, header)| (header.as_str(), row.raw(at)));
        let filled: Vec<_> = cells.filter(|(header, cell)| *header != "FN" && !cell.is_empty()).collect();
        assert_eq!(filled, *expected, "{lines}");
    }
}

#[test]
fn a_card_without_a_shown_name_is_named_by_what_it_has() {
    let cases = [
        ("N:Berg;Anna;Maria;Dr.;MBA", "Dr. Anna Maria Berg MBA", PartnerKind::Person),
        ("N:张;三;;;\nFN:三 张", "张三", PartnerKind::Person),
        ("N:张;三;;;\nFN:张三（老客户）", "张三（老客户）", PartnerKind::Person),
        ("N:宏达有限公司;;;;", "宏达有限公司", PartnerKind::Organisation),
        ("ORG:Acme;Sales", "Acme", PartnerKind::Organisation),
        ("FN:Acme\nORG:Acme", "Acme", PartnerKind::Organisation),
        ("TEL:030 1234567", "030 1234567", PartnerKind::Person),
    ];
    for (lines, name, kind) in cases {
        let mut workspace = Workspace::default();
        assert_eq!(bring_in(&mut workspace, &wrapped(lines)), [1, 0, 0, 0, 0], "{lines}");
        assert_eq!(workspace.named(name).kind, kind, "{lines}");
    }
}

#[test]
fn what_is_more_than_the_columns_is_kept_in_the_note() {
    let phones: String = (0..20).map(|n| format!("TEL;TYPE=cell:0171 123450{n}\n")).collect();
    let table = cards(&wrapped(&format!("FN:Anna\n{phones}")));
    assert_eq!(table.headers.iter().filter(|header| header.starts_with("TEL")).count(), 8);
    let note = table.row(0).unwrap().raw(table.width() - 1);
    assert_eq!((note.lines().count(), note.lines().next()), (12, Some("TEL: 0171 1234508")));
}

#[test]
fn cards_that_are_torn_are_told_by_number_and_line_and_the_rest_is_read() {
    use ProblemCode::*;
    let text = "BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nthis says nothing\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:3.0\nFN:Ben\n\
        BEGIN:VCARD\nVERSION:3.0\nX-ADDRESSBOOKSERVER-KIND:group\nFN:Friends\nEND:VCARD\n\
        END:VCARD\nbetween\n\
        begin:vcard\nversion:2.1\nn:Carl\nAGENT:\nBEGIN:VCARD\nFN:Agent\nTEL:1\nEND:VCARD\ntel:030 1234567\nend:vcard\n\
        BEGIN:VCARD\nVERSION:3.0\nFN:Dora\nTEL:030 76543";
    let table = cards(text.as_bytes());
    assert_eq!(
        problems(&table),
        [
            (BrokenLine, 1, 4, "this says nothing"),
            (UnendedCard, 2, 6, "Ben"),
            (GroupCard, 3, 9, ""),
            (BrokenLine, 3, 14, "END:VCARD"),
            (BrokenLine, 3, 15, "between"),
            (UnendedCard, 5, 26, "Dora"),
        ]
    );
    let rows: Vec<_> = table.rows().map(|row| (row.number(), row.line(), row.value(0))).collect();
    assert_eq!(rows, [(1, 1, "Anna"), (4, 16, "Carl")]);
    assert_eq!(table.rows_left_out, 3);
    let mut workspace = Workspace::default();
    assert_eq!(bring_in(&mut workspace, text.as_bytes()), [2, 0, 0, 3, 0]);
    assert_eq!(points(&workspace.named("Carl").phones), [("other", "030 1234567")]);
}

#[test]
fn a_file_whose_only_card_is_torn_is_no_error_and_brings_nothing() {
    let mut workspace = Workspace::default();
    assert_eq!(bring_in(&mut workspace, b"BEGIN:VCARD\nFN:Anna"), [0, 0, 0, 1, 0]);
    assert_eq!(bring_in(&mut workspace, b"BEGIN:VCARD\nEND:VCARD"), [0, 0, 0, 1, 0]);
    assert!(workspace.partners.is_empty());
}

#[test]
fn the_limits_of_a_file_hold_for_cards_and_pictures_do_not_count() {
    let limits = Limits { rows: 3, text: 400, cell: 60, ..Limits::default() };
    let load = |text: &str| load("x.vcf", text.as_bytes(), LoadOptions::default(), limits, &NativeDecoders);
    let card = |line: &str| format!("BEGIN:VCARD\nVERSION:3.0\nFN:Anna\n{line}\nEND:VCARD\n");
    assert_eq!(load(&card("TEL:1").repeat(3)).unwrap().len(), 3);
    assert_eq!(load(&card("TEL:1").repeat(4)).err(), Some(Refused::TooManyRows(3)));
    assert_eq!(load(&card(&"TEL:030 1234567\n".repeat(40))).err(), Some(Refused::TooLarge(400)));
    let picture = format!("PHOTO;ENCODING=b:{}", "/9j/\n ".repeat(5_000));
    assert!(load(&card(&picture)).unwrap().problems.list.is_empty());
    let long = load(&(card(&format!("NOTE:{}", "x".repeat(70))) + &card("TEL:1"))).unwrap();
    assert_eq!(problems(&long)[0].0, ProblemCode::CellTooLong);
    assert_eq!((long.len(), long.rows_left_out), (1, 1));
}

/// A card's identity finds her again when her number changes, and is no proof that another book means another person.
#[test]
fn identities_of_cards_find_again_and_do_not_part_r119() {
    let card = |uid: &str, tel: &str| wrapped(&format!("UID:{uid}\nFN:Anna Berg\nTEL;TYPE=cell:{tel}"));
    let mut workspace = Workspace::default();
    assert_eq!(bring_in(&mut workspace, &card("a", "0171 1234567"))[0], 1);
    assert_eq!(bring_in(&mut workspace, &card("a", "0172 7654321")), [0, 1, 0, 0, 0]);
    assert_eq!(bring_in(&mut workspace, &card("b", "0172 7654321")), [0, 0, 1, 0, 0]);
    let external = External { system: "vcard".into(), id: "a".into() };
    assert_eq!(workspace.named("Anna Berg").external, Some(external));
    assert_eq!(bring_in(&mut workspace, &card("c", "030 5554443"))[0], 1);
}

/// Lines of which many make a card and some make none.
const LINES: &str = "(BEGIN:VCARD|END:VCARD|VERSION:2\\.1|AGENT:|(item1\\.)?(FN|N|TEL|EMAIL|ADR|ORG|NOTE|BDAY|IMPP|KIND|UID|PHOTO|X-QQ)\
    (;(CELL|TYPE=\"work|ENCODING=QUOTED-PRINTABLE|CHARSET=(GBK|x)|ENCODING=b|PREF=1)){0,3}:|[ \t]?)[-a张=;:,\\\\\" 0-9ÿ]{0,9}(=E5|=)?\r?\n?";

proptest! {
    #[test]
    fn no_cards_panic_and_each_that_begins_is_counted(
        lines in prop::collection::vec(LINES, 0..30),
        piece in 1usize..60,
    ) {
        let text = format!("BEGIN:VCARD\n{}", lines.concat());
        let table = cards(text.as_bytes());
        let mut workspace = Workspace::default();
        let report = bring_in(&mut workspace, text.as_bytes());
        prop_assert_eq!(report[..4].iter().sum::<u64>(), table.len() as u64 + u64::from(table.rows_left_out));
        let mut loader = Loader::new("x", LoadOptions::default(), Limits::default(), &NativeDecoders);
        for piece in text.as_bytes().chunks(piece) {
            prop_assert_eq!(loader.feed(piece), Ok(Feed::More));
        }
        let Ok(Finish::Table(again)) = loader.finish() else { panic!("no table") };
        prop_assert_eq!(&again.headers, &table.headers);
        prop_assert_eq!(again.problems, table.problems.clone());
    }

    #[test]
    fn what_is_written_as_cards_is_read_back(people in prop::collection::vec(("[a-z张]{1,12}", "[0-9]{7,12}", "[ a-z;,\n\\\\张=]{0,90}"), 1..20)) {
        let marked = |text: &str| text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n");
        let folded = |line: &str| line.chars().collect::<Vec<_>>().chunks(30).map(String::from_iter).collect::<Vec<_>>().join("\r\n ");
        let card = |(name, phone, note): &(String, String, String)| {
            let lines = [format!("FN:{}", marked(name)), format!("TEL;TYPE=cell:{phone}"), format!("NOTE:{}", marked(note))];
            format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{}\r\nEND:VCARD\r\n", lines.map(|line| folded(&line)).join("\r\n"))
        };
        let table = cards(people.iter().map(card).collect::<String>().as_bytes());
        prop_assert!(table.problems.list.is_empty());
        let column = |header: &str| table.headers.iter().position(|each| each == header);
        for ((name, phone, note), row) in people.iter().zip(table.rows()) {
            let cell = |header: &str| column(header).map_or("", |at| row.raw(at));
            prop_assert_eq!((cell("FN"), cell("TEL mobile"), cell("NOTE")), (name.as_str(), phone.as_str(), note.trim()));
        }
        prop_assert_eq!(table.len(), people.len());
    }
}
