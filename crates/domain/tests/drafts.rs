//! Drafts to writes and back: only what differs, and nothing cut (R9, R10, R37, R38, D5, D7).
#![allow(clippy::unwrap_used)] // A test may panic: that is how it fails.

mod common;

use common::text_map;
use satchel_domain::{
    AccountId, Address, Clock, Code, ContactPoint, Coordinates, Currency, Day, DeviceId, External,
    Interaction, InteractionDraft, Kind, Method, Moment, Order, OrderDraft, OrderLine, OrderStatus, Outcome,
    Participation, Partner, PartnerDraft, PartnerKind, PartnerType, Record, RecordId, RecordType,
    Relationship, Revision, Task, TaskDraft, Turn, Value, Write, apply, create, delete_writes, done_writes,
    field, undo_writes,
};
use std::collections::BTreeSet;

const NOW_MS: i64 = 1_700_000_000_000;

fn clock() -> Clock {
    Clock::new(DeviceId(1))
}

fn entropy() -> impl FnMut() -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state
    }
}

fn full_partner() -> PartnerDraft {
    PartnerDraft {
        kind: PartnerKind::Person,
        name: "张三".into(),
        partner_type: PartnerType::Other("vip".into()),
        organisation: Some(RecordId([3; 16])),
        position: "经理".into(),
        phones: vec![ContactPoint::new("mobile", "138 0000 0000"), ContactPoint::new("work", "010-1234")],
        mails: vec![ContactPoint::new("work", "ZhangSan@Example.com")],
        messengers: vec![ContactPoint::new("wechat", "zs")],
        addresses: vec![Address {
            city: "北京".into(), street: "长安街 1".into(), ..Address::default()
        }],
        tags: BTreeSet::from(["老客户".into(), "tea".into()]),
        birth_year: Some(1980),
        gender: "female".into(),
        website: "https://example.com".into(),
        note: "  kept as typed \n".into(),
        external: Some(External { system: "customerid".into(), id: "ALFKI".into() }),
        owner: Some(AccountId([5; 16])),
        coordinates: Coordinates::of_degrees(39.9042, -0.000_001),
    }
}

fn saved(draft: &PartnerDraft) -> Record {
    create(Kind::Partner, draft.create(&mut entropy()), &mut clock(), 1_000)
}

fn read(record: &Record) -> PartnerDraft {
    Partner::read(RecordId([1; 16]), record).unwrap().card
}

fn edit(record: &mut Record, seen: &PartnerDraft, draft: &PartnerDraft) -> Vec<Write> {
    let writes = PartnerDraft::diff(seen, draft, &mut entropy());
    apply(record, writes.clone(), &mut clock(), 2_000);
    writes
}

#[test]
fn a_partner_comes_back_as_typed_r1_r10() {
    let draft = full_partner();
    let mut back = read(&saved(&draft));
    assert!(back.phones.iter().all(|point| point.key.len() == 10));
    for point in back.phones.iter_mut().chain(&mut back.mails).chain(&mut back.messengers) {
        point.key.clear();
    }
    back.addresses[0].key.clear();
    assert_eq!(back, draft, "in the order typed");
}

#[test]
fn a_long_name_in_any_script_is_not_cut_r4_r10() {
    let name = "名".repeat(5_000);
    assert_eq!(read(&saved(&PartnerDraft { name: name.clone(), ..PartnerDraft::default() })).name, name);
}

#[test]
fn nothing_changed_writes_nothing() {
    let record = saved(&full_partner());
    let seen = read(&record);
    assert_eq!(PartnerDraft::diff(&seen, &seen.clone(), &mut entropy()), []);
}

#[test]
fn only_what_differs_is_written_r37() {
    let mut record = saved(&full_partner());
    let seen = read(&record);
    let mut draft = PartnerDraft { position: String::new(), ..seen.clone() };
    draft.tags.remove("tea");
    draft.tags.insert("新".into());
    let writes = edit(&mut record, &seen, &draft);
    let fields: Vec<_> = writes.iter().map(Write::field).collect();
    assert_eq!(fields, [field::POSITION, field::TAGS, field::TAGS]);
    assert_eq!(read(&record), draft);
}

