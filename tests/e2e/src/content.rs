//! Sensible content for screens to be looked at: two languages, a history that ends today, invented people.

use crate::Outcome;
use crate::samples::write;
use chrono::{DateTime, Days, TimeDelta, Utc};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The customer that the screens show.
pub const CHOSEN: &str = "李明";

/// Name, organisation, position, phone, mail, city, tags.
const PEOPLE: [[&str; 7]; 14] = [
    ["李明", "宏达贸易", "采购经理", "138 0013 8001", "liming@example.com", "上海", "重点;食品"],
    ["张三", "宏达贸易", "仓库主管", "138 0000 0000", "zhangsan@example.com", "上海", "食品"],
    ["王芳", "远景包装", "总经理", "139 1111 2040", "wangfang@example.com", "苏州", "包装"],
    ["赵敏", "明珠机械", "技术负责人", "136 2222 7788", "zhaomin@example.com", "无锡", "机械"],
    ["陈晓东", "青松物流", "运营总监", "137 5555 0199", "chenxd@example.com", "杭州", "物流"],
    ["刘洋", "青松物流", "调度", "137 5555 0123", "liuyang@example.com", "杭州", ""],
    [
        "Amelia Hart",
        "Hart & Vale Foods",
        "Owner",
        "+44 20 5550 0142",
        "amelia@example.com",
        "London",
        "key;food",
    ],
    [
        "Jonas Lindqvist",
        "Nordlicht Feinkost",
        "Buyer",
        "+49 30 5550 117",
        "jonas@example.com",
        "Berlin",
        "food",
    ],
    [
        "Sofia Marino",
        "Casa Verde",
        "Head of purchasing",
        "+39 02 5550 118",
        "sofia@example.com",
        "Milan",
        "wine",
    ],
    [
        "Peter Novak",
        "Novak Packaging",
        "Managing director",
        "+420 555 0119",
        "peter@example.com",
        "Brno",
        "packaging",
    ],
    ["Grace Okafor", "Okafor Imports", "Director", "+234 555 0120", "grace@example.com", "Lagos", "key"],
    ["Lucas Martin", "Méridien Épicerie", "Gérant", "+33 1 5550 0121", "lucas@example.com", "Lyon", "food"],
    ["Hana Sato", "Hokkai Trading", "Buyer", "+81 3 5550 0122", "hana@example.com", "Sapporo", "fish"],
    ["Ella Brandt", "Nordlicht Feinkost", "Accounts", "+49 30 5550 123", "ella@example.com", "Berlin", ""],
];

/// Who, how many days ago, by which method, what was said.
const CONTACTS: [(&str, u64, &str, &str); 18] = [
    ("李明", 0, "visit", "看了新样品，对蓝色包装很满意。周五前发报价。"),
    ("李明", 6, "phone", "确认上次到货数量，两箱有破损，已登记。"),
    ("李明", 13, "wechat", "李明: 下个月的量大概多少？\n我: 先按三十箱准备。\n李明: 好的，价格能再谈吗？"),
    ("李明", 21, "visit", "参观仓库，介绍了张三，讨论年度合同。"),
    ("李明", 34, "phone", "询问交货期，希望提前一周。"),
    ("李明", 48, "mail", "合同草案已发送，等待法务意见。"),
    ("张三", 2, "phone", "核对库存，下周二补货。"),
    ("王芳", 9, "visit", "新生产线下月投产，需要更厚的纸箱。"),
    ("赵敏", 40, "mail", "技术参数已确认。"),
    ("陈晓东", 75, "phone", "运费上调，需要重新报价。"),
    ("Amelia Hart", 0, "phone", "Wants the spring list by Friday; happy with the last delivery."),
    ("Amelia Hart", 15, "visit", "Tasted the new oils. Interested in forty cases, asks for a volume price."),
    ("Amelia Hart", 31, "mail", "Sent the price list and the terms."),
    ("Jonas Lindqvist", 3, "visit", "Shelf space is free from next month on; decides after the fair."),
    ("Jonas Lindqvist", 24, "phone", "Asked about delivery on Mondays."),
    ("Sofia Marino", 12, "mail", "Quote sent for the house wine."),
    ("Grace Okafor", 95, "visit", "First meeting. Import papers are the hard part."),
    ("Hana Sato", 28, "phone", "Samples arrived; wants smaller jars."),
];

