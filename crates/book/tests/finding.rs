//! What finds whom, and in which order (R4, R40, R54, R144): a table of needles, and a naive search to compare with.
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::data::{Dice, made_id, made_interaction, made_partner};
use common::*;
use satchel_book::{Book, PartnerFilter, PartnerSort, fold};
use satchel_domain::{ContactPoint, Method, PartnerDraft, PartnerKind, RecordId};
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
    ("020 7946", &[]),
    ("+44 20", &["John Smith"]),
    // Mail.
    ("exampel", &["John Smith", "宏达贸易有限公司", "张三"]),
    ("sales@", &["宏达贸易有限公司"]),
    // One slip in four letters or more; not in three.
    ("zhagnsan", &["张三"]),
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

fn digits(card: &PartnerDraft) -> String {
    card.phones[0].value.chars().filter(char::is_ascii_digit).collect()
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
    for needle in ["报价", "Zürich", "a", "付款条件，", "five percent less, 展", "berlin", "nowhere"]
    {
        let hits: BTreeSet<RecordId> =
            book.search_interactions(needle, usize::MAX).iter().map(|entry| entry.what.id()).collect();
        let naive: BTreeSet<RecordId> =
            notes.iter().filter(|(_, note)| note.contains(&fold(needle))).map(|(id, _)| *id).collect();
        assert_eq!(hits, naive, "{needle}");
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
