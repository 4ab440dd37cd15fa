//! What made-up customers are called and what is said with them.

use crate::dice::Dice;
use std::sync::LazyLock;

/// Surnames, each with the first letter of its pinyin.
const SURNAMES: &str = "李l王w张z刘l陈c杨y赵z黄h周z吴w徐x孙s胡h朱z高g林l何h郭g马m罗l梁l宋s郑z谢x韩h唐t冯f于y董d萧x程c曹c袁y邓d许x傅f沈s彭p吕l苏s";

/// Characters of given names, each with the first letter of its pinyin.
const GIVEN: &str = "明m芳f敏m静j丽l强q磊l洋y艳y勇y军j杰j娟j涛t超c霞x平p刚g桂g英y华h文w辉h玲l波b鹏p飞f燕y红h梅m宁n东d海h青q松s新x建j国g志z雪x";

/// First names.
pub(crate) const FIRST: [&str; 40] = [
    "Amelia", "Jonas", "Sofia", "Peter", "Grace", "Lucas", "Hana", "Ella", "Oliver", "Mira", "Noah", "Clara",
    "Henrik", "Ingrid", "Mateo", "Lucia", "Tomasz", "Agnes", "Viktor", "Nadia", "Samuel", "Priya", "Daniel",
    "Fatima", "George", "Helena", "Igor", "Julia", "Kenji", "Laura", "Martin", "Nina", "Oscar", "Paula",
    "Quentin", "Rosa", "Stefan", "Teresa", "Ulrich", "Vera",
];

/// Last names.
pub(crate) const LAST: [&str; 40] = [
    "Hart",
    "Lindqvist",
    "Marino",
    "Novak",
    "Okafor",
    "Brandt",
    "Sato",
    "Whitfield",
    "Kowalski",
    "Fernandez",
    "Johansson",
    "Petrov",
    "Schneider",
    "Delacroix",
    "Abernathy",
    "Castellano",
    "Drummond",
    "Eriksen",
    "Fitzgerald",
    "Gallagher",
    "Hartmann",
    "Ishikawa",
    "Jankowski",
    "Kaufmann",
    "Larsson",
    "Montgomery",
    "Nakamura",
    "Oliveira",
    "Papadakis",
    "Rasmussen",
    "Santoro",
    "Takahashi",
    "Underwood",
    "Vasquez",
    "Wallace",
    "Yamamoto",
    "Zimmermann",
    "Bergstrom",
    "Cartwright",
    "Donovan",
];

/// Cities.
pub(crate) const CITIES: [&str; 16] = [
    "上海", "苏州", "杭州", "无锡", "宁波", "南京", "深圳", "广州", "London", "Berlin", "Milan", "Brno",
    "Lyon", "Sapporo", "Lagos", "Oslo",
];

/// What firms deal in, at the end of their names.
pub(crate) const TRADES: [&str; 12] = [
    "贸易",
    "包装",
    "机械",
    "物流",
    "食品",
    "电子",
    "Foods",
    "Packaging",
    "Imports",
    "Trading",
    "Logistics",
    "Tools",
];

/// Tags.
pub(crate) const TAGS: [&str; 10] =
    ["重点", "食品", "机械", "包装", "key", "food", "wine", "fair 2025", "春季", "old customer"];

/// Characters of made-up Chinese text, the frequent ones first.
const HANZI: &str = "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴坐";

/// Words of made-up English text, the frequent ones first.
const ENGLISH: &str = "the to and of for a we in they with is on will be that it next price order delivery week samples asked \
    quote agreed after before month Friday Monday contract warehouse invoice shipment carton pallet discount terms payment \
    supplier buyer meeting call visit fair shelf space season spring autumn quality defect replaced returned broken late \
    early urgent volume forecast budget approval manager owner purchasing logistics customs papers transport freight \
    insurance label barcode design colour blue green thicker thinner larger smaller bottle glass jar lid cork oil vinegar \
    honey tea coffee flour sugar rice pasta sauce spice fish cheese butter bread biscuit chocolate frozen fresh organic \
    certified audit laboratory test result approved rejected pending waiting reminder follow-up proposal draft signed \
    lawyer clause penalty guarantee warranty service repair spare machine motor valve pump filter belt bearing sensor \
    software licence training installation schedule capacity output shift overtime holiday branch office regional \
    competitor cheaper stronger reference introduced colleague assistant director chairman family daughter son birthday \
    dinner lunch travel flight train hotel airport Hamburg Rotterdam Genoa Ningbo Shenzhen exhibition booth brochure \
    catalogue website newsletter feedback complaint satisfied happy unhappy angry patient interested undecided";

/// Text of about `bytes` bytes in one language, with figures in between.
pub(crate) fn text(dice: &mut Dice, chinese: bool, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        match (dice.below(12), chinese) {
            (0, _) => text.push_str(&format!(" {}", dice.below(100_000))),
            (1, true) => text.push('，'),
            (2, true) if dice.one_in(2) => text.push('。'),
            (1, false) => text.push('.'),
            (_, true) => text.push_str(&hanzi(dice)),
            (_, false) => {
                text.push(' ');
                text.push_str(english(dice));
            }
        }
    }
    text.trim().to_owned()
}

/// A Chinese name with the initials of its pinyin.
pub(crate) fn chinese_name(dice: &mut Dice) -> (String, String) {
    let (surname, first) = lettered(dice, SURNAMES);
    let ((one, second), (two, third)) = (lettered(dice, GIVEN), lettered(dice, GIVEN));
    (format!("{surname}{one}{two}"), format!("{first}{second}{third}"))
}

/// One of a list of characters of three bytes, each followed by a letter.
fn lettered(dice: &mut Dice, list: &'static str) -> (&'static str, &'static str) {
    let at = dice.below(list.len() / 4) * 4;
    list[at..at + 4].split_at(3)
}

/// Two characters.
fn hanzi(dice: &mut Dice) -> String {
    let one = |dice: &mut Dice| {
        let at = skewed(dice, HANZI.len() / 3) * 3;
        &HANZI[at..at + 3]
    };
    [one(dice), one(dice)].concat()
}

fn english(dice: &mut Dice) -> &'static str {
    static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| ENGLISH.split_whitespace().collect());
    WORDS[skewed(dice, WORDS.len())]
}

/// A number below `end`, small ones more often, as words of a language are.
fn skewed(dice: &mut Dice, end: usize) -> usize {
    let even = (dice.throw() >> 11) as f64 / (1u64 << 53) as f64;
    ((even * even * end as f64) as usize).min(end - 1)
}
