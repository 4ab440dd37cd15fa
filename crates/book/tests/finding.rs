//! What finds whom, and in which order (R4, R40, R54, R144): a table of needles, and a naive search to compare with.
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::data::{Dice, made_id, made_interaction, made_partner};
use common::*;
use satchel_book::{Book, Class, PartnerFilter, PartnerRow, PartnerSort, fold};
use satchel_domain::{
    Address, Condition, ContactPoint, Method, PartnerDraft, PartnerKind, RecordId, Selection,
};
use std::collections::BTreeSet;

/// Name, phone, mail, tag; the later ones were contacted later.
const PEOPLE: [(&str, &str, &str, &str); 14] = [
    ("张三", "138 0000 1234", "zhangsan@example.com", "vip"),
    ("张三丰", "139 1111 2222", "", ""),
    ("李张", "137 1234 5678", "", ""),
    ("单雄信", "", "", ""),
    ("吕布", "", "", ""),
    ("宏达贸易有限公司", "", "sales@hongda.example", ""),
    ("John Smith", "+44 20 7946 0018", "john@smith.example", ""),
    ("Johnny Smithers", "", "", ""),
    ("Anna Johnson", "", "", ""),
    ("Élodie Müller", "", "", ""),
    ("Mark Zhang", "", "", ""),
    ("Smith", "", "", ""),
    ("Blacksmith Ltd", "", "", ""),
    ("Kate Jones", "", "", "smith"),
];

fn people() -> Book {
    let mut book = Book::new();
    for (number, (name, phone, mail, tag)) in (1u8..).zip(PEOPLE) {
        let draft = PartnerDraft {
            phones: vec![ContactPoint::new("", phone)],
            mails: vec![ContactPoint::new("", mail)],
            tags: BTreeSet::from([tag.to_owned()]),
            ..person(name)
        };
        book.apply(id(number), Some(&partner(&draft)));
        book.apply(
            id(100 + number),
            Some(&interaction(&event(id(number), Method::Phone, DAY * i64::from(number)))),
        );
    }
    book
}

fn found(book: &Book, text: &str) -> Vec<String> {
    book.find(text, 99, None).into_iter().map(|row| row.name).collect()
}

/// Needle, then everybody who is found, in this order.
const NEEDLES: [(&str, &[&str]); 31] = [
    // The whole name, its beginning, a word's beginning, anywhere, another key.
    ("smith", &["Smith", "Johnny Smithers", "John Smith", "Blacksmith Ltd", "Kate Jones"]),
    ("张三", &["张三", "张三丰"]),
    ("john", &["Johnny Smithers", "John Smith", "Anna Johnson"]),
    ("john smith", &["John Smith", "Johnny Smithers"]),
    ("anna", &["Anna Johnson"]),
    // Chinese, anywhere in the name.
    ("张", &["张三丰", "张三", "李张"]),
    ("达贸", &["宏达贸易有限公司"]),
    // Pinyin: whole, beginnings, initials.
    ("zhang", &["张三丰", "张三", "Mark Zhang", "李张"]),
    ("zhangsan", &["张三", "张三丰"]),
    ("zhang san", &["张三丰", "张三"]),
    ("zs", &["张三", "张三丰"]),
    ("zsf", &["张三丰"]),
    ("zhangs", &["张三丰", "张三", "Mark Zhang"]),
    ("hdmy", &["宏达贸易有限公司"]),
    ("hongda", &["宏达贸易有限公司"]),
    // A surname read its own way, and ü typed as v or u.
    ("shan", &["单雄信"]),
    ("dxx", &["单雄信"]),
    ("lvbu", &["吕布"]),
    ("lubu", &["吕布"]),
    // Accents, case and width do not matter.
    ("ELODIE", &["Élodie Müller"]),
    ("ｍｕｌｌｅｒ", &["Élodie Müller"]),
    // Any part of a phone number, however it is typed; the beginning first.
    ("1380", &["张三"]),
    ("1234", &["李张", "张三"]),
    ("138-0000", &["张三"]),
    ("020 7946", &["John Smith"]),
    ("+44 20", &["John Smith"]),
    // Mail.
    ("exampel", &["John Smith", "宏达贸易有限公司", "张三"]),
    ("sales@", &["宏达贸易有限公司"]),
    // One slip in four letters or more; not in three.
    ("zhagnsan", &["张三", "张三丰"]),
    ("elodi müler", &["Élodie Müller"]),
    ("ana", &[]),
];