/// Who bought, how many days ago, what, how many, at which price.
const ORDERS: [(&str, u64, &str, u32, &str); 10] = [
    ("李明", 10, "橄榄油 500 毫升", 24, "42.00"),
    ("李明", 41, "橄榄油 500 毫升", 30, "42.00"),
    ("李明", 72, "黑醋 250 毫升", 12, "28.50"),
    ("李明", 103, "橄榄油 500 毫升", 36, "40.00"),
    ("王芳", 20, "礼盒", 50, "18.00"),
    ("Amelia Hart", 16, "Olive oil 500 ml", 40, "6.20"),
    ("Amelia Hart", 47, "Balsamic 250 ml", 18, "4.80"),
    ("Jonas Lindqvist", 25, "Olive oil 500 ml", 24, "6.20"),
    ("Sofia Marino", 60, "House wine", 60, "3.90"),
    ("Hana Sato", 30, "Honey 125 g", 80, "2.40"),
];

/// Writes customers, contacts with them, and their orders, ending today.
pub fn write_all(folder: &Path) -> Outcome<[PathBuf; 3]> {
    Ok([people(folder)?, contacts(folder)?, orders(folder)?])
}

fn people(folder: &Path) -> Outcome<PathBuf> {
    let mut text = "name,company,position,phone,email,city,tags\n".to_owned();
    for person in PEOPLE {
        text += &(person.join(",") + "\n");
    }
    write(folder, "people.csv", text.as_bytes())
}

fn contacts(folder: &Path) -> Outcome<PathBuf> {
    let mut text = "customer,date,method,content\n".to_owned();
    for (n, (who, days, method, said)) in CONTACTS.iter().enumerate() {
        let at = if *days == 0 {
            earlier(TimeDelta::minutes(35 + n as i64 * 4))
        } else {
            format!("{} {:02}:{:02}", day(*days), 8 + n % 9, n * 7 % 60)
        };
        text += &format!("{who},{at},{method},\"{said}\"\n");
    }
    write(folder, "contacts.csv", text.as_bytes())
}

fn orders(folder: &Path) -> Outcome<PathBuf> {
    let mut text = "orderID,customer,orderDate,product,quantity,unitPrice\n".to_owned();
    for (n, (who, days, product, quantity, price)) in ORDERS.iter().enumerate() {
        text += &format!("{},{who},{},{product},{quantity},{price}\n", 2400 + n, day(*days));
    }
    write(folder, "orders.csv", text.as_bytes())
}

/// What the files tell of some customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Contacts with them.
    pub contacts: usize,
    /// Who of them was contacted.
    pub reached: usize,
    /// Their orders.
    pub orders: usize,
}

/// What the files tell of some customers in the last `days` days, today included.
pub fn told(names: &[&str], days: u64) -> Told {
    let contacts: Vec<_> =
        CONTACTS.iter().filter(|(who, ago, ..)| names.contains(who) && *ago < days).collect();
    let orders = ORDERS.iter().filter(|(who, ago, ..)| names.contains(who) && *ago < days);
    let reached = names.iter().filter(|name| contacts.iter().any(|(who, ..)| who == *name)).count();
    Told { contacts: contacts.len(), reached, orders: orders.count() }
}

/// The day so many days ago, as `2026-11-21`.
pub fn day(ago: u64) -> String {
    let now = now();
    now.checked_sub_days(Days::new(ago)).unwrap_or(now).format("%Y-%m-%d").to_string()
}

/// So much earlier than now, but today.
fn earlier(by: TimeDelta) -> String {
    let now = now();
    let then = now - by;
    let at = if then.date_naive() == now.date_naive() { then } else { now };
    at.format("%Y-%m-%d %H:%M").to_string()
}

fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::from_std(since).unwrap_or_default()
}
