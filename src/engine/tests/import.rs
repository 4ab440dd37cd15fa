//! Files brought in through the engine: counted, joined, stopped, taken back.

use super::files::TextFile;
use super::history::history;
use super::world::Tab;
use super::{alone, names, partners, run};
use crate::port::{
    Answer, Command, FailureCode, FileForm, FileRole, HistorySide, ImportReport, Inspection, Outcome,
    PartnerFilter, PartnerSort, ProblemCode, Query, RowFate, Rows, Stage, Window,
};
use rust_xlsxwriter::Workbook;
use satchel_domain::field;

const CUSTOMERS: &str = "customerID,companyName,contactName,contactTitle,city,phone\n\
    ALFKI,Alfreds Futterkiste,Maria Anders,Sales Representative,Berlin,030-0074321\n\
    ANATR,Ana Trujillo Emparedados,Ana Trujillo,Owner,México D.F.,(5) 555-4729\n";
const ORDERS: &str = "orderID,customerID,orderDate,freight,shipCity\n\
    10248,ALFKI,1996-07-04 00:00:00.000,32.38,NULL\n\
    10249,ANATR,1996-07-05 00:00:00.000,11.61,Reims\n\
    10250,NOONE,1996-07-08 00:00:00.000,1.00,Lyon\n";
const IPHONE: &[u8] = include_bytes!("../../../crates/exchange/tests/cards/iphone.vcf");
const ANDROID: &[u8] = include_bytes!("../../../crates/exchange/tests/cards/android.vcf");
const OUTLOOK: &[u8] = include_bytes!("../../../crates/exchange/tests/cards/outlook.vcf");
const LINES: &str = "orderID,productID,unitPrice,quantity,discount\n\
    10248,11,14.00,12,0\n\
    10248,42,9.80,10,0.05\n\
    10249,72,34.80,5,0\n\
    99999,1,1.00,1,0\n";

fn file(name: &'static str, text: &str) -> TextFile {
    TextFile { name, bytes: text.as_bytes().to_vec() }
}

async fn inspect(tab: &Tab, files: Vec<TextFile>) -> Inspection {
    match tab.run_with(Command::InspectFiles, files).await.expect("files are looked at").outcome {
        Outcome::Inspected(inspection) => inspection,
        other => panic!("not an inspection: {other:?}"),
    }
}

async fn import(tab: &Tab, files: Vec<TextFile>) -> (ImportReport, Option<crate::port::UndoToken>) {
    let inspection = inspect(tab, files).await;
    let plans = inspection.files.into_iter().map(|file| file.plan).collect();
    let done = tab.run(Command::Import { import: inspection.import, plans }).await.expect("usable files");
    match done.outcome {
        Outcome::Imported(report) => (report, done.undo),
        other => panic!("not a report: {other:?}"),
    }
}

/// Brings so many customers in.
pub(super) async fn bring(tab: &Tab, count: u32) {
    let rows = (0..count).map(|n| format!("Customer {n},0301{n:07},City {}\n", n % 300));
    let text = "companyName,phone,city\n".to_owned() + &rows.collect::<String>();
    let (report, _) = import(tab, vec![file("customers.csv", &text)]).await;
    assert_eq!(counts(&report)[0].0, u64::from(count));
}

/// Brings five customers in. The first ordered once, long ago and for little; each ordered later, more often and for more
/// than those before.
pub(super) async fn bring_buyers(tab: &Tab) {
    let customers: String = (1..=5).map(|n| format!("C{n},Buyer {n}\n")).collect();
    let orders = (1..=5).flat_map(|n| (1..=n).map(move |nth| (n, nth)));
    let orders: String =
        orders.map(|(n, nth)| format!("{n}{nth},C{n},2025-0{n}-0{nth} 00:00:00.000,{n}00.00\n")).collect();
    let customers = format!("customerID,companyName\n{customers}");
    let orders = format!("orderID,customerID,orderDate,freight\n{orders}");
    let (report, _) = import(tab, vec![file("customers.csv", &customers), file("orders.csv", &orders)]).await;
    assert_eq!(report.files.iter().map(|file| file.created).collect::<Vec<_>>(), [5, 15]);
}

