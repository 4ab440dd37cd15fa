//! Roles in words.

use crate::port::Role;
use crate::ui::i18n::{Locale, td_string};

/// What a role is called.
pub fn role_word(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Viewer => td_string!(locale, team.role.viewer),
        Role::Editor => td_string!(locale, team.role.editor),
        Role::Admin => td_string!(locale, team.role.admin),
        Role::Owner => td_string!(locale, team.role.owner),
    }
}

/// What somebody of this role may do.
pub fn role_may(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Viewer => td_string!(locale, team.role.viewer_may),
        Role::Editor => td_string!(locale, team.role.editor_may),
        Role::Admin => td_string!(locale, team.role.admin_may),
        Role::Owner => td_string!(locale, team.role.owner_may),
    }
}
