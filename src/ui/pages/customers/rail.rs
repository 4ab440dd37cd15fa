//! The A–Z rail: a slider that jumps to a letter.

use super::scroll::Layout;
use crate::ui::i18n::{t_string, use_i18n};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

/// Letters of the rail: those of pinyin and Latin names, then everything else.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ#";

/// The letter at a position, kept inside the rail.
fn letter_at(position: usize) -> char {
    LETTERS.chars().nth(position.min(LETTERS.len() - 1)).unwrap_or('#')
}

/// Where a letter stands.
fn position_of(letter: char) -> usize {
    LETTERS.chars().position(|known| known == letter).unwrap_or(LETTERS.len() - 1)
}

/// Where a key leads; `None` for keys that are not ours.
fn moved(key: &str, here: usize) -> Option<usize> {
    let last = LETTERS.len() - 1;
    let typed =
        key.chars().next().filter(|_| key.chars().count() == 1).map(|letter| letter.to_ascii_uppercase());
    Some(match key {
        "ArrowUp" | "ArrowLeft" => here.saturating_sub(1),
        "ArrowDown" | "ArrowRight" => (here + 1).min(last),
        "Home" => 0,
        "End" => last,
        _ => LETTERS.chars().position(|letter| Some(letter) == typed)?,
    })
}

/// The rail beside a list that is sorted by name.
#[component]
pub(super) fn Rail(
    /// Where the rows lie.
    layout: Memo<Layout>,
    /// The letter that is seen at the top.
    #[prop(into)]
    letter: Signal<Option<char>>,
    /// Called with a height to scroll to.
    #[prop(into)]
    on_jump: Callback<f64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let rail = NodeRef::<html::Div>::new();
    let here = move || letter.get().map_or(0, position_of);
    let jump = move |position: usize| {
        if let Some(top) = layout.with_untracked(|layout| layout.top_of_letter(letter_at(position))) {
            on_jump.run(top);
        }
    };
    let point = move |event: &PointerEvent| {
        let Some(rail) = rail.get_untracked() else { return };
        let area = rail.get_bounding_client_rect();
        let share = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0);
        jump((share.clamp(0.0, 0.999) * LETTERS.len() as f64) as usize);
    };
    let press = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(rail) = rail.get_untracked() {
            drop(rail.set_pointer_capture(event.pointer_id()));
        }
        point(&event);
    };
    let drag = move |event: PointerEvent| {
        if event.buttons() != 0 {
            point(&event);
        }
    };
    let keys = move |event: KeyboardEvent| {
        if let Some(position) = moved(&event.key(), letter.get_untracked().map_or(0, position_of)) {
            event.prevent_default();
            event.stop_propagation();
            jump(position);
        }
    };
    let present =
        move |wanted: char| layout.with(|layout| layout.letters.iter().any(|(letter, _)| *letter == wanted));
    let mark = move |wanted: char| {
        view! { <span class:on=move || present(wanted) class:at=move || letter.get() == Some(wanted) aria-hidden="true">{wanted.to_string()}</span> }
    };
    view! {
        <div
            class="az"
            role="slider"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=move || t_string!(i18n, customers.jump)
            aria-valuemin="0"
            aria-valuemax=(LETTERS.len() - 1).to_string()
            aria-valuenow=move || here().to_string()
            aria-valuetext=move || letter.get().unwrap_or('A').to_string()
            node_ref=rail
            on:pointerdown=press
            on:pointermove=drag
            on:keydown=keys
        >
            {LETTERS.chars().map(mark).collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_along_the_rail() {
        assert_eq!(moved("ArrowDown", 25), Some(26));
        assert_eq!(moved("ArrowDown", 26), Some(26));
        assert_eq!(moved("ArrowUp", 0), Some(0));
        assert_eq!(moved("h", 0), Some(7));
        assert_eq!(moved("Enter", 3), None);
        assert_eq!(moved("Tab", 3), None);
    }

    #[test]
    fn letters_and_positions_agree() {
        assert_eq!(LETTERS.chars().map(position_of).map(letter_at).collect::<String>(), LETTERS);
        assert_eq!(position_of('é'), 26);
    }
}