fn counts(report: &ImportReport) -> Vec<(u64, u64, u64, u64)> {
    report.files.iter().map(|file| (file.created, file.updated, file.unchanged, file.skipped)).collect()
}

fn everything() -> Vec<TextFile> {
    vec![file("customers.csv", CUSTOMERS), file("orders.csv", ORDERS), file("order-details.csv", LINES)]
}

#[test]
fn orders_join_customers_and_lines_and_a_second_import_doubles_nothing() {
    run(async {
        let (_device, tab) = alone().await;
        let (report, _) = import(&tab, everything()).await;
        assert_eq!(report.files[0].created, 2);
        assert_eq!(report.files[1].created, 2, "{:?}", report.files[1]);
        assert_eq!(report.files[1].skipped, 1);
        assert!(report.files[1].counts.iter().any(|(code, _)| *code == ProblemCode::UnknownCustomer));
        assert!(report.files[2].counts.iter().any(|(code, _)| *code == ProblemCode::UnknownOrder));
        let before = partners(&tab).await;
        let (again, _) = import(&tab, everything()).await;
        assert!(
            counts(&again).iter().all(|(created, updated, ..)| (*created, *updated) == (0, 0)),
            "{again:?}"
        );
        assert_eq!(partners(&tab).await, before);
        let (filter, sort) =
            (PartnerFilter { text: "alfreds".into(), ..Default::default() }, PartnerSort::Name);
        let Answer::Partners(list) = tab
            .ask(Query::Partners { filter, sort, window: Window { offset: 0, limit: 5 }, rows: Rows::Lines })
            .await
        else {
            panic!("not a list")
        };
        let futterkiste = list.rows.iter().find(|row| row.name == "Alfreds Futterkiste").expect("imported");
        // 12 × 14.00 + 10 × 9.80 × 0.95 + 32.38 freight
        assert_eq!(futterkiste.bought.iter().map(|money| money.minor).collect::<Vec<_>>(), [29_348]);
        assert!(names(&tab, "maria").await.contains(&"Maria Anders".to_owned()));
    });
}

#[test]
fn reading_a_file_stops_when_it_is_to_and_can_be_begun_again() {
    run(async {
        let (_device, tab) = alone().await;
        let large = || {
            let rows = (0..60_000).map(|n| format!("Customer {n},0301{n:07},City {}\n", n % 300));
            file("large.csv", &("companyName,phone,city\n".to_owned() + &rows.collect::<String>()))
        };
        let stopped = tab.cancelled_with(Command::InspectFiles, vec![large()], Stage::Reading).await;
        assert_eq!(stopped.map_err(|failure| failure.code), Err(FailureCode::Cancelled));
        assert_eq!(inspect(&tab, vec![large()]).await.files[0].rows, 60_000);
    });
}

#[test]
fn an_import_is_taken_back_as_a_whole() {
    run(async {
        let (_device, tab) = alone().await;
        let (_, undo) = import(&tab, everything()).await;
        assert!(partners(&tab).await >= 2);
        tab.run(Command::Undo { token: undo.expect("undoable") }).await.expect("still there");
        assert_eq!(partners(&tab).await, 0);
    });
}

#[test]
fn the_preview_shows_what_would_become_of_each_row_and_writes_nothing() {
    run(async {
        let (_device, tab) = alone().await;
        let inspection = inspect(&tab, everything()).await;
        let roles: Vec<FileRole> = inspection.files.iter().map(|file| file.plan.role).collect();
        assert_eq!(roles, [FileRole::Partners, FileRole::Orders, FileRole::OrderLines]);
        let plans = inspection.files.into_iter().map(|file| file.plan).collect();
        let query = Query::ImportPreview { import: inspection.import, plans, file: 1, rows: 10 };
        let Answer::ImportPreview(preview) = tab.ask(query).await else { panic!("not a preview") };
        let fates: Vec<RowFate> = preview.rows.iter().map(|row| row.fate).collect();
        assert_eq!(fates, [RowFate::Create, RowFate::Create, RowFate::Skip]);
        assert_eq!(partners(&tab).await, 0);
    });
}