#[test]
fn fewer_are_the_first_of_all_that_are_found_r144() {
    let book = people();
    for (needle, everybody) in NEEDLES {
        for limit in 0..=everybody.len() {
            let names: Vec<_> = book.find(needle, limit, None).into_iter().map(|row| row.name).collect();
            assert_eq!(names, everybody[..limit], "{needle}, {limit}");
        }
    }
}

#[test]
fn needles_find_the_best_first_r144() {
    let book = people();
    let wrong: Vec<_> = NEEDLES
        .into_iter()
        .map(|(needle, expected)| (needle, expected, found(&book, needle)))
        .filter(|(_, expected, found)| found != expected)
        .collect();
    assert!(wrong.is_empty(), "needle, expected, found: {wrong:#?}");
}

#[test]
fn slips_come_behind_everything_else() {
    let book = people();
    assert_eq!(found(&book, "jonnson"), ["Anna Johnson"]);
    let marks = found(&book, "mark");
    assert_eq!(marks[0], "Mark Zhang");
    assert_eq!(
        found(&book, "smit"),
        ["Smith", "Johnny Smithers", "John Smith", "Blacksmith Ltd", "Kate Jones"]
    );
    let kates = found(&book, "kates");
    assert_eq!(kates, ["Kate Jones"], "a letter too many");
    assert_eq!(found(&book, "zhang wie"), [] as [&str; 0], "another name");
    assert_eq!(found(&book, "zhang sna"), ["张三"], "exchanged, in one word of three letters");
}

#[test]
fn the_list_stands_as_it_is_found_unless_another_order_is_asked_for() {
    let book = people();
    let list = |text: &str, sort| {
        let filter = PartnerFilter { text: text.into(), ..PartnerFilter::default() };
        book.partners(&filter, sort, ALL, |_| true)
    };
    let names = |sort| list("smith", sort).rows.into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(names(PartnerSort::Name), found(&book, "smith"));
    assert_eq!(names(PartnerSort::Quietest)[0], "John Smith");
    assert_eq!(names(PartnerSort::Recent)[0], "Kate Jones");
    assert_eq!(list("smith", PartnerSort::Name).letters, []);
    assert!(!list("", PartnerSort::Name).letters.is_empty());
}

/// Two firms with their people, all that they are found by beside names and numbers.
fn colleagues() -> Book {
    let firm = |name: &str| PartnerDraft { kind: PartnerKind::Organisation, ..person(name) };
    let office = Address {
        street: "中山东一路 33号".into(),
        district: "黄浦区".into(),
        city: "上海".into(),
        region: "上海市".into(),
        postal_code: "200001".into(),
        country: "中国".into(),
        ..Address::default()
    };
    let abroad = Address { street: "Große Straße 12".into(), city: "Zürich".into(), ..Address::default() };
    let buyer = PartnerDraft {
        position: "采购经理".into(),
        tags: BTreeSet::from(["老客户".into()]),
        organisation: Some(id(1)),
        ..person("Anna Keller")
    };
    let drafts = [
        PartnerDraft { addresses: vec![office], ..firm("宏达贸易") },
        PartnerDraft {
            addresses: vec![abroad],
            website: "www.hm-schiffe.example".into(),
            ..firm("Helvetia Marine")
        },
        buyer,
        PartnerDraft { organisation: Some(id(2)), ..person("Johnathan Smith") },
        person("张三"),
        person("欧阳晓明"),
        firm("上海宏达机电有限公司"),
    ];
    let records: Vec<_> = drafts.iter().map(partner).collect();
    let named: Vec<_> = (1..).map(id).zip(&records).collect();
    book(&named)
}