#[test]
fn two_devices_edit_two_phones_apart_r9() {
    let record = saved(&full_partner());
    let seen = read(&record);
    let (mut here, mut there) = (record.clone(), record);
    let mut draft = seen.clone();
    draft.phones[0].value = "139".into();
    edit(&mut here, &seen, &draft);
    let mut draft = seen.clone();
    draft.phones[1].label = "home".into();
    edit(&mut there, &seen, &draft);
    here.merge(&there);
    let phones = read(&here).phones;
    assert_eq!((phones[0].value.as_str(), phones[1].label.as_str()), ("139", "home"));
}

#[test]
fn entries_are_removed_reordered_and_added() {
    let mut record = saved(&full_partner());
    let seen = read(&record);
    let mut draft = seen.clone();
    draft.phones.reverse();
    let writes = edit(&mut record, &seen, &draft);
    assert_eq!(writes.len(), 1, "the order is a register of its own");
    assert_eq!(read(&record).phones, draft.phones);

    let seen = read(&record);
    let mut draft = seen.clone();
    draft.phones.remove(0);
    draft.phones.push(ContactPoint::new("fax", "5"));
    draft.phones.insert(0, ContactPoint::new("other", "6"));
    edit(&mut record, &seen, &draft);
    let values: Vec<_> = read(&record).phones.into_iter().map(|point| point.value).collect();
    assert_eq!(values, ["6", "138 0000 0000", "5"]);

    let seen = read(&record);
    let mut draft = seen.clone();
    draft.phones[1].value = "  ".into();
    edit(&mut record, &seen, &draft);
    assert_eq!(read(&record).phones.len(), 2, "an emptied entry is removed");
}

#[test]
fn importing_the_same_again_writes_nothing_r119() {
    let draft = full_partner();
    let seen = read(&saved(&draft));
    assert_eq!(PartnerDraft::diff(&seen, &draft, &mut entropy()), [], "entries without keys are matched");
}

#[test]
fn an_entry_removed_elsewhere_and_edited_here_is_whole() {
    let mut record = saved(&full_partner());
    let seen = read(&record);
    let mut without = seen.clone();
    without.phones.remove(0);
    edit(&mut record, &seen, &without);
    let mut draft = seen.clone();
    draft.phones[0].label = "home".into();
    edit(&mut record, &seen, &draft);
    assert!(read(&record).phones.iter().any(|point| point.value == "138 0000 0000" && point.label == "home"));
}

#[test]
fn randomness_that_repeats_itself_does_not_hang() {
    let draft = full_partner();
    let record = create(Kind::Partner, draft.create(&mut || 0), &mut clock(), 1);
    assert_eq!(read(&record).phones.len(), 2);
}

#[test]
fn what_is_not_understood_never_breaks_reading() {
    let mut record = saved(&full_partner());
    for (field, value) in [
        (field::KIND, Value::Int(9)),
        (field::BIRTH_YEAR, Value::Int(-5)),
        (field::ORGANISATION, Value::from("x")),
        ("phones/zz", Value::Bool(true)),
        (field::EXTERNAL, Value::List(vec![])),
    ] {
        apply(&mut record, vec![Write::Set { field: field.into(), value }], &mut clock(), 5);
    }
    let card = read(&record);
    assert_eq!(
        (card.kind, card.birth_year, card.organisation, card.external),
        (PartnerKind::Person, None, None, None)
    );
    assert_eq!(card.phones.len(), 2);
}

fn full_interaction() -> InteractionDraft {
    InteractionDraft {
        partner: RecordId([1; 16]),
        record_type: RecordType::Call,
        method: Method::Phone,
        at: Moment::exact(1_609_466_400_000, "Asia/Shanghai"),
        minutes: Some(12),
        content: "与客户讨论订单\n".repeat(100),
        outcome: Some(Outcome::FollowUp),
        place: "办公室".into(),
        participants: BTreeSet::from([Participation {
            partner: RecordId([2; 16]),
            relationship: Relationship::Referrer,
        }]),
    }
}

