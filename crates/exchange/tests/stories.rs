//! What a person brings in, and brings in again.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips and fails by panicking"
)]

mod common;

use common::{HINTS, Workspace, bring_in, counts, guessed, importing, table};
use satchel_domain::{External, Method, PartnerKind, Precision};
use satchel_exchange::{
    DateOrder, Existing, Import, Nothing, ProblemCode, Role, Settings, Target, customer_systems, guess,
};

const CUSTOMERS: &str = "customerID,companyName,contactName,contactTitle,address,city,phone,fax\n\
    ALFKI,Alfreds Futterkiste,Maria Anders,Owner,Obere Str. 57,Berlin,030-0074321,NULL\n\
    ANATR,Ana Trujillo Helados,Ana Trujillo,NULL,Avda. 2222,México,(5) 555-4729,(5) 555-3745\n";

#[test]
fn roles_and_columns_are_guessed() {
    use Target::*;
    let label = |text: &str| text.to_owned();
    let cases: Vec<(&str, &str, Role, Vec<Target>)> = vec![
        (
            "customers.csv",
            CUSTOMERS,
            Role::Partners,
            vec![
                ExternalId,
                Organisation,
                ContactPerson,
                Position,
                Street,
                City,
                Phone(label("")),
                Phone(label("fax")),
            ],
        ),
        (
            "客户.csv",
            "客户编号;客户名称;联系人;手机;邮箱;微信;地址;备注\n1;宏达有限公司;张三;13800000000;a@b.example;zs;杭州;x\n",
            Role::Partners,
            vec![
                ExternalId,
                Name,
                ContactPerson,
                Phone(label("mobile")),
                Mail(label("")),
                Messenger(label("wechat")),
                Street,
                Note,
            ],
        ),
        (
            "orders.csv",
            "orderID,customerID,orderDate,shipName,freight\n1,A,2021-01-02,x,3.5\n",
            Role::Orders,
            vec![OrderId, CustomerId, Date, Ignore, Freight],
        ),
        (
            "details.csv",
            "orderID,productID,unitPrice,quantity,discount\n1,1,2.5,3,0\n",
            Role::OrderLines,
            vec![OrderId, Product, UnitPrice, Quantity, Discount],
        ),
        (
            "products.csv",
            "productID,productName,unitPrice\n1,Chai,18\n",
            Role::Products,
            vec![ExternalId, Name, Ignore],
        ),
        (
            "沟通记录.csv",
            "客户,时间,方式,内容\n张三,2021-01-01 10:00,电话,与客户讨论订单\n",
            Role::Interactions,
            vec![CustomerName, Date, Method, Content],
        ),
        (
            "log.csv",
            "C_ID,T_Time,T_Method,T_Content\n1,2021-01-01 10:00,phone,Hello\n",
            Role::Interactions,
            vec![CustomerId, Date, Method, Content],
        ),
        ("numbers.csv", "ID,frequency,T\n1,2,38.86\n", Role::Skip, vec![Ignore, Ignore, Ignore]),
        (
            "bare.csv",
            "Anna Berg,anna@b.example\nBen Carl,ben@b.example\n",
            Role::Partners,
            vec![Ignore, Mail(label(""))],
        ),
    ];
    for (name, text, role, targets) in cases {
        let plan = guessed(name, text).plan;
        assert_eq!((plan.role, &plan.targets), (role, &targets), "{name}");
        assert!(plan.fault().is_none(), "{name}");
    }
}

