//! A row that is swept aside by a finger: to the right it logs, to the left it calls. Both stand on the customer's
//! page too; nothing is reached by a sweep alone.
//!
//! Rows pay nothing for it: what a finger does is kept once for the list, and what lies under the row that moves is one
//! element for all of them, there only while a finger sweeps.

use super::pick::Picking;
use crate::ui::components::Icon;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::use_call;
use crate::ui::platform::dom;
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use satchel_domain::RecordId;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A finger that has come so far, in CSS pixels, and much more sideways than up or down, sweeps.
const SLACK_PX: i32 = 16;
/// Lifted so far away or farther, it is meant.
const FAR_PX: i32 = 88;
/// No row goes farther than this.
const MOST_PX: i32 = 136;
/// Sweeps that begin so near to an edge of the window are the system's own.
const EDGE_PX: i32 = 24;

/// What a sweep does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Log,
    Call,
}

/// What a sweep may do with a customer.
#[derive(Debug, Clone, Copy)]
struct May {
    log: bool,
    call: bool,
}

impl May {
    /// What so much to the right, or to the left where it is negative, leads to.
    fn act(self, dx: i32) -> Option<Act> {
        match dx {
            1.. if self.log => Some(Act::Log),
            ..=-1 if self.call => Some(Act::Call),
            _ => None,
        }
    }
}

/// What a finger's way so far means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Too short to tell.
    Short,
    /// Up or down, or slanting: the list's.
    Along,
    /// Sideways.
    Aside,
}

impl Way {
    fn of(dx: i32, dy: i32) -> Self {
        match (dx.abs(), dy.abs()) {
            (x, y) if x.max(y) < SLACK_PX => Self::Short,
            (x, y) if x > 2 * y => Self::Aside,
            _ => Self::Along,
        }
    }
}

/// A finger on a row.
#[derive(Clone)]
struct Finger {
    at: (i32, i32),
    index: u32,
    id: RecordId,
    phone: String,
    may: May,
    /// The row, once it moves.
    moving: Option<HtmlElement>,
}

/// What lies open beside a row.
#[derive(Clone, Copy, PartialEq)]
struct Open {
    index: u32,
    act: Act,
    far: bool,
}

/// The sweeping of a list.
#[derive(Clone, Copy)]
pub(super) struct Swipe {
    finger: StoredValue<Option<Finger>, LocalStorage>,
    open: RwSignal<Option<Open>>,
    picking: Picking,
    may_log: Signal<bool>,
    act: Callback<(Act, RecordId, String)>,
}

impl Swipe {
    /// For a list.
    pub(super) fn new(picking: Picking) -> Self {
        let (nav, session, call) = (use_nav(), use_session(), use_call());
        let act = Callback::new(move |(act, id, phone): (Act, RecordId, String)| match act {
            Act::Log => nav.open(Sheet::Log { partner: Some(id) }),
            Act::Call => call(id, &phone),
        });
        Self {
            finger: StoredValue::new_local(None),
            open: RwSignal::new(None),
            picking,
            may_log: Signal::derive(move || session.may_write()),
            act,
        }
    }

    /// A finger comes down on a row.
    pub(super) fn touch(self, event: &PointerEvent, index: u32, id: RecordId, phone: &str) {
        self.settle();
        let at = (event.client_x(), event.client_y());
        let inside = at.0 >= EDGE_PX && f64::from(at.0 + EDGE_PX) <= dom::width_px();
        if event.pointer_type() == "touch" && event.is_primary() && inside && !self.picking.on_untracked() {
            let may = May { log: self.may_log.get_untracked(), call: !phone.is_empty() };
            self.finger.set_value(Some(Finger { at, index, id, phone: phone.to_owned(), may, moving: None }));
        }
    }