#[test]
fn an_interaction_comes_back_as_typed_r15_r17() {
    let draft = full_interaction();
    let record = create(Kind::Interaction, draft.create(), &mut clock(), 1_000);
    let view = Interaction::read(RecordId([9; 16]), &record).unwrap();
    assert_eq!(view.entry, draft);
    assert_eq!((view.created_ms, view.edited_ms, view.deleted), (1_000, 1_000, false));
    assert_eq!(InteractionDraft::diff(&draft, &draft.clone()), []);
}

#[test]
fn exactly_one_participation_is_primary_whatever_the_set_holds_d7() {
    let mut record = create(Kind::Interaction, full_interaction().create(), &mut clock(), 1_000);
    let rogue = Participation { partner: RecordId([7; 16]), relationship: Relationship::Primary };
    apply(&mut record, vec![rogue.write(true)], &mut clock(), 2_000);
    let entry = Interaction::read(RecordId::NIL, &record).unwrap().entry;
    let parts: Vec<_> = entry.participations().collect();
    let primary = parts.iter().filter(|part| part.relationship == Relationship::Primary).count();
    assert_eq!((primary, parts.len(), parts[0].partner), (1, 2, RecordId([1; 16])));
}

#[test]
fn a_partner_is_linked_and_unlinked_r42() {
    let mut record = create(Kind::Interaction, full_interaction().create(), &mut clock(), 1_000);
    let part = Participation { partner: RecordId([5; 16]), relationship: Relationship::Payer };
    let parts = |record: &Record| Interaction::read(RecordId::NIL, record).unwrap().entry.participants;
    apply(&mut record, vec![part.write(true)], &mut clock(), 2_000);
    assert!(parts(&record).contains(&part));
    apply(&mut record, vec![part.write(false)], &mut clock(), 2_000);
    assert!(!parts(&record).contains(&part));
}

#[test]
fn a_record_without_a_time_or_method_has_some_d13_d14() {
    let record = create(Kind::Interaction, vec![], &mut clock(), 1_000);
    let entry = Interaction::read(RecordId::NIL, &record).unwrap().entry;
    assert_eq!((entry.method, entry.at.utc_ms, entry.partner), (Method::Other, 1_000, RecordId::NIL));
}

fn order(lines: Vec<OrderLine>) -> OrderDraft {
    OrderDraft {
        partner: RecordId([1; 16]),
        number: "10248".into(),
        at: Moment::all_day(Day::from_ymd(1996, 7, 4).unwrap(), "UTC"),
        status: OrderStatus::Delivered,
        currency: Currency::USD,
        lines,
        freight_minor: 3_238,
        stated_total_minor: None,
        note: String::new(),
        external: Some(External { system: "orderid".into(), id: "10248".into() }),
    }
}

fn line(quantity_milli: i64, unit_price_e4: i64, discount_e4: u32) -> OrderLine {
    OrderLine { product: "Queso".into(), quantity_milli, unit_price_e4, discount_e4 }
}

#[test]
fn an_order_comes_back_with_its_lines_r11_d12() {
    let draft = order(vec![line(12_000, 140_000, 0), line(10_000, 98_000, 500)]);
    let record = create(Kind::Order, draft.create(), &mut clock(), 1_000);
    assert_eq!(Order::read(RecordId::NIL, &record).unwrap().entry, draft);
    assert_eq!(OrderDraft::diff(&draft, &draft.clone()), []);
}

#[test]
fn lines_are_rounded_once_each_half_away_from_zero() {
    let cases = [
        (line(12_000, 140_000, 0), Ok(16_800)),
        (line(10_000, 98_000, 500), Ok(9_310)),
        (line(1_000, 50, 0), Ok(1)),
        (line(-1_000, 50, 0), Ok(-1)),
        (line(1_000, 49, 0), Ok(0)),
        (line(1_500, 33_333, 0), Ok(500)),
        (line(1_000, 10_000, 20_000), Ok(0)),
        (line(i64::MAX, i64::MAX, 0), Err(())),
        (line(i64::MIN, i64::MAX, 0), Err(())),
    ];
    for (line, expected) in cases {
        assert_eq!(line.total_minor(Currency::USD).map_err(|_| ()), expected, "{line:?}");
    }
    let yen = Currency::parse("JPY").unwrap();
    assert_eq!(line(3_000, 1_005_000, 0).total_minor(yen), Ok(302), "301.5 yen");
}