#[test]
fn customers_become_organisations_with_their_contact_and_do_not_double_r119() {
    let mut workspace = Workspace::default();
    let (first, _) = bring_in(&mut workspace, &[("customers.csv", CUSTOMERS)]);
    assert_eq!(first, [[2, 0, 0, 0, 2]]);
    let alfreds = workspace.named("Alfreds Futterkiste");
    assert_eq!(alfreds.external, Some(External { system: "customerid".into(), id: "ALFKI".into() }));
    assert_eq!((alfreds.kind, alfreds.phones.len()), (PartnerKind::Organisation, 1));
    let maria = workspace.named("Maria Anders");
    assert_eq!(maria.position, "Owner");
    assert_eq!(workspace.partners[&maria.organisation.unwrap()].name, "Alfreds Futterkiste");

    let (second, _) = bring_in(&mut workspace, &[("customers (1).csv", CUSTOMERS)]);
    assert_eq!(second, [[0, 0, 2, 0, 0]]);

    let changed = CUSTOMERS.replace("030-0074321", "030-9999999").replace("Maria Anders", "Maria Berg");
    let (third, _) = bring_in(&mut workspace, &[("customers.csv", &changed)]);
    assert_eq!(third, [[0, 1, 1, 0, 0]]);
    assert_eq!(workspace.partners.len(), 4);
    assert_eq!(workspace.named("Alfreds Futterkiste").phones[0].value, "030-9999999");
    assert_eq!(workspace.named("Maria Berg").position, "Owner");
}

#[test]
fn nobody_works_for_herself() {
    let mut workspace = Workspace::default();
    let firms = "CustomerID,Company,Type\nC1,Kaiser,Organisation\n";
    bring_in(&mut workspace, &[("customers.csv", firms)]);
    let people = "CustomerID,First name,Last name,Company\nC1,Max,Kaiser,Kaiser\n";
    bring_in(&mut workspace, &[("customers.csv", people)]);
    for (id, partner) in &workspace.partners {
        assert_ne!(partner.organisation, Some(*id), "{}", partner.name);
    }
}

#[test]
fn what_a_person_changed_here_survives_an_import_that_keeps() {
    let mut workspace = Workspace::default();
    bring_in(&mut workspace, &[("customers.csv", CUSTOMERS)]);
    let changed = CUSTOMERS.replace("Berlin", "Bonn");
    for (existing, city, fate) in
        [(Existing::Keep, "Berlin", 2), (Existing::FillEmpty, "Berlin", 2), (Existing::Update, "Bonn", 1)]
    {
        let settings = Settings { existing, ..Settings::default() };
        let mut import = importing(&[("customers.csv", &changed)], settings);
        workspace.import(&mut import, 1);
        assert_eq!(counts(&import)[0][2], fate, "{existing:?}");
        assert_eq!(workspace.named("Alfreds Futterkiste").addresses[0].city, city);
    }
}

#[test]
fn without_an_identity_name_and_number_find_the_same_partner() {
    let people = "姓名,公司,手机,邮箱\n张三,宏达有限公司,13800000000,zhangsan@example.com\n李四,宏达有限公司,13900000000,\n";
    let mut workspace = Workspace::default();
    let (first, _) = bring_in(&mut workspace, &[("联系人.csv", people)]);
    assert_eq!(first, [[2, 0, 0, 0, 1]]);
    assert_eq!(workspace.named("张三").phones[0].label, "mobile");
    let again = people.replace("13800000000", "+86 138-0000-0000");
    let (second, _) = bring_in(&mut workspace, &[("other.csv", &again)]);
    assert_eq!(second, [[0, 0, 2, 0, 0]]);
    let namesake = "姓名,手机\n张三,13711111111\n";
    let (third, _) = bring_in(&mut workspace, &[("联系人.csv", namesake)]);
    assert_eq!(third, [[1, 0, 0, 0, 0]], "the same name alone is nobody's identity");
}

#[test]
fn given_and_family_names_join_in_their_own_order() {
    let text = "first_name,last_name,company,email_work,email_home,phone_mobile\nAnna,Berg,Acme,a@w.example,a@h.example,0171 1234567\n三,张,Acme,,,\n";
    let mut workspace = Workspace::default();
    bring_in(&mut workspace, &[("contacts.csv", text)]);
    let anna = workspace.named("Anna Berg");
    let labels: Vec<_> = anna.mails.iter().map(|point| point.label.as_str()).collect();
    assert_eq!((labels, anna.phones[0].label.as_str()), (vec!["work", "home"], "mobile"));
    assert_eq!(workspace.named("张三").organisation, anna.organisation);
    assert_eq!(workspace.count(PartnerKind::Organisation), 1);
}

