//! Work that goes on while what came before it is dealt with.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Futures that are waited for one after the other, and are all under way meanwhile.
pub(super) struct Ahead<F: Future> {
    steps: VecDeque<Step<F>>,
}

enum Step<F: Future> {
    Under(Pin<Box<F>>),
    Done(F::Output),
}

impl<F: Future> Ahead<F> {
    pub(super) fn new() -> Self {
        Self { steps: VecDeque::new() }
    }

    /// Begins one more: what it asks for first is on its way when this returns.
    pub(super) async fn begin(&mut self, future: F) {
        self.steps.push_back(Step::Under(Box::pin(future)));
        poll_fn(|context| {
            self.go_on(context);
            Poll::Ready(())
        })
        .await;
    }

    /// What the first gives; `None` when there is none.
    pub(super) async fn next(&mut self) -> Option<F::Output> {
        poll_fn(|context| {
            self.go_on(context);
            match self.steps.pop_front() {
                Some(Step::Done(output)) => Poll::Ready(Some(output)),
                Some(under) => {
                    self.steps.push_front(under);
                    Poll::Pending
                }
                None => Poll::Ready(None),
            }
        })
        .await
    }

    fn go_on(&mut self, context: &mut Context<'_>) {
        for step in &mut self.steps {
            if let Step::Under(future) = step
                && let Poll::Ready(output) = future.as_mut().poll(context)
            {
                *step = Step::Done(output);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::task::Waker;

    /// Says what it does; is done when it is asked a second time.
    async fn job(name: &'static str, said: &RefCell<Vec<String>>) -> &'static str {
        said.borrow_mut().push(format!("{name} begins"));
        let mut asked = false;
        poll_fn(|_| if std::mem::replace(&mut asked, true) { Poll::Ready(()) } else { Poll::Pending }).await;
        said.borrow_mut().push(format!("{name} is done"));
        name
    }

    fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
        match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    #[test]
    fn what_is_behind_begins_before_the_first_is_taken_and_comes_in_order() {
        let said = RefCell::default();
        let mut ahead = Ahead::new();
        assert_eq!(ready(ahead.begin(job("one", &said))), Some(()));
        assert_eq!(ready(ahead.begin(job("two", &said))), Some(()));
        assert_eq!(*said.borrow(), ["one begins", "one is done", "two begins"]);
        let all: Vec<_> = (0..3).map(|_| ready(ahead.next())).collect();
        assert_eq!(all, [Some(Some("one")), Some(Some("two")), Some(None)]);
    }
}