#[test]
fn every_part_of_an_address_finds_r144() {
    let book = colleagues();
    for needle in ["中山东一路", "中山", "33号", "东一路 宏达", "黄浦", "上海市", "200001", "中国"]
    {
        assert_eq!(found(&book, needle), ["宏达贸易"], "{needle}");
    }
    for needle in ["grosse", "strasse 12", "GROSSE STRASSE", "straße helvetia", "www.hm-schiffe", "schiffe"]
    {
        assert_eq!(found(&book, needle), ["Helvetia Marine"], "{needle}");
    }
}

#[test]
fn cities_tags_and_positions_are_found_as_they_are_spelled_r144() {
    let book = colleagues();
    for (needle, who) in [
        ("huangpu", "宏达贸易"),
        ("hpq", "宏达贸易"),
        ("huang pu", "宏达贸易"),
        ("laokehu", "Anna Keller"),
        ("lkh", "Anna Keller"),
        ("caigou", "Anna Keller"),
        ("cgjl", "Anna Keller"),
        ("jingli anna", "Anna Keller"),
    ] {
        assert_eq!(found(&book, needle), [who], "{needle}");
    }
    assert_eq!(found(&book, "shanghai"), ["上海宏达机电有限公司", "宏达贸易"], "a name before a city");
    assert_eq!(found(&book, "q"), [] as [&str; 0], "one letter spells no place");
}

#[test]
fn a_company_finds_its_people_as_it_is_spelled_r144() {
    let book = colleagues();
    for needle in ["hdmy", "hongdamaoyi", "hongda mao"] {
        assert_eq!(found(&book, needle), ["宏达贸易", "Anna Keller"], "{needle}");
    }
    assert_eq!(found(&book, "hongda keller"), ["Anna Keller"]);
}

#[test]
fn a_slip_in_a_part_of_a_name_is_forgiven_where_nobody_is_found_r144() {
    let book = colleagues();
    for (needle, who) in [
        ("Jonh", &["Johnathan Smith"][..]),
        ("johntha", &["Johnathan Smith"]),
        ("jhna", &["Johnathan Smith"]),
        ("joxhna", &["Johnathan Smith"]),
        ("jonh smi", &["Johnathan Smith"]),
        ("smtih", &["Johnathan Smith"]),
        ("zhagn", &["张三"]),
        ("zhnag", &["张三"]),
        ("ouyagnxiao", &["欧阳晓明"]),
        ("xiaomnig", &["欧阳晓明"]),
        ("宏大贸易", &["宏达贸易", "Anna Keller"]),
        ("宏打机电有限", &["上海宏达机电有限公司"]),
        ("helveita", &["Helvetia Marine", "Johnathan Smith"]),
    ] {
        assert_eq!(found(&book, needle), who, "{needle}");
    }
    // The last letter is no slip before another follows, and the first is the one that was meant.
    for needle in ["johx", "zhax", "xohna", "jxxna smi", "jxxhna"] {
        assert_eq!(found(&book, needle), [] as [&str; 0], "{needle}");
    }
}

#[test]
fn the_list_and_a_view_forgive_the_same_slips_as_quick_find() {
    let book = colleagues();
    for needle in ["zhagn", "jonh", "zhang", "hdmy", "nobody at all"] {
        let filter = PartnerFilter { text: needle.into(), ..PartnerFilter::default() };
        let listed = book.partners(&filter, PartnerSort::Name, ALL, |_| true).rows;
        let quick = book.find(needle, 99, None);
        assert_eq!(listed, quick, "{needle}");
        let meant = book.selected_ids(&Selection::of(Condition::Text(needle.into())), 0);
        let ids = |rows: &[PartnerRow]| rows.iter().map(|row| row.id).collect::<BTreeSet<_>>();
        assert_eq!(meant.into_iter().collect::<BTreeSet<_>>(), ids(&quick), "{needle}");
    }
}