    /// It moves.
    pub(super) fn moved(self, event: &PointerEvent) {
        let Some(mut finger) = self.finger.get_value() else { return };
        let (dx, dy) = (event.client_x() - finger.at.0, event.client_y() - finger.at.1);
        if finger.moving.is_none() {
            match Way::of(dx, dy) {
                // A finger that rested has chosen the row.
                _ if self.picking.on_untracked() => return self.finger.set_value(None),
                Way::Short => return,
                Way::Along => return self.finger.set_value(None),
                Way::Aside => finger.moving = self.begin(event),
            }
            self.finger.set_value(Some(finger.clone()));
        }
        let Some(row) = &finger.moving else { return };
        let act = finger.may.act(dx);
        let x = act.map_or(0, |_| dx.clamp(-MOST_PX, MOST_PX));
        drop(row.style().set_property("transform", &format!("translateX({x}px)")));
        let open = act.map(|act| Open { index: finger.index, act, far: dx.abs() >= FAR_PX });
        if self.open.get_untracked() != open {
            self.open.set(open);
        }
    }

    /// The row follows the finger from now on.
    fn begin(self, event: &PointerEvent) -> Option<HtmlElement> {
        self.picking.let_go();
        let row = event.current_target()?.dyn_into::<HtmlElement>().ok()?;
        drop(row.set_pointer_capture(event.pointer_id()));
        drop(row.class_list().remove_1("cust-back"));
        drop(row.class_list().add_1("cust-aside"));
        Some(row)
    }

    /// It goes up: far enough away, it is meant.
    pub(super) fn lift(self) {
        let (finger, open) = (self.finger.get_value(), self.open.get_untracked());
        self.settle();
        if let (Some(finger), Some(Open { act, far: true, .. })) = (finger, open) {
            self.act.run((act, finger.id, finger.phone));
        }
    }

    /// The row goes back, and nothing is meant.
    pub(super) fn settle(self) {
        if let Some(row) = self.finger.get_value().and_then(|finger| finger.moving) {
            drop(row.class_list().add_1("cust-back"));
            drop(row.class_list().remove_1("cust-aside"));
            drop(row.style().remove_property("transform"));
        }
        self.finger.set_value(None);
        if self.open.with_untracked(Option::is_some) {
            self.open.set(None);
        }
    }
}

/// What lies under the row that is swept aside.
#[component]
pub(super) fn Under(
    /// What the finger does.
    swipe: Swipe,
    /// Where a row begins, in CSS pixels.
    top: Callback<u32, f64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = move |act: Act| match act {
        Act::Log => t_string!(i18n, customer.log),
        Act::Call => t_string!(i18n, customer.call),
    };
    let class = |open: Open| match (open.act, open.far) {
        (Act::Log, false) => "swept",
        (Act::Log, true) => "swept swept-far",
        (Act::Call, false) => "swept swept-call",
        (Act::Call, true) => "swept swept-call swept-far",
    };
    move || {
        swipe.open.get().map(|open| {
            let at = format!("translateY({}px)", top.run(open.index));
            let icon = if open.act == Act::Log { "log" } else { "phone" };
            view! {
                <div class=class(open) aria-hidden="true" style:transform=at>
                    <span class="swept-w"><Icon name=icon />{words(open.act)}</span>
                </div>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_sideways_sweeps() {
        let table = [
            ((15, 0), Way::Short),
            ((0, -15), Way::Short),
            ((16, 0), Way::Aside),
            ((-40, 19), Way::Aside),
            ((40, 20), Way::Along),
            ((20, -40), Way::Along),
            ((0, 400), Way::Along),
        ];
        for ((dx, dy), way) in table {
            assert_eq!(Way::of(dx, dy), way, "{dx} {dy}");
        }
    }

    #[test]
    fn a_reader_logs_nothing_and_nobody_is_called_without_a_number() {
        let all = May { log: true, call: true };
        assert_eq!([1, -1, 0].map(|dx| all.act(dx)), [Some(Act::Log), Some(Act::Call), None]);
        let none = May { log: false, call: false };
        assert_eq!([90, -90].map(|dx| none.act(dx)), [None, None]);
    }
}
