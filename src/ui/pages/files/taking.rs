//! Files on their way into a form, and what waits for them.

use leptos::prelude::*;

/// The files that are being taken in for a form. Copies are the same.
#[derive(Debug, Clone, Copy)]
pub struct Taking {
    under_way: RwSignal<u32>,
    then: RwSignal<Option<Callback<()>>>,
}

impl Taking {
    /// None is.
    pub fn none() -> Self {
        Self { under_way: RwSignal::new(0), then: RwSignal::new(None) }
    }

    /// Does something once every file is in: now, if none is on its way. What failed to come in is told, and
    /// whoever waited decides again.
    pub fn then(self, act: Callback<()>) {
        match self.under_way.get_untracked() {
            0 => act.run(()),
            _ => self.then.set(Some(act)),
        }
    }

    /// Whether something waits for the files.
    pub fn is_awaited(self) -> bool {
        self.then.with(Option::is_some)
    }

    /// Whether files are on their way.
    pub(super) fn is_under_way(self) -> bool {
        self.under_way.get() > 0
    }

    pub(super) fn begin(self) {
        self.under_way.update(|count| *count += 1);
    }

    /// One did not come in: nothing is done without it unasked.
    pub(super) fn failed(self) {
        self.then.try_set(None);
    }

    /// What [`Self::begin`] began has ended. Nothing where the form is gone.
    pub(super) fn end(self) {
        let left = self.under_way.try_update(|count| {
            *count = count.saturating_sub(1);
            *count
        });
        let act = if left == Some(0) { self.then.try_update(Option::take).flatten() } else { None };
        if let Some(act) = act {
            act.try_run(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> (Taking, Callback<()>, StoredValue<u32>) {
        let done = StoredValue::new(0);
        (Taking::none(), Callback::new(move |()| done.update_value(|done| *done += 1)), done)
    }

    #[test]
    fn a_save_waits_for_the_last_file_and_is_done_once_r21() {
        let owner = Owner::new();
        let (taking, save, done) = owner.with(counting);
        taking.begin();
        taking.begin();
        taking.then(save);
        taking.then(save);
        assert!(untrack(|| taking.is_awaited()));
        taking.end();
        assert_eq!(done.get_value(), 0);
        taking.end();
        assert_eq!(done.get_value(), 1);
        assert!(!untrack(|| taking.is_awaited()));
        taking.then(save);
        assert_eq!(done.get_value(), 2);
    }

    #[test]
    fn a_file_that_fails_leaves_the_save_to_the_person() {
        let owner = Owner::new();
        let (taking, save, done) = owner.with(counting);
        taking.begin();
        taking.then(save);
        taking.failed();
        taking.end();
        assert_eq!(done.get_value(), 0);
    }

    #[test]
    fn a_form_that_is_gone_waits_for_nothing() {
        let owner = Owner::new();
        let (taking, save, done) = owner.with(counting);
        taking.begin();
        taking.then(save);
        let kept = done.get_value();
        owner.cleanup();
        taking.failed();
        taking.end();
        assert_eq!(kept, 0);
    }
}
