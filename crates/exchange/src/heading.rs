//! What a column's heading says, in English and Chinese.

use crate::plan::Target;

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
            EXACT.iter().find(|(_, names)| names.contains(&whole.as_str())).map(|(target, _)| own(target))
        })
        .or_else(|| contact_point(&words, &whole).map(Concept::Meaning))
        .or_else(|| identity(&words, &whole))
        .or_else(|| by_part(&words, &whole).map(Concept::Meaning))
}

/// Headings that mean one thing wherever they stand.
const EXACT: &[(Target, &[&str])] = &[
    (Target::GivenName, &["firstname", "givenname", "forename", "fname", "名", "名字", "contactfirstname"]),
    (Target::FamilyName, &["lastname", "familyname", "surname", "lname", "姓", "姓氏", "contactlastname"]),
    (
        Target::ContactPerson,
        &[
            "contactname",
            "contact",
            "contactperson",
            "primarycontact",
            "联系人",
            "联系人姓名",
            "主要联系人",
            "联络人",
            "负责人",
        ],
    ),
    (
        Target::Position,
        &[
            "contacttitle",
            "jobtitle",
            "position",
            "title",
            "role",
            "job",
            "function",
            "职位",
            "职务",
            "岗位",
            "头衔",
            "职称",
            "organizationtitle",
        ],
    ),
    (
        Target::Organisation,
        &[
            "company",
            "companyname",
            "organisation",
            "organization",
            "organizationname",
            "organisationname",
            "account",
            "accountname",
            "employer",
            "firm",
            "business",
            "businessname",
            "公司",
            "公司名称",
            "公司名",
            "单位",
            "单位名称",
            "企业",
            "企业名称",
            "组织",
            "工作单位",
            "机构",
            "机构名称",
            "suppliername",
            "vendorname",
        ],
    ),
    (
        Target::Name,
        &["name", "fullname", "displayname", "姓名", "名称", "全名", "partner", "partnername", "personname"],
    ),
    (
        Target::CustomerName,
        &[
            "customer",
            "customername",
            "client",
            "clientname",
            "客户",
            "客户名称",
            "客户姓名",
            "客户名",
            "顾客",
            "顾客姓名",
            "买家",
            "buyer",
        ],
    ),
    (Target::Kind, &["kind", "customerkind", "客户性质", "personororganisation", "entitytype"]),
    (
        Target::PartnerType,
        &[
            "type",
            "partnertype",
            "customertype",
            "contacttype",
            "accounttype",
            "客户类型",
            "类型",
            "客户类别",
            "类别",
        ],
    ),
    (
        Target::Street,
        &[
            "address",
            "street",
            "streetaddress",
            "address1",
            "address2",
            "address3",
            "addressline1",
            "addressline2",
            "addr",
            "streetnumber",
            "housenumber",
            "地址",
            "联系地址",
            "详细地址",
            "通讯地址",
            "街道",
            "公司地址",
            "家庭地址",
            "businessstreet",
            "homestreet",
            "postaladdress",
            "客户地址",
        ],
    ),
    (Target::District, &["district", "county", "suburb", "区", "区县", "县", "区域"]),
    (
        Target::City,
        &[
            "city",
            "town",
            "locality",
            "place",
            "市",
            "城市",
            "所在城市",
            "businesscity",
            "homecity",
            "addresscity",
        ],
    ),
    (
        Target::Region,
        &["region", "state", "province", "省", "省份", "省市", "stateprovince", "businessstate", "homestate"],
    ),
    (
        Target::PostalCode,
        &[
            "postalcode",
            "postcode",
            "zip",
            "zipcode",
            "plz",
            "邮编",
            "邮政编码",
            "businesspostalcode",
            "homepostalcode",
        ],
    ),
    (
        Target::Country,
        &[
            "country",
            "countryregion",
            "nation",
            "国家",
            "国家地区",
            "businesscountry",
            "homecountry",
            "countrycode",
        ],
    ),
    (
        Target::Tags,
        &[
            "tags",
            "tag",
            "labels",
            "label",
            "categories",
            "category",
            "groups",
            "keywords",
            "标签",
            "分类",
            "分组",
            "groupmembership",
            "status",
            "stage",
            "状态",
            "客户状态",
            "等级",
            "客户等级",
            "级别",
            "客户级别",
            "rating",
            "segment",
            "行业",
            "industry",
        ],
    ),
    (
        Target::Website,
        &["website", "web", "url", "homepage", "webpage", "网址", "网站", "主页", "website1value"],
    ),
    (Target::Gender, &["gender", "sex", "性别"]),
    (
        Target::Birth,
        &[
            "birthday",
            "birthdate",
            "dateofbirth",
            "dob",
            "birth",
            "birthyear",
            "yearofbirth",
            "生日",
            "出生日期",
            "出生年月",
            "出生年份",
            "出生",
        ],
    ),
    (
        Target::Note,
        &[
            "notes",
            "note",
            "background",
            "comment",
            "comments",
            "remark",
            "remarks",
            "description",
            "memo",
            "bio",
            "about",
            "备注",
            "说明",
            "描述",
            "简介",
            "附注",
            "背景",
            "来源",
            "source",
            "leadsource",
            "客户来源",
        ],
    ),
    (
        Target::PackedPurchases,
        &["purchasehistory", "purchases", "orderhistory", "购买记录", "购买历史", "消费记录", "历史购买"],
    ),
    (
        Target::Date,
        &[
            "orderdate",
            "date",
            "purchasedate",
            "time",
            "datetime",
            "timestamp",
            "ttime",
            "contactdate",
            "contacttime",
            "recordtime",
            "communicationtime",
            "invoicedate",
            "transactiondate",
            "日期",
            "时间",
            "订单日期",
            "下单日期",
            "下单时间",
            "订单时间",
            "购买日期",
            "购买时间",
            "成交日期",
            "沟通时间",
            "联系时间",
            "记录时间",
            "拜访时间",
            "拜访日期",
            "沟通日期",
            "when",
            "createdat",
            "orderedat",
        ],
    ),
    (
        Target::Product,
        &[
            "product",
            "productname",
            "item",
            "itemname",
            "article",
            "产品",
            "产品名称",
            "商品",
            "商品名称",
            "品名",
            "货品",
            "service",
        ],
    ),
    (
        Target::Quantity,
        &[
            "quantity",
            "qty",
            "amountordered",
            "units",
            "pieces",
            "count",
            "数量",
            "件数",
            "购买数量",
            "orderquantity",
        ],
    ),
    (Target::UnitPrice, &["unitprice", "price", "priceeach", "单价", "价格", "售价", "itemprice"]),
    (Target::Discount, &["discount", "rebate", "折扣", "优惠", "discountrate", "discountpercent"]),
    (Target::Freight, &["freight", "shipping", "shippingcost", "postage", "运费", "邮费", "deliverycost"]),
    (
        Target::Total,
        &[
            "total",
            "amount",
            "totalamount",
            "ordertotal",
            "grandtotal",
            "sum",
            "value",
            "金额",
            "总额",
            "总金额",
            "总价",
            "订单金额",
            "合计",
            "应付金额",
            "实付金额",
            "消费金额",
            "totalprice",
            "revenue",
            "sales amount",
        ],
    ),
    (Target::Currency, &["currency", "currencycode", "币种", "货币"]),
    (Target::Status, &["orderstatus", "订单状态"]),
    (
        Target::Method,
        &[
            "method",
            "channel",
            "contactmethod",
            "tmethod",
            "communicationmethod",
            "方式",
            "沟通方式",
            "联系方式类型",
            "渠道",
            "跟进方式",
            "拜访方式",
        ],
    ),
    (
        Target::Content,
        &[
            "content",
            "tcontent",
            "text",
            "message",
            "subject",
            "summary",
            "body",
            "recordcontent",
            "内容",
            "沟通内容",
            "跟进内容",
            "记录内容",
            "拜访内容",
            "主题",
            "摘要",
        ],
    ),
];

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
    if let Some((label, _)) = MESSENGERS.iter().find(|(_, names)| has(names)) {
        return Some(Target::Messenger((*label).to_owned()));
    }
    let label = LABELS.iter().find(|(_, names)| has(names)).map_or("", |(label, _)| *label).to_owned();
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
