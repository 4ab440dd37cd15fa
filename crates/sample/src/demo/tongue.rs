//! What a language brings: names, places, wares, and what people say. `{p}` is a product, `{n}` a number, `{q}` the
//! person spoken with.

/// The texts of one language.
pub(super) struct Tongue {
    /// Family names.
    pub(super) families: &'static [&'static str],
    /// Given names.
    pub(super) given: &'static [&'static str],
    /// Puts a name together.
    pub(super) name: fn(family: &str, given: &str) -> String,
    /// The first part of a firm's name.
    pub(super) firms: &'static [&'static str],
    /// The second.
    pub(super) trades: &'static [&'static str],
    /// Puts them together.
    pub(super) firm: fn(first: &str, trade: &str) -> String,
    pub(super) positions: &'static [&'static str],
    pub(super) cities: &'static [&'static str],
    /// Where they lie: degrees north and east, one for each.
    pub(super) places: &'static [(f64, f64)],
    pub(super) streets: &'static [&'static str],
    /// Puts a street and a number together.
    pub(super) street: fn(street: &str, number: usize) -> String,
    pub(super) tags: &'static [&'static str],
    /// Names, with what one costs, in minor units.
    pub(super) products: &'static [(&'static str, i64)],
    pub(super) notes: &'static [&'static str],
    pub(super) visits: &'static [&'static str],
    pub(super) calls: &'static [&'static str],
    pub(super) mails: &'static [&'static str],
    /// Conversations; `{q}:` begins what the other says.
    pub(super) chats: &'static [&'static str],
    pub(super) feedback: &'static [&'static str],
    pub(super) requests: &'static [&'static str],
    pub(super) tasks: &'static [&'static str],
    /// What today's visits are for.
    pub(super) errands: &'static [&'static str],
    /// A phone number that nobody has, out of a number below 10,000.
    pub(super) phone: fn(number: usize) -> String,
    /// The code of its currency.
    pub(super) currency: &'static str,
    /// Words for what is wrong with a record on purpose: a note, and a number that is none.
    pub(super) dirty: (&'static str, &'static str),
}
