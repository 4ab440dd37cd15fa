//! The workspaces of this device, as far as is known without the engine: what they are called, and which was used last.
//! The engine finds again what is forgotten here.

use super::settings;
use crate::port::WorkspaceRef;
use gloo_storage::{SessionStorage, Storage};
use serde::{Deserialize, Serialize};

const KEY: &str = "satchel.workspaces";
/// In this tab only: another tab may show another workspace.
const TAB: &str = "satchel.workspace";
const VERSION: u8 = 1;

/// The list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    version: u8,
    /// The database of the one that was used last.
    last: String,
    list: Vec<WorkspaceRef>,
}

/// The list as it was kept, before a device could hold several, or now.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Several(Known),
    One(Vec<WorkspaceRef>),
}

impl Known {
    fn kept() -> Self {
        match settings::read(KEY) {
            Some(Kept::Several(known)) => known,
            Some(Kept::One(list)) => Self { list, ..Self::default() },
            None => Self::default(),
        }
    }

    fn keep(self) {
        settings::keep(KEY, Self { version: VERSION, ..self });
    }

    fn find(&self, id: &str) -> Option<&WorkspaceRef> {
        self.list.iter().find(|known| known.id == id)
    }

    /// The one to open: this tab's, else the one used last, else any.
    fn chosen(&self, tab: &str) -> Option<&WorkspaceRef> {
        self.find(tab).or_else(|| self.find(&self.last)).or_else(|| self.list.first())
    }

    /// Nothing of it is left.
    fn forget(&mut self, id: &str) {
        self.list.retain(|workspace| workspace.id != id);
        if self.last == id {
            self.last.clear();
        }
    }

    /// What has no name keeps the one that is known.
    fn remember(&mut self, workspace: &WorkspaceRef) {
        match self.list.iter_mut().find(|known| known.id == workspace.id) {
            Some(known) if workspace.name.is_empty() => debug_assert_eq!(known.id, workspace.id),
            Some(known) => *known = workspace.clone(),
            None => self.list.push(workspace.clone()),
        }
    }
}

/// All that are known, in the order in which they came.
pub fn list() -> Vec<WorkspaceRef> {
    Known::kept().list
}

/// The one that this tab opens.
pub fn chosen() -> Option<WorkspaceRef> {
    let tab: Option<String> = settings::storage_is_there().then(|| SessionStorage::get(TAB).ok()).flatten();
    Known::kept().chosen(&tab.unwrap_or_default()).cloned()
}

/// This tab opens that one from now on, and so does a new tab.
pub fn choose(workspace: &WorkspaceRef) {
    // Without a storage of its own the tab goes by what was used last.
    if settings::storage_is_there() {
        drop(SessionStorage::set(TAB, &workspace.id));
    }
    let mut known = Known::kept();
    if known.last != workspace.id || known.find(&workspace.id) != Some(workspace) {
        known.remember(workspace);
        known.last.clone_from(&workspace.id);
        known.keep();
    }
}

/// Adds those that the engine found.
pub fn found(workspaces: &[WorkspaceRef]) {
    let mut known = Known::kept();
    workspaces.iter().for_each(|workspace| known.remember(workspace));
    known.keep();
}

/// Forgets one that was removed.
pub fn forget(id: &str) {
    let mut known = Known::kept();
    known.forget(id);
    known.keep();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(id: &str, name: &str) -> WorkspaceRef {
        WorkspaceRef { id: id.into(), name: name.into() }
    }

    fn two() -> Known {
        Known { version: 1, last: "b".into(), list: vec![workspace("a", "A"), workspace("b", "B")] }
    }

    #[test]
    fn a_tab_goes_on_with_its_own_and_a_new_one_with_the_last() {
        let id = |tab| two().chosen(tab).map(|chosen| chosen.id.clone());
        assert_eq!((id("a"), id(""), id("gone")), (Some("a".into()), Some("b".into()), Some("b".into())));
        let unused = Known { last: "gone".into(), ..two() };
        assert_eq!(unused.chosen("").map(|chosen| chosen.name.as_str()), Some("A"));
        assert_eq!(Known::default().chosen("a"), None);
    }

    #[test]
    fn nothing_is_left_of_what_is_forgotten() {
        let mut known = two();
        known.forget("b");
        assert_eq!(known, Known { version: 1, last: String::new(), list: vec![workspace("a", "A")] });
    }

    #[test]
    fn a_name_is_not_forgotten_for_none() {
        let mut known = two();
        known.remember(&workspace("b", ""));
        known.remember(&workspace("a", "Anew"));
        known.remember(&workspace("c", ""));
        assert_eq!(known.list, [workspace("a", "Anew"), workspace("b", "B"), workspace("c", "")]);
    }

    #[test]
    fn the_list_of_before_is_read_too() {
        let kept: Kept = serde_json::from_str(r#"[{"id":"a","name":"A"}]"#).expect("as it was written");
        assert!(matches!(kept, Kept::One(list) if list == [workspace("a", "A")]));
        let text = serde_json::to_string(&two()).expect("plain");
        let kept: Kept = serde_json::from_str(&text).expect("as it is written");
        assert!(matches!(kept, Kept::Several(known) if known == two()));
    }
}