#[test]
fn orders_find_their_customers_by_the_namespace_that_matches_most() {
    let customers = "id,name\n1,Anna Berg\n2,Ben Carl\n3,Dora Ems\n";
    let orders = "order_no,customer_id,date,total\n10,1,03/04/2021,\"1,234.50\"\n11,3,04/04/2021,9.99\n";
    let mut workspace = Workspace::default();
    bring_in(
        &mut workspace,
        &[("customers.csv", customers), ("suppliers.csv", "supplierID,companyName\n1,Zed Ltd\n")],
    );
    let table = table("sales.csv", orders);
    let mut found = guess(&table, HINTS);
    assert_eq!(found.open_date.as_deref(), Some("03/04/2021"));
    found.plan.date_order = DateOrder::MonthFirst;
    let systems = customer_systems(&table, &found.plan, &workspace);
    assert_eq!(systems, [("customers.id".to_owned(), 2), ("supplierid".to_owned(), 1)]);
    assert!(customer_systems(&table, &found.plan, &Nothing).is_empty());
    let mut import = Import::new(vec![(table.clone(), found.plan.clone())], Settings::default());
    workspace.import(&mut import, 1);
    let order = workspace.order("10");
    assert_eq!(workspace.partners[&order.partner].name, "Anna Berg");
    assert_eq!((order.total().unwrap().minor, order.at.precision), (123_450, Precision::AllDay));
    assert_eq!(order.at.utc_ms, 1_614_816_000_000, "4 March");

    found.plan.customer_system = Some("supplierid".into());
    let mut import = Import::new(vec![(table, found.plan)], Settings::default());
    let mut other = Workspace::default();
    bring_in(&mut other, &[("suppliers.csv", "supplierID,companyName\n1,Zed Ltd\n")]);
    other.import(&mut import, 9);
    assert_eq!(other.partners[&other.order("10").partner].name, "Zed Ltd");
}

#[test]
fn flat_rows_of_one_order_are_its_lines() {
    let text = "订单号,客户名称,订单日期,产品,数量,单价,折扣\n1,宏达,2021年1月5日,茶,2,10.5,5%\n1,宏达,2021年1月5日,米,1.5,4,0\n2,宏达,44197,茶,1,10.5,\n";
    let mut workspace = Workspace::default();
    bring_in(&mut workspace, &[("客户.csv", "客户名称,电话\n宏达,0571-1234567\n")]);
    let (first, _) = bring_in(&mut workspace, &[("订单.csv", text)]);
    assert_eq!(first, [[3, 0, 0, 0, 0]]);
    let order = workspace.order("1");
    assert_eq!((order.lines.len(), order.total().unwrap().minor), (2, 19_95 + 6_00));
    assert_eq!((order.lines[0].discount_e4, order.lines[1].quantity_milli), (500, 1_500));
    let (second, _) = bring_in(&mut workspace, &[("订单.csv", text)]);
    assert_eq!(second, [[0, 0, 3, 0, 0]]);
}

#[test]
fn discounts_above_one_are_per_cent() {
    let files = [
        ("customers.csv", "customerID,name\nA,Anna Berg\n"),
        ("orders.csv", "orderID,customerID,orderDate\n1,A,2021-01-05\n"),
        ("details.csv", "orderID,product,unitPrice,quantity,discount\n1,Tea,100,1,5\n1,Rice,100,1,1\n"),
    ];
    let mut workspace = Workspace::default();
    bring_in(&mut workspace, &files);
    let discounts: Vec<_> = workspace.order("1").lines.iter().map(|line| line.discount_e4).collect();
    assert_eq!(discounts, [500, 100]);
}

#[test]
fn lines_that_come_later_are_added_to_their_orders() {
    let customers = ("customers.csv", "customerID,name\nA,Anna Berg\n");
    let orders = ("orders.csv", "orderID,customerID,orderDate,freight\n1,A,2021-01-05,1\n");
    let lines = ("details.csv", "orderID,product,unitPrice,quantity\n1,Tea,2.5,4\n");
    let mut workspace = Workspace::default();
    bring_in(&mut workspace, &[customers, orders]);
    assert_eq!(workspace.order("1").total().unwrap().minor, 1_00);
    assert_eq!(bring_in(&mut workspace, &[lines]).0, [[0, 1, 0, 0, 0]]);
    assert_eq!(workspace.order("1").total().unwrap().minor, 11_00);
    assert_eq!(bring_in(&mut workspace, &[orders]).0, [[0, 0, 1, 0, 0]], "orders alone leave the lines");
}

