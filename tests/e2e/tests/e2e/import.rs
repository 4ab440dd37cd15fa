//! A workbook of a company that keeps its customers in one.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot};
use satchel_e2e::samples;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::path::Path;

const PASSPHRASE: &str = "birke laterne dorf 29";
const CUSTOMERS: [(&str, &str, f64, &str); 3] = [
    ("明珠机械", "赵六", 13_800_000_000.0, "上海"),
    ("远景包装", "钱七", 13_900_000_001.0, "广州"),
    ("宏达贸易", "孙八", 13_700_000_002.0, "杭州"),
];

/// A title above the customers, phones as numbers; on a second sheet their orders.
fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("yyyy/m/d");
    let customers = book.add_worksheet().set_name("客户")?;
    customers.merge_range(0, 0, 0, 3, "客户名单", &Format::new())?;
    customers.write_row(1, 0, ["公司名称", "联系人", "手机", "城市"])?;
    for (row, (company, contact, phone, city)) in (2..).zip(CUSTOMERS) {
        customers
            .write(row, 0, company)?
            .write(row, 1, contact)?
            .write(row, 2, phone)?
            .write(row, 3, city)?;
    }
    let orders = book.add_worksheet().set_name("订单")?;
    orders.write_row(0, 0, ["订单号", "客户名称", "日期", "总额"])?;
    for (row, (company, ..)) in (1..).zip(CUSTOMERS.iter().take(2)) {
        orders.write(row, 0, format!("D{row}"))?.write(row, 1, *company)?;
        orders.write_with_format(row, 2, &ExcelDateTime::from_ymd(2024, 3, 1)?, &day)?.write(row, 3, 99.5)?;
    }
    book.save_to_buffer()
}

/// The sheet with most rows is looked at first, the other one is chosen and left again; its customers are found.
pub(crate) async fn a_sheet_of_a_workbook_is_chosen_and_its_customers_are_found(
    stage: &Stage,
) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::Zh, &server.url())?;
    device.open("").await?;
    device.create_workspace("业务", PASSPHRASE).await?;
    let bytes = workbook().map_err(|error| format!("the workbook: {error}"))?;
    let file = samples::write(&stage.folder().join("files"), "客户.xlsx", &bytes)?;
    brought_in(&device, &file, "客户", CUSTOMERS.len()).await?;
    for (company, ..) in CUSTOMERS {
        device.search_finds_too(company, company).await?;
    }
    device.search_finds_too("13900000001", "远景包装").await?;
    shown("customers of a workbook are found by name, and by a phone that was stored as a number");
    brought_in(&device, &file, "订单", 2).await?;
    shown("the orders on its second sheet find their customers");
    let torn = samples::write(&stage.folder().join("files"), "半个.xlsx", &bytes[..bytes.len() / 2])?;
    complains(&device, &torn, "damaged_workbook").await?;
    let sealed = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(64);
    let sealed = samples::write(&stage.folder().join("files"), "加密.xlsx", &sealed)?;
    complains(&device, &sealed, "closed_workbook").await?;
    shown("a torn workbook and one with a password say what to do");
    Ok(Verdict::Shown)
}

/// Chooses a sheet and brings it in.
async fn brought_in(device: &Device, file: &Path, sheet: &str, rows: usize) -> Outcome {
    device.inspect(&[file], LONG).await?;
    let select = spot("field", device.word("import.file.sheet")?);
    ensure(device.held(device.word("import.file.sheet")?).await? == "0", || {
        "not the larger sheet".to_owned()
    })?;
    let listed = device.texts(".impf-s option").await?;
    let at = listed.iter().position(|name| name == sheet).ok_or(format!("no {sheet} among {listed:?}"))?;
    // There and back: what is shown is the sheet that was chosen last.
    for at in [1 - at, at] {
        device.set(&select, &at.to_string()).await?;
        let header = if at == 0 { "手机" } else { "订单号" };
        device.texts_until(".colr-h b", LONG, |headers| headers.iter().any(|one| one == header)).await?;
    }
    let counts = device.bring_in(LONG).await?;
    ensure(counts.created == rows && counts.skipped == 0, || format!("{sheet}: {counts:?}"))
}

async fn complains(device: &Device, file: &Path, problem: &str) -> Outcome {
    device.inspect(&[file], LONG).await?;
    device.import_complains(problem, SOON).await?;
    device.see(device.word("import.file.unusable")?).await
}
