//! Real files of several programs, when they are beside the project; else said to be skipped.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and fails by panicking"
)]

mod common;

use common::{HINTS, Workspace, counts, read};
use satchel_domain::{Money, PartnerKind};
use satchel_exchange::{Import, ProblemCode, Role, Settings, Table, guess};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

fn given(path: &str) -> Option<Arc<Table>> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    let Ok(bytes) = std::fs::read(&file) else {
        println!("skipped: {path} is not beside the project");
        return None;
    };
    let name = file.file_name()?.to_str()?;
    Some(Arc::new(read(name, &bytes).unwrap()))
}

fn import(workspace: &mut Workspace, tables: &[Arc<Table>], settings: Settings) -> Import {
    let files = tables.iter().map(|table| (table.clone(), guess(table, HINTS).plan)).collect();
    let mut import = Import::new(files, settings);
    workspace.import(&mut import, 100);
    import
}

#[test]
fn northwind_customers_orders_and_lines_join_r119() {
    let paths = ["customers.csv", "orders.csv", "order-details.csv", "products.csv"];
    let tables: Vec<_> = paths.iter().filter_map(|path| given(&format!("northwind/{path}"))).collect();
    if tables.len() < paths.len() {
        return;
    }
    let mut workspace = Workspace::default();
    let first = import(&mut workspace, &tables, Settings::default());
    assert_eq!(counts(&first), [[91, 0, 0, 0, 91], [830, 0, 0, 0, 0], [2155, 0, 0, 0, 0], [0, 0, 77, 0, 0]]);
    assert_eq!(first.reports()[0].problems.count(ProblemCode::JoinedCells), 24);
    assert_eq!(first.reports()[1].problems.count(ProblemCode::JoinedCells), 176);
    assert_eq!(workspace.count(PartnerKind::Organisation), 91);
    let hanari = workspace.named("Hanari Carnes");
    let address = &hanari.addresses[0];
    assert_eq!(
        (address.street.as_str(), address.city.as_str(), address.region.as_str()),
        ("Rua do Paço, 67", "Rio de Janeiro", "RJ")
    );
    assert_eq!(workspace.named("Antonio Moreno Taquería").phones.len(), 1, "NULL is no fax number");
    assert_eq!(workspace.named("Mario Pontes").position, "Accounting Manager");
    let order = workspace.order("10250");
    assert_eq!(workspace.partners[&order.partner].name, "Hanari Carnes");
    assert_eq!(order.lines[0].product, "Jack's New England Clam Chowder");
    assert_eq!(sum_of_orders(&workspace), independent_sum());

    let second = import(&mut workspace, &tables, Settings::default());
    assert_eq!(counts(&second), [[0, 0, 91, 0, 0], [0, 0, 830, 0, 0], [0, 0, 2155, 0, 0], [0, 0, 77, 0, 0]]);
    assert_eq!((workspace.partners.len(), workspace.orders.len()), (182, 830));
    let lines_alone = import(&mut workspace, &tables[2..3], Settings::default());
    assert_eq!(counts(&lines_alone)[0][3], 0);
}

fn sum_of_orders(workspace: &Workspace) -> i64 {
    workspace.orders.values().map(|order| order.total().map(|Money { minor, .. }| minor).unwrap()).sum()
}

/// Read with nothing of ours: cents by rational arithmetic on the verbatim texts.
fn independent_sum() -> i64 {
    let base = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/northwind");
    let read = |name: &str| std::fs::read_to_string(base.join(name)).unwrap();
    let decimal = |text: &str, places: usize| -> i128 {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        format!("{whole}{fraction:0<places$}").parse().unwrap()
    };
    let mut cents: HashMap<String, i128> = HashMap::new();
    for line in read("orders.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        cents.insert(cells[0].to_owned(), decimal(cells[7], 2));
    }
    for line in read("order-details.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let exact = decimal(cells[2], 2) * decimal(cells[3], 0) * (100 - decimal(cells[4], 2));
        *cents.get_mut(cells[0]).unwrap() += (exact + 50) / 100;
    }
    i64::try_from(cents.values().sum::<i128>()).unwrap()
}

#[test]
fn contacts_of_another_crm_become_persons_with_companies() {
    let Some(table) = given("contacts/contacts-500.csv") else { return };
    let mut workspace = Workspace::default();
    let tables = [table];
    let first = import(&mut workspace, &tables, Settings::default());
    assert_eq!(counts(&first), [[500, 0, 0, 0, 55]]);
    assert_eq!((workspace.count(PartnerKind::Person), workspace.count(PartnerKind::Organisation)), (500, 55));
    let robin = workspace.named("Robin Fritsch");
    assert_eq!(robin.mails[0].label, "other");
    assert_eq!(
        robin.tags.iter().map(String::as_str).collect::<Vec<_>>(),
        ["cold", "football-fan", "musician"]
    );
    assert_eq!(workspace.partners[&robin.organisation.unwrap()].name, "Schmitt and Sons");
    assert_eq!(robin.external.as_ref().unwrap().system, "contacts.id");
    let second = import(&mut workspace, &tables, Settings::default());
    assert_eq!(counts(&second), [[0, 0, 500, 0, 0]]);
}

#[test]
fn people_with_planted_duplicates_stay_apart() {
    for (path, rows) in [("febrl/dataset1.csv", 1000), ("febrl/dataset3.csv", 5000)] {
        let Some(table) = given(path) else { return };
        let mut workspace = Workspace::default();
        let tables = [table];
        let report = import(&mut workspace, &tables, Settings::default());
        let [created, updated, unchanged, skipped, _] = counts(&report)[0];
        assert_eq!(created + skipped, rows, "{path}");
        assert_eq!(skipped, report.reports()[0].problems.count(ProblemCode::MissingName));
        assert_eq!((updated, unchanged), (0, 0));
        assert!(skipped < rows / 50);
    }
}

#[test]
fn a_table_of_white_space_becomes_purchases() {
    let Some(table) = given("cdnow/CDNOW_sample.txt") else { return };
    assert_eq!(guess(&table, HINTS).plan.role, Role::Orders);
    let tables = [table];
    let mut workspace = Workspace::default();
    let unknown = import(&mut workspace, &tables, Settings::default());
    assert_eq!(counts(&unknown)[0][3], 6919);
    assert_eq!(unknown.reports()[0].problems.count(ProblemCode::UnknownCustomer), 6919);
    let settings = Settings { create_customers: true, ..Settings::default() };
    let made = import(&mut workspace, &tables, settings);
    assert_eq!(counts(&made), [[6919, 0, 0, 0, 2357]]);
    let again = import(&mut workspace, &tables, settings);
    assert_eq!(counts(&again), [[0, 0, 6919, 0, 0]]);
}

#[test]
fn employees_are_persons() {
    let Some(table) = given("northwind/employees.csv") else { return };
    let mut workspace = Workspace::default();
    let report = import(&mut workspace, &[table], Settings::default());
    assert_eq!(counts(&report), [[9, 0, 0, 0, 0]]);
    let nancy = workspace.named("Nancy Davolio");
    assert_eq!((nancy.birth_year, nancy.phones[0].label.as_str()), (Some(1948), "home"));
    assert!(nancy.note.starts_with("Education includes") && nancy.position == "Sales Representative");
}
