//! A workspace as a sales team would have it, the same every time: Chinese and English names and notes.

use super::*;
use satchel_domain::{Address, External, Outcome, PartnerKind, RecordType};

/// A record with what it is kept under.
pub(crate) type Made = (RecordId, Record);

/// Numbers that look random and never change.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗", "单", "曾", "吕", "欧阳",
];
const GIVEN: [&str; 20] = [
    "伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "超", "秀兰", "霞",
];
const FIRST: [&str; 20] = [
    "Anna", "Élodie", "John", "Maria", "Peter", "Sofia", "Lars", "Nguyễn", "Omar", "Grace", "Ivan", "Chloé",
    "Tom", "Ingrid", "Pablo", "Yuki", "Sean", "Łukasz", "Fatima", "Kate",
];
const LAST: [&str; 24] = [
    "Smith",
    "Müller",
    "Keller",
    "García",
    "Rossi",
    "Novak",
    "Jensen",
    "O’Neil",
    "Tanaka",
    "Kowalski",
    "Schneider",
    "Dubois",
    "Hansen",
    "Petrov",
    "Silva",
    "Brown",
    "Costa",
    "Weber",
    "Larsen",
    "Moreau",
    "Fischer",
    "Bianchi",
    "Wood",
    "Clark",
];
const CITIES: [&str; 8] = ["北京", "上海", "深圳", "Berlin", "Zürich", "Lyon", "杭州", "Oslo"];
const TRADES: [&str; 8] = ["贸易", "机电", "食品", "科技", "Trading", "Foods", "Marine", "物流"];
const POSITIONS: [&str; 5] = ["采购经理", "CEO", "buyer", "总经理", "engineer"];
const TAGS: [&str; 6] = ["vip", "老客户", "expo", "tea", "2024", "冷"];
const NOTES: [&str; 16] = [
    "讨论了下季度的订单和付款条件，",
    "asked for a quote on two hundred units by Friday; ",
    "客户对交货期不满意，需要跟进。",
    "will send samples of the new green tea next week, ",
    "报价单已经发送，等待总经理确认，",
    "prefers to be called in the morning, before nine. ",
    "展会上认识，对我们的机电产品很感兴趣，",
    "complained about the freight costs of the last shipment; ",
    "合同条款还在法务部门审核，",
    "the budget has been approved for the second half of the year. ",
    "下次拜访带上样品和最新的目录，",
    "mentioned that a competitor offered five percent less, ",
    "希望增加售后服务的响应速度。",
    "decision will be made by the board in Zürich. ",
    "付款延迟两周，财务正在处理，",
    "invited us to the opening of the new warehouse, ",
];

/// The id of a partner or an interaction.
pub(crate) fn made_id(kind: u8, number: usize) -> RecordId {
    let mut dice = Dice::new((number as u64) << 8 | u64::from(kind));
    let mut id = [0; 16];
    id.iter_mut().for_each(|byte| *byte = u8::try_from(dice.roll(256)).unwrap_or_default());
    RecordId(id)
}

fn person_name(dice: &mut Dice) -> String {
    if dice.roll(2) == 0 {
        format!(
            "{}{}{}",
            dice.pick(&SURNAMES),
            dice.pick(&GIVEN),
            if dice.roll(3) == 0 { dice.pick(&GIVEN) } else { "" }
        )
    } else {
        format!("{} {}", dice.pick(&FIRST), dice.pick(&LAST))
    }
}

/// One partner in eight is an organisation; the others work for one of those.
pub(crate) fn made_partner(number: usize) -> (Made, PartnerDraft) {
    let mut dice = Dice::new(number as u64 + 7);
    let organisation = number.is_multiple_of(8);
    let name = if organisation {
        format!("{}{} {}", dice.pick(&CITIES), dice.pick(&GIVEN), dice.pick(&TRADES))
    } else {
        person_name(&mut dice)
    };
    let draft = PartnerDraft {
        kind: if organisation { PartnerKind::Organisation } else { PartnerKind::Person },
        organisation: (!organisation).then(|| made_id(1, number - number % 8)),
        position: if organisation { String::new() } else { dice.pick(&POSITIONS).into() },
        phones: vec![ContactPoint::new(
            "mobile",
            format!("138 {:04} {:04}", dice.roll(10_000), dice.roll(10_000)),
        )],
        mails: vec![ContactPoint::new("work", format!("mail{number}@example.com"))],
        addresses: vec![Address {
            street: if number.is_multiple_of(2) {
                format!("中山路{number}号")
            } else {
                format!("{number} Harbour Street")
            },
            city: dice.pick(&CITIES).into(),
            ..Address::default()
        }],
        tags: BTreeSet::from([dice.pick(&TAGS).to_owned()]),
        external: Some(External { system: "customerid".into(), id: format!("C{number}") }),
        ..person(&name)
    };
    ((made_id(1, number), partner(&draft)), draft)
}

/// A note of about 300 bytes.
pub(crate) fn note(dice: &mut Dice) -> String {
    let mut note = String::new();
    while note.len() < 280 {
        note.push_str(dice.pick(&NOTES));
    }
    note
}

/// An interaction with one of `partners`; every fifth has somebody else in it.
pub(crate) fn made_interaction(number: usize, partners: usize) -> (Made, InteractionDraft) {
    let mut dice = Dice::new(number as u64 + 3_000_000_000);
    let method = Method::ALL[dice.roll(Method::ALL.len())];
    let minutes = dice.roll(3 * 365 * 24 * 60);
    let at_ms = 1_640_000_000_000 + 60_000 * i64::try_from(minutes).unwrap_or_default();
    let mut draft = event(made_id(1, dice.roll(partners)), method, at_ms);
    draft.record_type =
        if dice.roll(9) == 0 { RecordType::Other("回访".into()) } else { method.default_type() };
    draft.content = note(&mut dice);
    draft.outcome = (dice.roll(2) == 0).then_some(Outcome::FollowUp);
    draft.place = dice.pick(&CITIES).into();
    if dice.roll(5) == 0 {
        draft = with(draft, made_id(1, dice.roll(partners)), Relationship::Attendee);
    }
    let written_ms = u64::try_from(at_ms).unwrap_or_default() + 3_600_000;
    ((made_id(2, number), interaction_at(&draft, written_ms)), draft)
}
