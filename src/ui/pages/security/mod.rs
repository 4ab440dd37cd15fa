//! The ways in: another passphrase, the recovery code, passkeys, what to do when the passphrase is forgotten, and the
//! passphrase asked once more.

mod again;
mod change;
mod forgotten;
mod new_passphrase;
mod passkey;
mod recovery;
mod task;

pub(in crate::ui::pages) use again::{Again, PassphraseAgain};
pub(in crate::ui::pages) use new_passphrase::{NewPassphrase, NewPassphraseFields, show_words};
pub(in crate::ui::pages) use task::Task;

pub use change::{AdoptPassphraseSheet, PassphraseSheet};
pub use forgotten::{Forgotten, ForgottenForm};
pub use passkey::{PasskeySheet, trouble_words};
pub use recovery::RecoverySheet;