#[test]
fn interactions_find_people_by_name_mail_or_phone_r22_r142() {
    let people =
        "姓名,手机,邮箱\n张三,13800000000,zhangsan@example.com\nAnna Berg,0171 1234567,anna@b.example\n";
    let log = "客户,时间,方式,内容\n张三,2021-01-01 10:00,电话,与客户讨论订单\nanna@b.example,2021-01-02 09:30,微信,Hello\n13800000000,2021-01-03,,\n王五,2021-01-03,电话,x\n张三,2021-01-01 10:00,电话,与客户讨论订单\n张三,2999-01-01 10:00,电话,x\n";
    let mut workspace = Workspace::default();
    let (first, import) = bring_in(&mut workspace, &[("人.csv", people), ("沟通.csv", log)]);
    assert_eq!(first, [[2, 0, 0, 0, 0], [3, 0, 0, 3, 0]]);
    let problems = &import.reports()[1].problems;
    for code in [ProblemCode::UnknownCustomer, ProblemCode::DuplicateRow, ProblemCode::NotDate] {
        assert_eq!(problems.count(code), 1, "{code:?}");
    }
    let call = &workspace.interactions[0];
    assert_eq!(
        (call.method, call.content.as_str(), call.at.precision),
        (Method::Phone, "与客户讨论订单", Precision::Exact)
    );
    assert_eq!(call.at.utc_ms, 1_609_491_600_000, "ten o'clock where clocks are an hour ahead");
    assert_eq!(
        (workspace.interactions[2].method, workspace.interactions[2].at.precision),
        (Method::Other, Precision::AllDay)
    );
    let (second, _) = bring_in(&mut workspace, &[("沟通.csv", log)]);
    assert_eq!(second, [[0, 0, 3, 3, 0]]);
}

#[test]
fn two_of_one_name_are_not_guessed_between() {
    let people = "姓名,手机\n张三,13800000000\n张三,13711111111\n";
    let log = "客户,时间,内容\n张三,2021-01-01 10:00,x\n";
    let mut workspace = Workspace::default();
    let (_, import) = bring_in(&mut workspace, &[("人.csv", people), ("沟通.csv", log)]);
    assert_eq!(import.reports()[1].problems.count(ProblemCode::AmbiguousCustomer), 1);
}

#[test]
fn packed_purchases_become_orders_r11_r145() {
    let text =
        "name,email,purchase_history\nJohn Doe,john@example.com,2021-01-01:Product A;2021-02-01:Product B\n";
    let mut workspace = Workspace::default();
    let (first, _) = bring_in(&mut workspace, &[("people.csv", text)]);
    assert_eq!(first, [[1, 0, 0, 0, 2]]);
    let products: Vec<_> = workspace.orders.values().map(|order| order.lines[0].product.as_str()).collect();
    assert_eq!(products, ["Product A", "Product B"]);
    let (second, _) = bring_in(&mut workspace, &[("people.csv", text)]);
    assert_eq!((second, workspace.orders.len()), (vec![[0, 0, 1, 0, 0]], 2));
}

#[test]
fn a_dry_run_says_the_same_as_the_run() {
    let files = [
        ("customers.csv", CUSTOMERS),
        ("orders.csv", "orderID,customerID,orderDate,total\n1,ALFKI,2021-01-05,5\n2,NONE,2021-01-05,5\n"),
    ];
    let mut dry = importing(&files, Settings::default());
    let zone = satchel_exchange::FixedZone { name: "UTC".into(), ahead_minutes: 0 };
    let mut next = 0u8;
    let mut new_id = || {
        next += 1;
        satchel_domain::RecordId([next; 16])
    };
    let mut world = satchel_exchange::World {
        known: &Nothing,
        zone: &zone,
        now_ms: 1_790_000_000_000,
        new_id: &mut new_id,
    };
    while !dry.step(&mut world, 1).is_empty() {}
    let (run, _) = bring_in(&mut Workspace::default(), &files);
    assert_eq!(counts(&dry), run);
}