#[test]
fn an_order_comes_to_its_lines_and_freight_or_to_what_was_stated() {
    assert_eq!(order(vec![line(12_000, 140_000, 0)]).total().unwrap().minor, 16_800 + 3_238);
    let stated = OrderDraft { stated_total_minor: Some(50_000), ..order(vec![]) };
    assert_eq!(stated.total().unwrap().minor, 50_000);
    assert_eq!(order(vec![]).total().unwrap().minor, 3_238);
    let too_much = OrderDraft { freight_minor: i64::MAX, ..order(vec![line(1_000, 10_000, 0)]) };
    assert!(too_much.total().is_err());
    assert_eq!(too_much.validate()[0].code, Code::NotNumber);
}

#[test]
fn a_task_is_done_and_open_again() {
    let draft = TaskDraft {
        partner: Some(RecordId([1; 16])),
        title: "报价".into(),
        due: Some(Moment::all_day(Day(20_000), "Asia/Shanghai")),
        source: Some(RecordId([9; 16])),
        turn: Turn::Nth(2),
    };
    let mut record = create(Kind::Task, draft.create(), &mut clock(), 1_000);
    let read = |record: &Record| Task::read(RecordId::NIL, record).unwrap();
    assert_eq!(read(&record).entry, draft);
    apply(&mut record, done_writes(Some(5_000)), &mut clock(), 5_000);
    assert_eq!(read(&record).done_ms, Some(5_000));
    apply(&mut record, done_writes(None), &mut clock(), 6_000);
    assert_eq!(read(&record).done_ms, None);
}

#[test]
fn a_turn_is_one_of_its_day() {
    let due = |day| Some(Moment::all_day(Day(day), "Asia/Shanghai"));
    let first =
        TaskDraft { title: "拜访".into(), due: due(20_000), turn: Turn::Nth(3), ..TaskDraft::default() };
    let mut record = create(Kind::Task, first.create(), &mut clock(), 1_000);
    let read = |record: &Record| Task::read(RecordId::NIL, record).unwrap().entry;
    let renamed = TaskDraft { title: "回访".into(), ..first.clone() };
    apply(&mut record, TaskDraft::diff(&first, &renamed), &mut clock(), 2_000);
    assert_eq!(read(&record).turn, Turn::Nth(3));
    let moved = TaskDraft { due: due(20_001), ..renamed.clone() };
    apply(&mut record, TaskDraft::diff(&renamed, &moved), &mut clock(), 3_000);
    assert_eq!(read(&record).turn, Turn::Unsaid);
    let aside = TaskDraft { turn: Turn::Aside, ..moved.clone() };
    apply(&mut record, TaskDraft::diff(&moved, &aside), &mut clock(), 4_000);
    assert_eq!(read(&record).turn, Turn::Aside);
}

#[test]
fn undo_puts_back_what_was_and_leaves_what_came_after_r38() {
    let before = saved(&full_partner());
    let seen = read(&before);
    let mut after = before.clone();
    let mut draft = PartnerDraft { name: "李四".into(), position: String::new(), ..seen.clone() };
    draft.phones.clear();
    draft.tags.clear();
    edit(&mut after, &seen, &draft);

    let mut now = after.clone();
    apply(&mut now, undo_writes(Some(&before), &after, &after), &mut clock(), 3_000);
    assert_eq!(read(&now), seen);
    assert!(now.latest() > after.latest(), "undo is a write like any other");

    let mut now = after.clone();
    let later = Write::Set { field: field::NAME.into(), value: Value::from("王五") };
    apply(&mut now, vec![later], &mut clock(), 3_000);
    let writes = undo_writes(Some(&before), &after, &now);
    apply(&mut now, writes, &mut clock(), 4_000);
    assert_eq!((read(&now).name.as_str(), read(&now).position.as_str()), ("王五", "经理"));
}

