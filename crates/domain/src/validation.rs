//! What is wrong with a draft, by field and code: the same on screen, at import and at sync (R107).

use serde::{Deserialize, Serialize};

/// What is wrong. The UI turns a code into a sentence in the person's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Code {
    /// Needed and empty.
    Required,
    /// Larger than a record may be.
    TooLong,
    /// Not a mail address.
    NotMail,
    /// Has no digits.
    NotPhone,
    /// Not a date that exists.
    NotDate,
    /// Not a number, or out of range.
    NotNumber,
    /// Not a currency code.
    NotCurrency,
    /// In the future, where only the past makes sense.
    InFuture,
    /// Before 1900 or after 2200.
    OutOfRange,
    /// Names a partner that is not here.
    UnknownPartner,
    /// Twice the same.
    Duplicate,
}

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalid {
    /// The field, by its id in [`crate::field`].
    pub field: String,
    /// What is wrong.
    pub code: Code,
}