#[test]
fn files_that_are_no_tables_say_so_and_harm_nothing() {
    run(async {
        let (_device, tab) = alone().await;
        let files = vec![
            TextFile { name: "empty.csv", bytes: Vec::new() },
            TextFile {
                name: "pictures.zip",
                bytes: b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00".repeat(20),
            },
            file("torn.csv", "name,phone\nAnna,1\n\"Berta,2\nCarla,3\n"),
            TextFile { name: "old.xls", bytes: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(80) },
            TextFile { name: "half.xlsx", bytes: workbook()[..2_000].to_vec() },
        ];
        let inspection = inspect(&tab, files).await;
        assert_eq!(inspection.files[0].unusable, Some(ProblemCode::EmptyFile));
        assert_eq!(inspection.files[1].unusable, Some(ProblemCode::Binary));
        assert_eq!(inspection.files[3].unusable, Some(ProblemCode::ClosedWorkbook));
        assert_eq!(inspection.files[4].unusable, Some(ProblemCode::DamagedWorkbook));
        assert!(inspection.files[2].counts.iter().any(|(code, _)| *code == ProblemCode::UnclosedQuote));
        let plans = inspection.files.into_iter().map(|file| file.plan).collect();
        tab.run(Command::Import { import: inspection.import, plans }).await.expect("what can be used is");
        assert_eq!(names(&tab, "anna").await, ["Anna"]);
    });
}

/// R37: what was before is kept, also where a file replaced it.
#[test]
fn what_an_import_replaces_is_told_and_had_back_r37() {
    run(async {
        let (_device, tab) = alone().await;
        import(&tab, vec![file("customers.csv", CUSTOMERS)]).await;
        let renamed = CUSTOMERS.replace("Alfreds Futterkiste", "Alfreds Feinkost");
        let (report, _) = import(&tab, vec![file("customers.csv", &renamed)]).await;
        assert_eq!(counts(&report)[0].1, 1, "{report:?}");
        let (filter, sort) =
            (PartnerFilter { text: "feinkost".into(), ..Default::default() }, PartnerSort::Name);
        let Answer::Partners(list) = tab
            .ask(Query::Partners { filter, sort, window: Window { offset: 0, limit: 5 }, rows: Rows::Lines })
            .await
        else {
            panic!("not a list")
        };
        let id = list.rows.iter().find(|row| row.name == "Alfreds Feinkost").expect("renamed").id;
        let told = history(&tab, id).await.entries;
        let entry = told.iter().find(|entry| entry.key.field == field::NAME).expect("it is told");
        assert_eq!(entry.before, "Alfreds Futterkiste".into());
        let restore =
            Command::RestoreValue { record: id, entry: entry.key.clone(), side: HistorySide::Before };
        tab.run(restore).await.expect("it is had back");
        assert!(names(&tab, "futterkiste").await.contains(&"Alfreds Futterkiste".to_owned()));
    });
}

/// A workbook with two sheets that hold something: orders, and more customers.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheets: [(&str, &[&[&str]]); 3] = [
        ("订单", &[&["订单号", "客户编号", "日期", "总额"], &["1001", "C1", "2024-03-01", "99.50"]]),
        ("空", &[]),
        (
            "客户",
            &[
                &["客户编号", "公司名称", "电话"],
                &["C1", "明珠机械", "021-5555 0101"],
                &["C2", "远景包装", "020-5555 0102"],
            ],
        ),
    ];
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (row, cells) in rows.iter().enumerate() {
            sheet.write_row(row as u32, 0, cells.iter().copied()).expect("in bounds");
        }
    }
    book.save_to_buffer().expect("in memory")
}

