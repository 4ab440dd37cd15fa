//! Choosing customers in the list: by a finger that rests, by Shift and a click, by the keyboard.

use crate::port::{PartnerList, Query, Rows, Window};
use crate::ui::pages::many::Picked;
use crate::ui::pages::memory::{Memory, use_memory};
use crate::ui::session::use_session;
use leptos::ev::{MouseEvent, PointerEvent};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use satchel_domain::RecordId;
use std::time::Duration;

/// A finger that rests so long chooses.
const REST: Duration = Duration::from_millis(450);
/// A finger that moves so far, in CSS pixels, scrolls.
const SLACK_PX: i32 = 10;

/// A finger on the list.
#[derive(Clone, Copy)]
struct Finger {
    at: (i32, i32),
    timer: TimeoutHandle,
}

/// Who is chosen, and from where a stretch is reckoned.
#[derive(Clone, Copy)]
pub(super) struct Picking {
    memory: Memory,
    /// The row that was chosen last.
    anchor: StoredValue<Option<u32>>,
    /// Rows that are to be chosen as soon as it is known who they are: offset and limit.
    stretch: RwSignal<Option<(u32, u32)>>,
    finger: StoredValue<Option<Finger>>,
    /// A finger has just chosen: the click and the menu that follow are not meant.
    chose: StoredValue<bool>,
    may: Signal<bool>,
}

impl Picking {
    /// For a list.
    pub(super) fn new() -> Self {
        let session = use_session();
        let picking = Self {
            memory: use_memory(),
            anchor: StoredValue::new(None),
            stretch: RwSignal::new(None),
            finger: StoredValue::new(None),
            chose: StoredValue::new(false),
            may: Signal::derive(move || session.may_write()),
        };
        picking.follow_stretch();
        on_cleanup(move || {
            if let Some(Some(finger)) = picking.finger.try_get_value() {
                finger.timer.clear();
            }
        });
        picking
    }

    /// Whether somebody is choosing.
    pub(super) fn on(self) -> bool {
        self.memory.picked.with(Option::is_some)
    }

    pub(super) fn on_untracked(self) -> bool {
        self.memory.picked.with_untracked(Option::is_some)
    }

    /// Whether a customer is chosen.
    pub(super) fn has(self, id: RecordId) -> bool {
        self.memory.picked.with(|picked| picked.as_ref().is_some_and(|picked| picked.has(id)))
    }

    /// Chooses everybody whom the list shows.
    pub(super) fn all(self) {
        self.memory.picked.set(Some(Picked::everybody()));
    }

    /// Goes back to a plain list.
    pub(super) fn stop(self) {
        self.memory.picked.set(None);
        self.anchor.set_value(None);
    }

    /// Chooses a customer or takes the choice back, and begins to choose if nobody does.
    pub(super) fn toggle(self, index: u32, id: RecordId) {
        if !self.may.get_untracked() {
            return;
        }
        self.anchor.set_value(Some(index));
        self.memory.picked.update(|picked| match picked {
            Some(picked) => picked.toggle(id),
            None => *picked = Some(Picked::one(id)),
        });
    }

    /// Chooses every row between the anchor (`from` where there is none) and `to`.
    pub(super) fn stretch(self, from: u32, to: u32) {
        if !self.may.get_untracked() {
            return;
        }
        let anchor = self.anchor.get_value().unwrap_or(from);
        self.anchor.set_value(Some(anchor));
        let (first, last) = (anchor.min(to), anchor.max(to));
        self.memory.picked.update(|picked| *picked = Some(picked.take().unwrap_or_default()));
        self.stretch.set(Some((first, last - first + 1)));
    }

    /// Rows far away are not on the screen: who they are is asked.
    fn follow_stretch(self) {
        let view = self.memory.view;
        let rows = use_session().watch_if::<PartnerList>(move || {
            let (offset, limit) = self.stretch.get()?;
            let (filter, sort) = view.with_untracked(super::View::asked);
            Some(Query::Partners { filter, sort, window: Window { offset, limit }, rows: Rows::Lines })
        });
        Effect::new(move || {
            let asked = self.stretch.get_untracked();
            let found = rows.get().filter(|list| {
                asked.is_some_and(|(offset, limit)| {
                    list.offset == offset
                        && list.rows.len() >= (limit.min(list.total.saturating_sub(offset))) as usize
                })
            });
            let Some(list) = found else { return };
            self.stretch.set(None);
            self.memory.picked.update(|picked| {
                let picked = picked.get_or_insert_default();
                list.rows.iter().for_each(|row| picked.set(row.id, true));
            });
        });
    }

    /// A click on a row: with Shift it chooses up to here, while somebody chooses it chooses this one.
    pub(super) fn click(self, event: &MouseEvent, index: u32, id: RecordId) {
        if self.chose.get_value() {
            self.chose.set_value(false);
            event.prevent_default();
        } else if event.shift_key() && self.may.get_untracked() {
            event.prevent_default();
            self.stretch(index, index);
        } else if self.on_untracked() {
            event.prevent_default();
            self.toggle(index, id);
        }
    }

    /// A finger comes down.
    pub(super) fn touch(self, event: &PointerEvent, index: u32, id: RecordId) {
        self.chose.set_value(false);
        if event.pointer_type() != "touch" || self.on_untracked() {
            return;
        }
        let rested = move || {
            self.finger.set_value(None);
            self.chose.set_value(true);
            self.toggle(index, id);
        };
        if let Ok(timer) = set_timeout_with_handle(rested, REST) {
            self.finger.set_value(Some(Finger { at: (event.client_x(), event.client_y()), timer }));
        }
    }

    /// A finger moves: far enough, and it scrolls.
    pub(super) fn moved(self, event: &PointerEvent) {
        let far = |finger: Finger| {
            (event.client_x() - finger.at.0).abs().max((event.client_y() - finger.at.1).abs()) > SLACK_PX
        };
        if self.finger.get_value().is_some_and(far) {
            self.let_go();
        }
    }

    /// A finger goes up, or the browser takes it over.
    pub(super) fn let_go(self) {
        if let Some(finger) = self.finger.get_value() {
            finger.timer.clear();
            self.finger.set_value(None);
        }
    }

    /// The browser's own menu for a link that is held down is not wanted where that chooses.
    pub(super) fn menu(self, event: &MouseEvent) {
        if self.finger.get_value().is_some() || self.chose.get_value() {
            event.prevent_default();
        }
    }
}
