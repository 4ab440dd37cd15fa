//! The browser, as the user interface needs it. Nothing here decides anything.

pub mod backups;
pub mod boot;
pub mod clock;
pub mod cover;
pub mod dictation;
pub mod dom;
pub mod engine;
pub mod file;
pub mod history;
pub mod incoming;
pub mod install;
pub mod intl;
pub mod invitation;
pub mod joining;
pub mod locale;
pub mod online;
pub mod panic;
pub mod passkey;
pub mod position;
pub mod reminders;
pub mod settings;
pub mod storage;
pub mod sw;
pub mod tabs;
pub mod theme;
pub mod workspaces;
