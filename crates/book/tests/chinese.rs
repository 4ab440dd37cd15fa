//! Names in Chinese are found however they are spaced, and in characters that read the same (R4, R40, R144).

mod common;

use common::*;
use satchel_book::{Book, PartnerFilter, PartnerSort};
use satchel_domain::{Condition, PartnerDraft, PartnerKind, Selection};

fn named(names: &[&str]) -> Book {
    let mut book = Book::new();
    for (number, name) in (1u8..).zip(names) {
        book.apply(id(number), Some(&partner(&person(name))));
    }
    book
}

fn found(book: &Book, text: &str) -> Vec<String> {
    book.find(text, 99, None).into_iter().map(|row| row.name).collect()
}

/// A name, then how it is typed.
const SPACED: [(&str, &[&str]); 7] = [
    ("张 伟", &["张伟", "张 伟", "张　伟", "zhangwei", "zhang wei", "zw", "zhangw"]),
    ("张　伟", &["张伟", "张 伟", "zhangwei", "zw"]),
    ("李丽", &["李 丽", "李　丽", "li li", "lili"]),
    ("欧阳 娜娜", &["欧阳娜娜", "欧阳娜", "阳娜", "欧阳 娜", "欧 阳娜娜", "阳 娜娜", "ouyangnana", "oynn"]),
    ("欧阳晓明", &["欧阳 晓明", "欧阳 晓", "欧 阳 晓 明", "阳 晓", "ouyang xiaoming"]),
    (
        "阿不都·热西提",
        &[
            "阿不都热西提",
            "阿不都·热西提",
            "阿不都•热西提",
            "阿不都・热西提",
            "阿不都．热西提",
            "阿不都 热西提",
            "都热",
            "阿不都·",
            "abudurexiti",
        ],
    ),
    ("买买提江热合曼", &["买买提江·热合曼", "买买提江 热合曼", "江·热", "买买提江‧热", "mmtj"]),
];

#[test]
fn a_chinese_name_is_found_however_it_is_spaced_r4_r40() {
    for (name, typed) in SPACED {
        let book = named(&[name, "王五", "Wang Fang"]);
        for text in typed {
            assert_eq!(found(&book, text), [name], "{text} for {name}");
        }
    }
}

#[test]
fn spaces_in_a_chinese_name_make_no_match_worse() {
    let book = named(&["张伟民", "李张伟", "张 伟", "张伟"]);
    for text in ["张伟", "张 伟", "张·伟"] {
        let whole = &found(&book, text)[..2];
        assert!(
            whole.contains(&"张 伟".to_owned()) && whole.contains(&"张伟".to_owned()),
            "{text}: {whole:?}"
        );
        assert_eq!(found(&book, text)[2..], ["张伟民", "李张伟"], "{text}");
    }
}

#[test]
fn words_in_latin_letters_stay_apart() {
    let book = named(&["Blacks Mith", "张伟 Anna", "Keller 李"]);
    assert_eq!(found(&book, "lacksmi"), [] as [&str; 0]);
    assert_eq!(found(&book, "张 anna"), ["张伟 Anna"]);
    assert_eq!(found(&book, "·"), found(&book, ","), "a mark alone says nothing");
}

#[test]
fn a_company_with_a_space_in_its_name_finds_its_people_r40() {
    let mut book = Book::new();
    let firm = PartnerDraft { kind: PartnerKind::Organisation, ..person("华为 贸易") };
    book.apply(id(1), Some(&partner(&firm)));
    book.apply(id(2), Some(&partner(&PartnerDraft { organisation: Some(id(1)), ..person("Anna") })));
    for text in ["华为贸易", "为贸", "华为 贸易"] {
        assert_eq!(found(&book, text), ["华为 贸易", "Anna"], "{text}");
        let filter = PartnerFilter { text: text.into(), ..PartnerFilter::default() };
        assert_eq!(book.partners(&filter, PartnerSort::Name, ALL, |_| true).total, 2, "{text}");
    }
}

/// A name, then how an input method may have written it.
const MISREAD: [(&str, &[&str]); 9] = [
    ("张伟", &["张玮", "张薇", "章伟", "张 玮", "章 伟", "张·玮"]),
    ("李 莉", &["李丽", "黎莉"]),
    ("陈静", &["陈晶", "陈婧"]),
    ("陈晓静", &["陈小婧", "陈晓婧", "陈小静"]),
    ("单雄信", &["善雄信", "丹雄信"]),
    ("仇英", &["邱英"]),
    ("吕布", &["旅布"]),
    ("华为贸易", &["华伟贸易", "华卫贸易", "花为贸易", "华伟茂易"]),
    ("阿不都·热西提", &["阿布都热西提", "阿布都·热西题"]),
];

#[test]
fn a_name_in_characters_that_read_the_same_is_found_r4_r40_r144() {
    for (name, typed) in MISREAD {
        let book = named(&[name, "王五", "赵云"]);
        for text in typed {
            assert_eq!(found(&book, text), [name], "{text} for {name}");
        }
    }
}

#[test]
fn a_part_of_a_name_that_reads_the_same_is_found_where_nobody_is_r40() {
    let book = named(&["张伟民", "上海华为贸易有限公司"]);
    for (text, who) in [
        ("张玮", "张伟民"),
        ("玮民", "张伟民"),
        ("张 玮", "张伟民"),
        ("华伟", "上海华为贸易有限公司"),
        ("华伟贸易", "上海华为贸易有限公司"),
        ("上海 华伟贸易", "上海华为贸易有限公司"),
    ] {
        assert_eq!(found(&book, text), [who], "{text}");
    }
    let book = named(&["张伟民", "张伟", "张玮琪"]);
    assert_eq!(found(&book, "张玮"), ["张玮琪", "张伟"], "only a whole name, behind who is found for sure");
}

#[test]
fn no_name_is_found_that_has_nothing_in_common_or_reads_otherwise() {
    let book = named(&["张伟", "陈晓静", "张三", "Anna", "王长"]);
    for text in ["玮", "章玮", "章三丰", "程小婧", "李伟", "陈小晨", "章威", "张玮民"] {
        assert_eq!(found(&book, text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn a_company_that_reads_the_same_finds_its_people_and_lists_agree_r40_r49() {
    let mut book = named(&["张伟", "张玮", "张薇华"]);
    let firm = PartnerDraft { kind: PartnerKind::Organisation, ..person("华为贸易") };
    book.apply(id(11), Some(&partner(&firm)));
    book.apply(id(12), Some(&partner(&PartnerDraft { organisation: Some(id(11)), ..person("Anna") })));
    assert_eq!(found(&book, "华伟贸易"), ["华为贸易", "Anna"]);
    assert_eq!(found(&book, "张玮"), ["张玮", "张伟"]);
    for text in ["张玮", "张微", "华伟贸易", "华伟", "张 微"] {
        let filter = PartnerFilter { text: text.into(), ..PartnerFilter::default() };
        let listed = book.partners(&filter, PartnerSort::Name, ALL, |_| true).rows;
        assert_eq!(listed, book.find(text, 99, None), "{text}");
        let meant = book.selected_ids(&Selection::of(Condition::Text(text.into())), 0);
        assert_eq!(meant.len(), listed.len(), "{text}");
    }
}
