//! Files to import, made here: shaped like what other programs export, with no real person in them.

use crate::Outcome;
use crate::dice::Dice;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Companies as a classic order system exports them.
pub const COMPANIES: [(&str, &str, &str); 6] = [
    ("NORDL", "Nordlicht Feinkost", "Jette Brandt"),
    ("CASAV", "Casa Verde Comestibles", "Inés Carvajal"),
    ("MERID", "Méridien Épicerie", "Élodie Garnier"),
    ("HOKAI", "Hokkai Trading", "Ren Sakamoto"),
    ("BLYTH", "Blyth & Sons, Grocers", "Owen \"Chip\" Blyth"),
    ("HONGD", "宏达贸易", "李明"),
];

/// How many orders [`orders`] writes, and how many lines each has.
pub const ORDERS: usize = 18;
/// Lines of each order.
pub const LINES: usize = 3;
/// How many contacts [`contacts`] writes.
pub const CONTACTS: usize = 40;

/// The companies' file: codes, contact persons, addresses with `NULL` for what is not known.
pub fn customers(folder: &Path) -> Outcome<PathBuf> {
    let mut text =
        "customerID,companyName,contactName,contactTitle,address,city,region,postalCode,country,phone,fax\r\n"
            .to_owned();
    for (n, (code, company, person)) in COMPANIES.iter().enumerate() {
        let (company, person) = (quoted(company), quoted(person));
        text += &format!(
            "{code},{company},{person},Buyer,\"Harbour St. {n}, 2nd floor\",City {n},NULL,1000{n},Country,030-55501{n},NULL\r\n"
        );
    }
    write(folder, "customers.csv", text.as_bytes())
}

/// Orders of these companies.
pub fn orders(folder: &Path) -> Outcome<PathBuf> {
    let mut text = "orderID,customerID,orderDate,shippedDate,freight,shipName\n".to_owned();
    for n in 0..ORDERS {
        let (code, ..) = COMPANIES[n % COMPANIES.len()];
        let shipped =
            if n % 5 == 4 { "NULL".to_owned() } else { format!("2024-{:02}-20 00:00:00.000", n % 12 + 1) };
        text +=
            &format!("{},{code},2024-{:02}-11 00:00:00.000,{shipped},{n}.50,Name\n", 5000 + n, n % 12 + 1);
    }
    write(folder, "orders.csv", text.as_bytes())
}

/// Lines of these orders.
pub fn lines(folder: &Path) -> Outcome<PathBuf> {
    let mut text = "orderID,productID,unitPrice,quantity,discount\n".to_owned();
    for n in 0..ORDERS * LINES {
        text += &format!(
            "{},{},12.40,{},{}\n",
            5000 + n / LINES,
            40 + n % LINES,
            n % 7 + 1,
            if n % 4 == 0 { "0.05" } else { "0" }
        );
    }
    write(folder, "order-details.csv", text.as_bytes())
}

/// Contacts as another customer program exports them.
pub fn contacts(folder: &Path) -> Outcome<PathBuf> {
    let mut text =
        "id,first_name,last_name,gender,title,company_name,email_work,email_home,phone_work,phone_home,tags\n"
            .to_owned();
    for n in 0..CONTACTS {
        let (first, last) = (given(n), family(n));
        text += &format!(
            "{n},{first},{last},{},Planner,Works {},{first}.{last}@example.com,,(555) 01{n:02}-2{n:02}0,,vip\n",
            if n % 2 == 0 { "female" } else { "male" },
            n % 8,
        );
    }
    write(folder, "contacts.csv", text.as_bytes())
}

/// The given name of contact `n`.
pub fn given(n: usize) -> String {
    let heads = ["Ada", "Bo", "Cleo", "Dag", "Ema"];
    let tails = ["lia", "rin", "", "ne", "mund", "ka", "lo", "vin"];
    format!("{}{}", heads[n % heads.len()], tails[n % tails.len()])
}

/// The family name of contact `n`; no two contacts share both names.
pub fn family(n: usize) -> String {
    let heads = ["Ash", "Birk", "Cole", "Dorn"];
    let tails = ["well", "stad", "man", "ford", "by", "er", "nes", "son", "ton", "vik"];
    format!("{}{}", heads[n / tails.len() % heads.len()], tails[n % tails.len()])
}

/// `rows` customers whose numbers begin with `mark`, so that no two files share one, each with a note of
/// about so many bytes that nothing makes smaller.
pub fn numbered(folder: &Path, mark: &str, rows: usize, note: usize) -> Outcome<PathBuf> {
    let mut dice = Dice::seeded(0);
    let mut text = "customerID,companyName,city,phone,note\n".to_owned();
    for n in 0..rows {
        let noise: String = (0..note / 16).map(|_| format!("{:016x}", dice.below(u64::MAX))).collect();
        text += &format!("{mark}{n},{mark} company {n},City {},+49 30 {n:07},{noise}\n", n % 90);
    }
    write(folder, &format!("{mark}.csv"), text.as_bytes())
}

/// A file of `bytes` bytes whose rows are well formed.
pub fn large(folder: &Path, bytes: u64) -> Outcome<PathBuf> {
    let path = folder.join("large.csv");
    let mut file = BufWriter::with_capacity(1 << 20, fs::File::create(&path)?);
    file.write_all(b"companyName,contactName,city,phone\n")?;
    let (mut written, mut n) = (0_u64, 0_u64);
    while written < bytes {
        let row =
            format!("Company number {n} of a very long list,Person {n},City {},+1 555 {n:07}\n", n % 100);
        file.write_all(row.as_bytes())?;
        written += row.len() as u64;
        n += 1;
    }
    file.flush()?;
    Ok(path)
}

/// A file of that name with these bytes.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> Outcome<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(name);
    fs::write(&path, bytes)?;
    Ok(path)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
