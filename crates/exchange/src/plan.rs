//! How a file is to be understood: what each column means and what the file is about.
//!
//! A plan is guessed ([`crate::guess`]), shown, changed by a person and then followed
//! ([`crate::Import`]). Nothing here reads a file.

use crate::ProblemCode;
use satchel_domain::Currency;
use serde::{Deserialize, Serialize};

/// What a row of a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// A partner: customers, contacts, companies.
    Partners,
    /// An order; with product columns, orders and their lines in one.
    Orders,
    /// A line of an order of another file, or of an order that is already here.
    OrderLines,
    /// A product: gives names to the lines of the same import.
    Products,
    /// An interaction: calls, visits, mails, chats (R19).
    Interactions,
    /// Not understood, or not to be brought in.
    #[default]
    Skip,
}

/// What a column means.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// Not brought in.
    #[default]
    Ignore,
    /// The identity of the row's own thing where it comes from (a partner's, a product's).
    ExternalId,
    /// A partner's or product's name.
    Name,
    /// A person's given name.
    GivenName,
    /// A person's family name.
    FamilyName,
    /// An organisation's name: the partner itself, or the one that the person works for.
    Organisation,
    /// The name of an organisation's contact person.
    ContactPerson,
    /// A person's or contact person's position.
    Position,
    /// Person or organisation.
    Kind,
    /// Prospect, customer, supplier …
    PartnerType,
    /// A phone number, with its label (`work`, `home`, `mobile`, `fax`, `other` or empty).
    Phone(String),
    /// A mail address, with its label.
    Mail(String),
    /// A messenger name: `wechat`, `qq`, `whatsapp`, …
    Messenger(String),
    /// Street, house number, or a whole address in one cell; several columns are joined.
    Street,
    /// District.
    District,
    /// City.
    City,
    /// Region, province, state.
    Region,
    /// Postal code.
    PostalCode,
    /// Country.
    Country,
    /// Tags, several in one cell.
    Tags,
    /// Web address.
    Website,
    /// Gender.
    Gender,
    /// Date or year of birth.
    Birth,
    /// Kept in the note under its heading; a column that is itself called note needs none.
    Note,
    /// The customer's identity where it comes from.
    CustomerId,
    /// The customer's name, phone or mail, where there is no identity.
    CustomerName,
    /// An order's own identity, in orders and in their lines.
    OrderId,
    /// When.
    Date,
    /// The whole amount of an order, or of a row.
    Total,
    /// Freight of an order.
    Freight,
    /// What was bought: a product's name or identity.
    Product,
    /// How many.
    Quantity,
    /// The price of one.
    UnitPrice,
    /// Discount: a fraction or per cent.
    Discount,
    /// ISO currency code.
    Currency,
    /// Where an order stands.
    Status,
    /// `2021-01-01:Product A;2021-02-01:Product B` (R11).
    PackedPurchases,
    /// The channel of an interaction.
    Method,
    /// What was said.
    Content,
}

impl Target {
    /// Whether several columns may mean this; otherwise the first one with a value counts.
    pub fn is_repeatable(&self) -> bool {
        use Target::*;
        matches!(self, Ignore | Phone(_) | Mail(_) | Messenger(_) | Street | Tags | Note | Content)
    }

    /// Whether a file of this role can use the column.
    pub fn fits(&self, role: Role) -> bool {
        use Target::*;
        match self {
            Ignore => true,
            ExternalId | Name => matches!(role, Role::Partners | Role::Products),
            Note => matches!(role, Role::Partners | Role::Orders | Role::Interactions),
            GivenName | FamilyName | Organisation | ContactPerson | Position | Kind | Phone(_) | Mail(_)
            | Messenger(_) | Website | Street | District | City | Region | PostalCode | Country | Tags
            | Gender | Birth | PartnerType | PackedPurchases => role == Role::Partners,
            OrderId | Product | Quantity | UnitPrice | Discount => {
                matches!(role, Role::Orders | Role::OrderLines)
            }
            CustomerId | CustomerName | Date => matches!(role, Role::Orders | Role::Interactions),
            Freight | Total | Currency | Status => role == Role::Orders,
            Method | Content => role == Role::Interactions,
        }
    }
}

/// The order of day and month in `3/4/2021`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DateOrder {
    /// 3 April.
    #[default]
    DayFirst,
    /// 4 March.
    MonthFirst,
}

/// How one file is to be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePlan {
    /// What a row is.
    pub role: Role,
    /// What each column means, in their order.
    pub targets: Vec<Target>,
    /// The currency of amounts that name none.
    pub currency: Currency,
    /// The order of day and month, where the file has such dates.
    pub date_order: DateOrder,
    /// For orders and interactions: the namespace in which customers are looked up;
    /// `None`: the one with the most matches.
    pub customer_system: Option<String>,
    /// Whether the first row is a header. Changing it means reading the file again with
    /// [`crate::LoadOptions::has_header`].
    pub has_header: bool,
}

impl FilePlan {
    /// The first column with this meaning.
    pub fn column(&self, target: &Target) -> Option<usize> {
        self.targets.iter().position(|found| found == target)
    }

    /// Whether any column has this meaning.
    pub fn has(&self, target: &Target) -> bool {
        self.targets.contains(target)
    }

    /// Why nothing could come of the plan, or `None` when it can be followed.
    pub fn fault(&self) -> Option<ProblemCode> {
        use Target::*;
        let any = |targets: &[Target]| targets.iter().any(|target| self.has(target));
        let contact = self.targets.iter().any(|target| matches!(target, Phone(_) | Mail(_)));
        let enough = match self.role {
            Role::Skip => true,
            Role::Partners => any(&[Name, GivenName, FamilyName, Organisation, ContactPerson]) || contact,
            Role::Orders => any(&[CustomerId, CustomerName]) && self.has(&Date),
            Role::OrderLines => self.has(&OrderId) && any(&[Product, UnitPrice, Quantity]),
            Role::Products => self.has(&ExternalId) && self.has(&Name),
            Role::Interactions => any(&[CustomerId, CustomerName]) && self.has(&Date),
        };
        (!enough).then_some(ProblemCode::NothingMapped)
    }
}

/// What to do with a row whose thing is already here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Existing {
    /// The file's values win; what the file does not say stays.
    #[default]
    Update,
    /// Only what is empty here is taken from the file.
    FillEmpty,
    /// Left as it is.
    Keep,
}

/// What is chosen once for an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What to do with what is already here.
    pub existing: Existing,
    /// Whether a customer that orders name only by identity is created with that identity as its name.
    pub create_customers: bool,
}