#[test]
fn a_sheet_of_a_workbook_is_a_file_as_any_other_and_another_one_can_be_chosen_r119() {
    run(async {
        let (_device, tab) = alone().await;
        let book = || TextFile { name: "客户.xlsx", bytes: workbook() };
        let inspection = inspect(&tab, vec![book(), book()]).await;
        let seen = &inspection.files[1];
        assert_eq!((seen.form, seen.sheet, seen.rows), (FileForm::Workbook, Some(2), 2));
        let names_of: Vec<_> = seen.sheets.iter().map(|sheet| (sheet.at, sheet.name.as_str())).collect();
        assert_eq!(names_of, [(0, "订单"), (2, "客户")]);
        let choose = Command::ChooseSheet { import: inspection.import, file: 1, sheet: 0 };
        let Outcome::Inspected(inspection) = tab.run(choose).await.expect("it is there").outcome else {
            panic!("not an inspection")
        };
        let roles: Vec<_> = inspection.files.iter().map(|file| (file.plan.role, file.sheet)).collect();
        assert_eq!(roles, [(FileRole::Partners, Some(2)), (FileRole::Orders, Some(0))]);
        assert_eq!(inspection.files[1].sheets, inspection.files[0].sheets, "the way back");
        let plans: Vec<_> = inspection.files.into_iter().map(|file| file.plan).collect();
        let mut headless = plans.clone();
        headless[1].has_header = false;
        let query = Query::ImportPreview { import: inspection.import, plans: headless, file: 1, rows: 10 };
        let Answer::ImportPreview(preview) = tab.ask(query).await else { panic!("not a preview") };
        assert_eq!(preview.rows.len(), 2, "the sheet that was chosen, without a header");
        let done = tab.run(Command::Import { import: inspection.import, plans }).await.expect("usable files");
        let Outcome::Imported(report) = done.outcome else { panic!("not a report") };
        assert_eq!(counts(&report), [(2, 0, 0, 0), (1, 0, 0, 0)]);
        assert!(names(&tab, "mingzhu").await.contains(&"明珠机械".to_owned()));
        tab.run(Command::Undo { token: done.undo.expect("undoable") }).await.expect("still there");
        assert_eq!(partners(&tab).await, 0);
    });
}

/// As phones and mail programs write them; the last one breaks off in a card.
fn address_books() -> Vec<TextFile> {
    let torn = [ANDROID, b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Torn Tora\r\nTEL:030 12"].concat();
    vec![
        TextFile { name: "iCloud.vcf", bytes: IPHONE.to_vec() },
        TextFile { name: "contacts.txt", bytes: torn },
        TextFile { name: "Anna Berg.vcf", bytes: OUTLOOK.to_vec() },
    ]
}

#[test]
fn contacts_of_phones_come_in_once_are_told_where_torn_and_are_taken_back_r119() {
    run(async {
        let (_device, tab) = alone().await;
        let inspection = inspect(&tab, address_books()).await;
        let seen = inspection.files.iter().map(|file| (file.form, file.rows, file.plan.role));
        let whole = |rows| (FileForm::Cards, rows, FileRole::Partners);
        assert_eq!(seen.collect::<Vec<_>>(), [whole(3), whole(2), whole(1)]);
        let torn = &inspection.files[1].problems[0];
        assert_eq!((torn.code, torn.row, torn.value.as_str()), (ProblemCode::UnendedCard, 3, "Torn Tora"));
        assert!(torn.line.is_some_and(|line| line > 20) && torn.skipped);
        let plans = inspection.files.into_iter().map(|file| file.plan).collect();
        let query = Query::ImportPreview { import: inspection.import, plans, file: 0, rows: 10 };
        let Answer::ImportPreview(preview) = tab.ask(query).await else { panic!("not a preview") };
        let rows: Vec<_> = preview.rows.iter().map(|row| (row.fate, row.title.as_str())).collect();
        assert_eq!(rows[..2], [(RowFate::Create, "Dr. Ada Okafor"), (RowFate::Create, "张伟")]);
        let (report, undo) = import(&tab, address_books()).await;
        assert_eq!(counts(&report), [(2, 1, 0, 0), (2, 0, 0, 1), (1, 0, 0, 0)]);
        assert!(names(&tab, "lina").await.contains(&"李娜".to_owned()));
        let before = partners(&tab).await;
        let (again, _) = import(&tab, address_books()).await;
        assert!(counts(&again).iter().all(|(new, changed, ..)| (*new, *changed) == (0, 0)), "{again:?}");
        assert_eq!(partners(&tab).await, before);
        tab.run(Command::Undo { token: undo.expect("undoable") }).await.expect("still there");
        assert_eq!(partners(&tab).await, 0);
    });
}