/// A page's brief of a customer in Shanghai as it was written before streets and spelled cities were looked at.
const WRITTEN_BEFORE: &str = "00010ce5ae8fe8bebee8b4b8e69893010000000000010a303030303030303030310015e4b8ade5b1b1e4b89ce4b880e8\
    b7af203333e58fb709e9bb84e6b5a6e58cba06e4b88ae6b5b7000000000000000000000000e807e807000e686f6e6720\
    6461206d616f2079692e6ee5ae8fe8bebee8b4b8e698930a73686f6e67206461206d616f2079690a63702d303430670a\
    77e4b88ae6b5b70a";

#[test]
fn what_was_written_before_is_found_by_all_of_it_r144() {
    let bytes: Vec<u8> = (0..WRITTEN_BEFORE.len() / 2)
        .map(|at| u8::from_str_radix(&WRITTEN_BEFORE[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let mut book = Book::new();
    book.apply_brief(id(1), Class::Card, &bytes).unwrap();
    for needle in ["宏达贸易", "hdmy", "上海", "中山东一路", "shanghai", "huangpu", "hongad"] {
        assert_eq!(found(&book, needle), ["宏达贸易"], "{needle}");
    }
}

/// A book, the drafts of its partners, the folded texts of its interactions.
type Workspace = (Book, Vec<(RecordId, PartnerDraft)>, Vec<(RecordId, String)>);

/// A workspace of everything, with what it was made of.
fn workspace(partners: usize, events: usize) -> Workspace {
    let (mut book, mut cards, mut notes) = (Book::new(), Vec::new(), Vec::new());
    for ((id, record), draft) in (0..partners).map(made_partner) {
        book.apply(id, Some(&record));
        cards.push((id, draft));
    }
    for ((id, record), draft) in (0..events).map(|number| made_interaction(number, partners)) {
        book.apply(id, Some(&record));
        notes.push((id, format!("{}\n{}", fold(&draft.content), fold(&draft.place))));
    }
    (book, cards, notes)
}

/// Stored, then typed.
const NUMBERS: [(&str, &[&str]); 4] = [
    (
        "138-0000-1111",
        &["+86 138 0000 1111", "+8613800001111", "008613800001111", "+86 138", "138 0000", "00001111"],
    ),
    (
        "+49 30 5550 1177",
        &["030 5550 1177", "+49 (0)30 5550 1177", "0049 30 5550", "030/5550", "5550-1177", "30 55"],
    ),
    ("+44 20 7946 0958", &["020 7946", "0044 20 7946 0958", "(020) 7946 0958"]),
    ("010-6554 1234", &["+861065541234", "+86 10 6554 1234", "6554 1234"]),
];

#[test]
fn a_number_is_found_with_and_without_its_country_r40() {
    let mut book = Book::new();
    for (number, (phone, _)) in (1u8..).zip(NUMBERS) {
        let draft = PartnerDraft { phones: vec![ContactPoint::new("", phone)], ..person(phone) };
        book.apply(id(number), Some(&partner(&PartnerDraft { name: format!("P{number}"), ..draft })));
    }
    for (number, (phone, typed)) in (1u8..).zip(NUMBERS) {
        for text in typed {
            assert_eq!(found(&book, text), [format!("P{number}")], "{text} for {phone}");
        }
    }
    assert!(found(&book, "+49 138 0000 1112").is_empty());
}

#[test]
fn a_note_is_found_by_beginnings_of_its_words_behind_everything_else_r40() {
    let mut book = Book::new();
    let noted = |name: &str, note: &str| partner(&PartnerDraft { note: note.into(), ..person(name) });
    book.apply(id(1), Some(&noted("Anna", "Allergic to walnuts; 对花生过敏")));
    book.apply(id(2), Some(&noted("Wal Street", "")));
    assert_eq!(found(&book, "walnuts"), ["Anna"]);
    assert_eq!(found(&book, "花生"), ["Anna"]);
    assert_eq!(found(&book, "wal"), ["Wal Street", "Anna"]);
    assert_eq!(found(&book, "anna walnut"), ["Anna"]);
    assert!(found(&book, "alnuts").is_empty());
}

#[test]
fn apostrophes_and_commas_are_typed_in_any_way_r40() {
    let mut book = Book::new();
    for (number, name) in (1u8..).zip(["O'Neil", "O’Hara", "John Smithers"]) {
        book.apply(id(number), Some(&partner(&person(name))));
    }
    assert_eq!(found(&book, "O’Neil"), ["O'Neil"]);
    assert_eq!(found(&book, "o'hara"), ["O’Hara"]);
    assert_eq!(found(&book, "Smithers, John"), ["John Smithers"]);
}

fn digits(card: &PartnerDraft) -> String {
    card.phones[0].value.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a folded note holds every word of a text, Latin ones where a word begins.
fn says(note: &str, text: &str) -> bool {
    fold(text).split([' ', ',', '，']).all(|word| {
        let latin = word.starts_with(|first: char| first.is_ascii_alphabetic());
        let begins = |at: usize| !note[..at].ends_with(|before: char| before.is_ascii_alphabetic());
        note.match_indices(word).any(|(at, _)| !latin || begins(at))
    })
}

#[test]
fn nothing_that_a_plain_search_finds_is_missed() {
    let (book, cards, notes) = workspace(400, 1_500);
    let mut dice = Dice::new(1);
    for _ in 0..200 {
        // Parts of words of names and of phones, of any length, from anywhere.
        let (_, card) = &cards[dice.roll(cards.len())];
        let words: Vec<String> = card.name.split(' ').map(str::to_owned).chain([digits(card)]).collect();
        let letters: Vec<char> = words[dice.roll(words.len())].chars().collect();
        let from = dice.roll(letters.len());
        let needle: String = letters[from..letters.len().min(from + 1 + dice.roll(5))].iter().collect();
        let plain =
            |card: &PartnerDraft| fold(&card.name).contains(&fold(&needle)) || digits(card).contains(&needle);
        let hits: BTreeSet<RecordId> =
            book.find(&needle, usize::MAX, None).iter().map(|row| row.id).collect();
        for (id, card) in cards.iter().filter(|(_, card)| plain(card)) {
            assert!(hits.contains(id), "{needle} in {}", card.name);
        }
    }
    for needle in
        ["报价", "Zürich", "a", "付款条件，", "five percent less, 展", "展 less five", "berlin", "nowhere"]
    {
        let hits: BTreeSet<RecordId> =
            book.search_interactions(needle, usize::MAX).iter().map(|entry| entry.what.id()).collect();
        let naive: BTreeSet<RecordId> =
            notes.iter().filter(|(_, note)| says(note, needle)).map(|(id, _)| *id).collect();
        assert!(hits == naive, "{needle}: {} are found, {} are meant", hits.len(), naive.len());
    }
}

#[test]
fn every_slip_in_a_name_still_finds_it() {
    let (book, cards, _) = workspace(300, 0);
    let mut dice = Dice::new(2);
    for (id, card) in cards.iter().filter(|(_, card)| card.kind == PartnerKind::Person) {
        let folded = fold(&card.name);
        let Some(word) =
            folded.split(' ').find(|word| word.chars().count() >= 5 && word.chars().all(char::is_alphabetic))
        else {
            continue;
        };
        let letters: Vec<char> = word.chars().collect();
        let at = dice.roll(letters.len() - 1);
        let mut slipped = letters.clone();
        match dice.roll(4) {
            0 => slipped.swap(at, at + 1),
            1 => slipped[at] = 'x',
            2 => slipped.insert(at, 'x'),
            _ => drop(slipped.remove(at)),
        }
        let needle: String = slipped.into_iter().collect();
        assert!(book.find(&needle, usize::MAX, None).iter().any(|row| row.id == *id), "{needle} for {word}");
    }
    assert!(cards.iter().any(|(id, _)| *id == made_id(1, 0)));
}
