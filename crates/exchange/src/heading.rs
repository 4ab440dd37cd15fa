//! What a column's heading says, in English and Chinese.

use crate::plan::Target;
use crate::vocabulary::EXACT;

/// What a heading means before it is known what the file is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Concept {
    /// An identity of the thing that the noun names; an empty noun is the row's own thing.
    Identity(String),
    /// What it means in any file.
    Meaning(Target),
    /// Known, and of no use.
    Useless,
}

/// A heading as words: lower case, cut at capitals, digits' ends, signs; Chinese words stay whole.
pub(crate) fn words(heading: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for character in crate::text::narrow(heading).chars() {
        let turns = character.is_uppercase() && before.is_lowercase();
        if turns || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The heading as one lower-case word, as namespaces are made of it.
pub(crate) fn squeezed(heading: &str) -> String {
    words(heading).concat()
}

/// What a heading means, if it is known.
pub(crate) fn concept(heading: &str) -> Option<Concept> {
    let words = words(heading);
    let whole = words.concat();
    if whole.is_empty() {
        return None;
    }
    let own = |meaning: &Target| Concept::Meaning(meaning.clone());
    useless(&words, &whole)
        .or_else(|| {
            EXACT
                .iter()
                .find(|(_, names)| names.split(' ').any(|name| name == whole))
                .map(|(target, _)| own(target))
        })
        .or_else(|| contact_point(&words, &whole).map(Concept::Meaning))
        .or_else(|| identity(&words, &whole))
        .or_else(|| by_part(&words, &whole).map(Concept::Meaning))
}

/// Headings of what has no place in a partner, an order or an interaction.
fn useless(words: &[String], whole: &str) -> Option<Concept> {
    const WHOLE: &[&str] = &[
        "photo",
        "photopath",
        "picture",
        "image",
        "avatar",
        "extension",
        "titleofcourtesy",
        "salutation",
        "hiredate",
        "reportsto",
        "shipvia",
        "requireddate",
        "shippeddate",
        "updatedat",
        "firstseen",
        "lastseen",
        "sales",
        "owner",
        "nbtasks",
        "hasnewsletter",
        "password",
        "年龄",
        "age",
        "quantityperunit",
    ];
    let shipped = words.len() > 1 && matches!(words[0].as_str(), "ship" | "billing" | "delivery");
    (shipped && whole != "shippingcost" || WHOLE.contains(&whole)).then_some(Concept::Useless)
}

const PHONE: &[&str] =
    &["phone", "tel", "telephone", "mobile", "cell", "cellphone", "fax", "phonenumber", "handy", "pager"];
const PHONE_PARTS: &[&str] = &["电话", "手机", "座机", "传真", "联系方式", "手机号"];
const MAIL: &[&str] = &["email", "mail", "emailaddress", "emails"];
const MAIL_PARTS: &[&str] = &["邮箱", "邮件地址", "电子邮件", "电邮"];
const MESSENGERS: &[(&str, &[&str])] = &[
    ("wechat", &["wechat", "weixin", "微信"]),
    ("qq", &["qq"]),
    ("whatsapp", &["whatsapp"]),
    ("telegram", &["telegram"]),
    ("skype", &["skype"]),
    ("linkedin", &["linkedin"]),
    ("dingtalk", &["dingtalk", "钉钉"]),
];
const LABELS: &[(&str, &[&str])] = &[
    ("fax", &["fax", "传真"]),
    ("mobile", &["mobile", "cell", "cellphone", "handy", "手机"]),
    ("home", &["home", "private", "personal", "家庭", "住宅", "私人", "个人"]),
    ("work", &["work", "business", "office", "company", "办公", "公司", "单位", "工作", "座机"]),
    ("other", &["other", "其他", "其它"]),
];

fn contact_point(words: &[String], whole: &str) -> Option<Target> {
    let has = |names: &[&str]| names.iter().any(|name| is_part(words, whole, name));
    if let Some(label) = named_in(MESSENGERS, words, whole) {
        return Some(Target::Messenger(label.to_owned()));
    }
    let label = named_in(LABELS, words, whole).unwrap_or_default().to_owned();
    let marks_value =
        !words.iter().any(|word| matches!(word.as_str(), "type" | "label" | "opt" | "verified"));
    let split_mail = words.windows(2).any(|pair| pair[0] == "e" && pair[1] == "mail");
    if !marks_value {
        None
    } else if split_mail || has(MAIL) || has(MAIL_PARTS) {
        Some(Target::Mail(label))
    } else if has(PHONE) || has(PHONE_PARTS) {
        Some(Target::Phone(label))
    } else {
        None
    }
}

/// The label of a number or address that a text names: `work`, `mobile`, …
pub(crate) fn label(text: &str) -> Option<&'static str> {
    let words = words(text);
    named_in(LABELS, &words, &words.concat())
}

/// The messenger that a text names: `wechat`, `qq`, …
pub(crate) fn messenger(text: &str) -> Option<&'static str> {
    let words = words(text);
    named_in(MESSENGERS, &words, &words.concat())
}