#[test]
fn undo_of_a_creation_is_the_trash_and_deleting_twice_is_deleting_once_d5() {
    let mut record = saved(&full_partner());
    let undo = undo_writes(None, &record, &record);
    apply(&mut record, undo, &mut clock(), 2_000);
    assert!(record.is_deleted());
    apply(&mut record, delete_writes(), &mut clock(), 3_000);
    assert!(record.is_deleted());
    let before = record.clone();
    apply(&mut record, satchel_domain::restore_writes(), &mut clock(), 4_000);
    assert!(!record.is_deleted());
    let undo = undo_writes(Some(&before), &record, &record);
    apply(&mut record, undo, &mut clock(), 5_000);
    assert!(record.is_deleted());
}

fn codes(found: Vec<satchel_domain::Invalid>) -> Vec<(String, Code)> {
    found.into_iter().map(|invalid| (invalid.field, invalid.code)).collect()
}

#[test]
fn a_partner_is_checked_field_by_field_r107() {
    assert_eq!(codes(full_partner().validate(NOW_MS)), []);
    let draft = PartnerDraft {
        name: "  ".into(),
        phones: vec![ContactPoint::new("", "13800000000"), ContactPoint::new("", "ask")],
        mails: vec![ContactPoint::new("", "not mail"), ContactPoint::new("", "")],
        birth_year: Some(2_090),
        ..PartnerDraft::default()
    };
    let expected = [
        ("name", Code::Required),
        ("phones/1", Code::NotPhone),
        ("mails/0", Code::NotMail),
        ("birth_year", Code::InFuture),
    ];
    assert_eq!(codes(draft.validate(NOW_MS)), expected.map(|(field, code)| (field.to_owned(), code)));
    assert!(Code::Required.blocks() && !Code::NotMail.blocks(), "D4: a mail identifies nothing");
    let old = PartnerDraft { name: "a".into(), birth_year: Some(1_850), ..PartnerDraft::default() };
    assert_eq!(codes(old.validate(NOW_MS)), [("birth_year".to_owned(), Code::OutOfRange)]);
}

#[test]
fn an_interaction_is_checked_field_by_field_r107() {
    assert_eq!(codes(full_interaction().validate(NOW_MS)), []);
    let at = |utc_ms| InteractionDraft { at: Moment::exact(utc_ms, "UTC"), ..full_interaction() };
    assert_eq!(codes(at(NOW_MS + 3 * 86_400_000).validate(NOW_MS)), [("at".to_owned(), Code::InFuture)]);
    assert_eq!(codes(at(i64::MAX).validate(NOW_MS)), [("at".to_owned(), Code::OutOfRange)]);
    let nobody = InteractionDraft { partner: RecordId::NIL, ..full_interaction() };
    assert_eq!(codes(nobody.validate(NOW_MS)), [("partner".to_owned(), Code::Required)]);
}

#[test]
fn what_does_not_fit_is_refused_and_never_cut_r10() {
    let fits = InteractionDraft { content: "字".repeat(60_000), ..full_interaction() };
    assert_eq!(codes(fits.validate(NOW_MS)), []);
    let large = InteractionDraft { content: "字".repeat(70_000), ..full_interaction() };
    assert_eq!(codes(large.validate(NOW_MS)), [("content".to_owned(), Code::TooLong)]);
    let mut record = create(Kind::Interaction, fits.create(), &mut clock(), 1);
    let more = Write::Set { field: field::PLACE.into(), value: Value::Text("x".repeat(50_000)) };
    apply(&mut record, vec![more], &mut clock(), 2);
    assert_eq!(record.too_long().map(|invalid| invalid.field), Some("content".into()), "edits add up");
}

