//! Headings that mean one thing wherever they stand, squeezed to one lower-case word, in English and Chinese.

use crate::plan::Target;

/// Each meaning with its headings, a space between two.
pub(crate) const EXACT: &[(Target, &str)] = &[
    (Target::GivenName, "firstname givenname forename fname 名 名字 contactfirstname"),
    (Target::FamilyName, "lastname familyname surname lname 姓 姓氏 contactlastname"),
    (
        Target::ContactPerson,
        "contactname contact contactperson primarycontact 联系人 联系人姓名 主要联系人 联络人 负责人",
    ),
    (
        Target::Position,
        "contacttitle jobtitle position title role job function 职位 职务 岗位 头衔 职称 \
         organizationtitle",
    ),
    (
        Target::Organisation,
        "company companyname organisation organization organizationname organisationname \
         account accountname employer firm business businessname 公司 公司名称 公司名 单位 单位名称 企业 企业名称 \
         组织 工作单位 机构 机构名称 suppliername vendorname",
    ),
    (Target::Name, "name fullname displayname 姓名 名称 全名 partner partnername personname"),
    (
        Target::CustomerName,
        "customer customername client clientname 客户 客户名称 客户姓名 客户名 顾客 顾客姓名 买家 buyer",
    ),
    (Target::Kind, "kind customerkind 客户性质 personororganisation entitytype"),
    (
        Target::PartnerType,
        "type partnertype customertype contacttype accounttype 客户类型 类型 客户类别 类别",
    ),
    (
        Target::Street,
        "address street streetaddress address1 address2 address3 addressline1 addressline2 \
         addr streetnumber housenumber 地址 联系地址 详细地址 通讯地址 街道 公司地址 家庭地址 businessstreet \
         homestreet postaladdress 客户地址",
    ),
    (Target::District, "district county suburb 区 区县 县 区域"),
    (Target::City, "city town locality place 市 城市 所在城市 businesscity homecity addresscity"),
    (Target::Region, "region state province 省 省份 省市 stateprovince businessstate homestate"),
    (
        Target::PostalCode,
        "postalcode postcode zip zipcode plz 邮编 邮政编码 businesspostalcode homepostalcode",
    ),
    (Target::Country, "country countryregion nation 国家 国家地区 businesscountry homecountry countrycode"),
    (
        Target::Tags,
        "tags tag labels label categories category groups keywords 标签 分类 分组 groupmembership \
         status stage 状态 客户状态 等级 客户等级 级别 客户级别 rating segment 行业 industry",
    ),
    (Target::Website, "website web url homepage webpage 网址 网站 主页 website1value"),
    (Target::Gender, "gender sex 性别"),
    (
        Target::Birth,
        "birthday birthdate dateofbirth dob birth birthyear yearofbirth 生日 出生日期 出生年月 出生年份 出生",
    ),
    (
        Target::Note,
        "notes note background comment comments remark remarks description memo bio about 备注 \
         说明 描述 简介 附注 背景 来源 source leadsource 客户来源",
    ),
    (Target::PackedPurchases, "purchasehistory purchases orderhistory 购买记录 购买历史 消费记录 历史购买"),
    (
        Target::Date,
        "orderdate date purchasedate time datetime timestamp ttime contactdate contacttime \
         recordtime communicationtime invoicedate transactiondate 日期 时间 订单日期 下单日期 下单时间 订单时间 \
         购买日期 购买时间 成交日期 沟通时间 联系时间 记录时间 拜访时间 拜访日期 沟通日期 when createdat orderedat",
    ),
    (
        Target::Product,
        "product productname item itemname article 产品 产品名称 商品 商品名称 品名 货品 service",
    ),
    (Target::Quantity, "quantity qty amountordered units pieces count 数量 件数 购买数量 orderquantity"),
    (Target::UnitPrice, "unitprice price priceeach 单价 价格 售价 itemprice"),
    (Target::Discount, "discount rebate 折扣 优惠 discountrate discountpercent"),
    (Target::Freight, "freight shipping shippingcost postage 运费 邮费 deliverycost"),
    (
        Target::Total,
        "total amount totalamount ordertotal grandtotal sum value 金额 总额 总金额 总价 订单金额 合计 应付金额 \
         实付金额 消费金额 totalprice revenue salesamount",
    ),
    (Target::Currency, "currency currencycode 币种 货币"),
    (Target::Status, "orderstatus 订单状态"),
    (
        Target::Method,
        "method channel contactmethod tmethod communicationmethod 方式 沟通方式 联系方式类型 渠道 跟进方式 拜访方式",
    ),
    (
        Target::Content,
        "content tcontent text message subject summary body recordcontent 内容 沟通内容 跟进内容 记录内容 \
         拜访内容 主题 摘要",
    ),
];