fn named_in(table: &[(&'static str, &[&str])], words: &[String], whole: &str) -> Option<&'static str> {
    let named = |names: &[&str]| names.iter().any(|name| is_part(words, whole, name));
    table.iter().find(|(_, names)| named(names)).map(|(label, _)| *label)
}

/// Latin names must be a whole word (or end in digits), Chinese ones may stand inside.
fn is_part(words: &[String], whole: &str, name: &str) -> bool {
    if name.is_ascii() {
        whole == name || words.iter().any(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()) == name)
    } else {
        whole.contains(name)
    }
}

/// `customerID`, `order_no`, `客户编号`, `订单号`, `id`.
fn identity(words: &[String], whole: &str) -> Option<Concept> {
    const ENDS: &[&str] = &["编号", "代码", "编码", "单号", "号码", "号", "id", "ID"];
    const WORDS: &[&str] = &["id", "no", "number", "nr", "code", "key", "ref", "uid", "guid", "uuid", "num"];
    if let Some(noun) = ENDS.iter().filter(|end| !end.is_ascii()).find_map(|end| whole.strip_suffix(end)) {
        return Some(Concept::Identity(noun_of(noun)));
    }
    let last = words.last()?;
    if WORDS.contains(&last.as_str()) {
        return Some(Concept::Identity(noun_of(&words[..words.len() - 1].concat())));
    }
    let noun = last.strip_suffix("id").filter(|noun| NOUNS.iter().any(|(_, names)| names.contains(noun)))?;
    Some(Concept::Identity(noun_of(noun)))
}

/// Nouns that mean the same thing.
const NOUNS: &[(&str, &[&str])] = &[
    (
        "customer",
        &[
            "customer", "cust", "client", "c", "partner", "account", "buyer", "user", "member", "客户",
            "顾客", "会员", "用户",
        ],
    ),
    ("order", &["order", "purchase", "invoice", "transaction", "sale", "订单", "订", "发票"]),
    ("product", &["product", "item", "article", "sku", "stock", "产品", "商品", "货品"]),
    ("", &["", "rec", "record", "row", "external", "contact", "person", "lead", "联系人", "记录"]),
];

/// The noun in its common form; an unknown one as it is.
fn noun_of(noun: &str) -> String {
    let known = NOUNS.iter().find(|(_, names)| names.contains(&noun));
    known.map_or(noun, |(common, _)| common).to_owned()
}

/// Headings by a telling word inside them, weakest of all.
fn by_part(words: &[String], whole: &str) -> Option<Target> {
    let last = words.last()?.as_str();
    match last {
        "date" => Some(Target::Date),
        "notes" | "remarks" | "comments" => Some(Target::Note),
        "address" | "street" => Some(Target::Street),
        "city" => Some(Target::City),
        "country" => Some(Target::Country),
        "tags" => Some(Target::Tags),
        _ if whole.ends_with("备注") => Some(Target::Note),
        _ if whole.ends_with("地址") => Some(Target::Street),
        _ if whole.ends_with("名称") => Some(Target::Name),
        _ => None,
    }
}

/// Whether the heading itself says that the column is a note, so that it need not stand in front of it.
pub(crate) fn is_note(heading: &str) -> bool {
    const NAMES: &[&str] = &[
        "notes",
        "note",
        "background",
        "comment",
        "comments",
        "remark",
        "remarks",
        "description",
        "memo",
        "备注",
        "说明",
        "描述",
        "附注",
        "背景",
        "简介",
        "bio",
        "about",
    ];
    NAMES.contains(&squeezed(heading).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_in_two_languages() {
        use Target::*;
        let label = |text: &str| text.to_owned();
        let cases = [
            ("companyName", Organisation),
            ("公司名称", Organisation),
            ("contactName", ContactPerson),
            ("contactTitle", Position),
            ("first_name", GivenName),
            ("surname", FamilyName),
            ("姓名", Name),
            ("客户名称", CustomerName),
            ("email_work", Mail(label("work"))),
            ("E-mail 1 - Value", Mail(label(""))),
            ("E-Mail", Mail(label(""))),
            ("邮箱", Mail(label(""))),
            ("phone_home", Phone(label("home"))),
            ("homePhone", Phone(label("home"))),
            ("Mobile Phone", Phone(label("mobile"))),
            ("电话", Phone(label(""))),
            ("手机号码", Phone(label("mobile"))),
            ("fax", Phone(label("fax"))),
            ("微信", Messenger(label("wechat"))),
            ("linkedin_url", Messenger(label("linkedin"))),
            ("postalCode", PostalCode),
            ("date_of_birth", Birth),
            ("Business Street", Street),
            ("background", Note),
            ("T_Time", Date),
            ("T_Method", Method),
            ("沟通内容", Content),
            ("unitPrice", UnitPrice),
            ("purchase_history", PackedPurchases),
        ];
        for (heading, target) in cases {
            assert_eq!(concept(heading), Some(Concept::Meaning(target)), "{heading}");
        }
    }

    #[test]
    fn identities_name_their_noun() {
        let cases = [
            ("customerID", "customer"),
            ("C_ID", "customer"),
            ("客户编号", "customer"),
            ("order_no", "order"),
            ("OrderID", "order"),
            ("订单号", "order"),
            ("productid", "product"),
            ("id", ""),
            ("rec_id", ""),
            ("employeeID", "employee"),
            ("company_id", "company"),
        ];
        for (heading, noun) in cases {
            assert_eq!(concept(heading), Some(Concept::Identity(noun.to_owned())), "{heading}");
        }
        for heading in ["", "T", "frequency", "Phone 1 - Type", "valid"] {
            assert_eq!(concept(heading), None, "{heading}");
        }
        assert_eq!(concept("shipAddress"), Some(Concept::Useless));
    }
}
