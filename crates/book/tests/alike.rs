//! Who is like somebody who is being typed (R40): told while one types, the most alike first.
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::*;
use satchel_book::{Alike, Book, Common, Newcomer};
use satchel_domain::{PartnerDraft, PartnerKind, merge_writes};

fn here() -> Book {
    let company = PartnerDraft { kind: PartnerKind::Organisation, ..person("宏达贸易") };
    let zhang = PartnerDraft { organisation: Some(id(1)), ..zhang_san() };
    let records = [partner(&company), partner(&zhang), partner(&person("Jonas Lindqvist"))];
    book(&[(id(1), &records[0]), (id(2), &records[1]), (id(3), &records[2])])
}

fn named(name: &str) -> Newcomer {
    Newcomer { name: name.into(), ..Newcomer::default() }
}

fn found(book: &Book, newcomer: &Newcomer) -> Vec<(String, u8, Vec<Common>)> {
    let told = |Alike { partner, percent, common }| (partner.name, percent, common);
    book.alike(newcomer, None, 9).into_iter().map(told).collect()
}

#[test]
fn a_number_a_mail_or_a_name_at_the_same_firm_is_somebody_known() {
    let book = here();
    let by_phone = Newcomer { phones: vec!["+86 138 0000 0000".into()], ..named("Zhang") };
    assert_eq!(found(&book, &by_phone), [("张三".into(), 88, vec![Common::Phone])]);
    let by_mail = Newcomer { mails: vec![" ZhangSan@example.com".into()], ..named("") };
    assert_eq!(found(&book, &by_mail)[0].2, [Common::Mail]);
    let by_name = Newcomer { company: "宏达贸易".into(), ..named("张三") };
    assert_eq!(found(&book, &by_name), [("张三".into(), 85, vec![Common::Name, Common::Company])]);
    assert_eq!(found(&book, &named("张三"))[0].1, 75);
}

#[test]
fn a_slip_another_order_or_another_script_is_told_with_the_firm() {
    let book = here();
    let at = |name: &str| Newcomer { company: "宏达贸易".into(), ..named(name) };
    assert_eq!(found(&book, &at("Zhang San"))[0].2, [Common::NearName, Common::Company]);
    assert!(found(&book, &named("Zhang San")).is_empty(), "the name alone is many people's");
    assert!(found(&book, &at("李四")).is_empty(), "a firm alone is nobody");
    let jonas = PartnerDraft { organisation: Some(id(1)), ..person("Lindqvist, Jonas") };
    let mut book = here();
    book.apply(id(3), Some(&partner(&jonas)));
    for name in ["Jonas Lindqvist", "Lindqvist Jonas", "jonas lindqwist"] {
        let wanted = name != "jonas lindqwist";
        assert_eq!(!found(&book, &at(name)).is_empty(), wanted, "{name}");
    }
}

#[test]
fn half_a_number_an_empty_form_and_the_partner_itself_are_nobody() {
    let book = here();
    assert!(found(&book, &Newcomer::default()).is_empty());
    let half = Newcomer { phones: vec!["1380".into()], mails: vec!["zhangsan@".into()], ..named("Z") };
    assert!(found(&book, &half).is_empty());
    let organisation = Newcomer { kind: PartnerKind::Organisation, ..named("张三") };
    assert!(found(&book, &organisation).is_empty(), "a firm of that name is another");
    assert!(book.alike(&named("张三"), Some(id(2)), 9).is_empty());
}

#[test]
fn whoever_was_merged_is_known_as_the_one_that_stands_for_it() {
    let mut book = here();
    let old = PartnerDraft {
        phones: vec![satchel_domain::ContactPoint::new("work", "5550101")],
        ..person("Z. San")
    };
    book.apply(id(4), Some(&edited(&partner(&old), merge_writes(id(2)))));
    let newcomer = Newcomer { phones: vec!["555 0101".into()], ..named("") };
    assert_eq!(found(&book, &newcomer), [("张三".into(), 88, vec![Common::Phone])]);
}
