//! The language of the product: partners and the history with them.
//!
//! A person's [`draft`] becomes register writes on a [`record::Record`]; typed views
//! ([`partner::Partner`], [`interaction::Interaction`], [`order::Order`], [`task::Task`])
//! are read back from it. Merging two records is a join and cannot fail.
//!
//! Deliberately absent: clocks, keys, `async`, storage. Time and identity arrive as arguments.

// The random records of the tests are shared with those outside of the crate.
#[cfg(test)]
extern crate self as satchel_domain;

pub mod attachment;
mod causal;
mod cbor;
pub mod change;
mod codec;
mod copy;
mod entry;
pub mod field;
pub mod history;
pub mod id;
pub mod interaction;
pub mod moment;
pub mod money;
pub mod normal;
pub mod order;
pub mod partner;
pub mod reconcile;
pub mod record;
pub mod revision;
pub mod route;
pub mod seen;
pub mod selection;
pub mod sorted;
pub mod stamp;
pub mod task;
mod tier;
pub mod validation;
pub mod value;
pub mod view;
mod vocabulary;

pub use attachment::{Attachment, FileKey, Filed, Picture};
pub use change::{Write, apply, create, delete_writes, restore_writes, undo_writes};
pub use codec::RecordError;
pub use copy::{copied, copied_entry};
pub use history::{Entry, Why};
pub use id::{AccountId, DeviceId, FileId, RecordId};
pub use interaction::{
    Interaction, InteractionDraft, Method, Outcome, Participation, RecordType, Relationship,
};
pub use moment::{Day, Moment, Precision};
pub use money::{AmountError, Currency, Excess, Money};
pub use normal::{normalise_mail, normalise_phone};
pub use order::{Order, OrderDraft, OrderLine, OrderStatus};
pub use partner::{
    Address, ContactPoint, Entropy, External, Partner, PartnerDraft, PartnerKind, PartnerType, merge_writes,
    unmerge_writes,
};
pub use reconcile::{Conflict, Reconciled, changed_fields, conflicts, reconcile};
pub use record::{Kind, Record, Register};
pub use revision::Revision;
pub use route::Coordinates;
pub use seen::Seen;
pub use selection::{Condition, Contact, Group, Join, Selection, Term, Time};
pub use stamp::{Clock, Stamp};
pub use task::{Task, TaskDraft, Turn, done_writes, turn_writes};
pub use tier::Tier;
pub use validation::{Code, Invalid, looks_like_mail};
pub use value::Value;
pub use view::{View, ViewDraft};