#[test]
fn a_patch_keeps_keys_that_it_does_not_name() {
    let mut record = Record::new(Kind::Partner);
    let set =
        Write::Set { field: "x".into(), value: Value::Map(text_map(&[("a", "1"), ("b", "2"), ("c", "3")])) };
    apply(&mut record, vec![set], &mut clock(), 1);
    let mut entries = text_map(&[("a", "9")]);
    entries.insert("b".into(), Value::Null);
    apply(&mut record, vec![Write::Patch { field: "x".into(), entries }], &mut clock(), 2);
    assert_eq!(*record.value("x"), Value::Map(text_map(&[("a", "9"), ("c", "3")])));
}

#[test]
fn a_code_for_people_is_short_and_stable_r3() {
    let id = RecordId([0x38, 0xdf, 0x30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(id.short_code(), "P-73FK");
    assert_eq!(DeviceId(0x3846_f312_3456_789a).short_code(), "713F");
}

#[test]
fn a_form_that_is_saved_over_what_it_did_not_show_says_what_that_was_r108() {
    let mut device = clock();
    let seen = PartnerDraft { website: "x.example".into(), note: "seen".into(), ..full_partner() };
    let mut record = create(Kind::Partner, seen.create(&mut entropy()), &mut device, 1_000);
    let seen = Partner::read(RecordId([1; 16]), &record).unwrap().card;
    let set = |field: &str, value: &str| vec![Write::Set { field: field.into(), value: value.into() }];
    let phone = format!("{}/{}", field::PHONES, seen.phones[0].key);
    for writes in
        [set(field::WEBSITE, "y.example"), set(field::NOTE, "elsewhere"), set(field::GENDER, "female")]
    {
        apply(&mut record, writes, &mut device, 2_000);
    }
    apply(&mut record, vec![Write::Set { field: phone.clone(), value: Value::Null }], &mut device, 2_500);
    let mut draft = PartnerDraft { website: "z.example".into(), name: "李四".into(), ..seen.clone() };
    draft.phones[0].label = "private".into();
    let revision = Revision::of_partner(&seen, &draft, &mut entropy());
    let before = record.clone();
    apply(&mut record, revision.writes(&before), &mut device, 3_000);
    let found = revision.overlooked(&before, &record);
    let told: Vec<_> = found.iter().map(|conflict| conflict.field.as_str()).collect();
    assert_eq!(
        told,
        [phone.as_str(), field::WEBSITE],
        "not the name, which was as seen, nor what was not written"
    );
    let conflict = &found[1];
    assert!(conflict.mine_won());
    assert_eq!(
        (&conflict.base, &conflict.mine.value, conflict.losing()),
        (&Value::from("x.example"), &Value::from("z.example"), &Value::from("y.example"))
    );
}

#[test]
fn two_who_write_the_same_are_not_asked() {
    let seen = TaskDraft { title: "call".into(), ..TaskDraft::default() };
    let mut record = create(Kind::Task, seen.create(), &mut clock(), 1_000);
    let draft = TaskDraft { title: "call back".into(), turn: Turn::Nth(3), ..seen.clone() };
    apply(
        &mut record,
        TaskDraft::diff(&seen, &TaskDraft { turn: Turn::Nth(1), ..draft.clone() }),
        &mut clock(),
        2_000,
    );
    let (revision, before) = (Revision::of_task(&seen, &draft), record.clone());
    apply(&mut record, revision.writes(&before), &mut clock(), 3_000);
    assert_eq!(revision.overlooked(&before, &record), [], "the same title, and nobody asks about a turn");
}

#[test]
fn what_was_deleted_while_its_form_was_open_comes_back_and_only_then() {
    let seen = TaskDraft { title: "call".into(), ..TaskDraft::default() };
    let mut record = create(Kind::Task, seen.create(), &mut clock(), 1_000);
    let revision = Revision::of_task(&seen, &TaskDraft { title: "write".into(), ..seen.clone() });
    assert!(!revision.restores(&record));
    apply(&mut record, delete_writes(), &mut clock(), 2_000);
    assert!(revision.restores(&record) && !Revision::of_task(&seen, &seen).restores(&record));
    let writes = revision.writes(&record);
    apply(&mut record, writes, &mut clock(), 3_000);
    assert!(!record.is_deleted());
}
