//! Who waits for news of which space, and for sessions that are ended, on this node.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use satchel_wire::SpaceId;
use tokio::sync::watch;

use crate::log::News;

/// Most watchers of one space, so that one space cannot take every connection.
const WATCHERS: usize = 256;

/// Heads of the spaces that somebody watches.
#[derive(Default)]
pub(crate) struct Hub {
    spaces: Mutex<HashMap<SpaceId, watch::Sender<News>>>,
    endings: watch::Sender<u64>,
}

impl Hub {
    /// Follows a space from now on; `None` where too many do.
    pub(crate) fn watch(&self, space: SpaceId) -> Option<watch::Receiver<News>> {
        let mut spaces = self.spaces();
        spaces.retain(|_, head| head.receiver_count() > 0);
        let head = spaces.entry(space).or_insert_with(|| watch::channel(News::default()).0);
        (head.receiver_count() < WATCHERS).then(|| head.subscribe())
    }

    /// Tells those who follow the space; both numbers only rise.
    pub(crate) fn publish(&self, space: SpaceId, News { head, members }: News) {
        if let Some(sender) = self.spaces().get(&space) {
            sender.send_if_modified(|known| {
                let risen = News { head: head.max(known.head), members: members.max(known.members) };
                std::mem::replace(known, risen) != risen
            });
        }
    }

    /// Follows how often sessions were ended.
    pub(crate) fn endings(&self) -> watch::Receiver<u64> {
        self.endings.subscribe()
    }

    /// Tells everybody that some session was ended.
    pub(crate) fn session_ended(&self) {
        self.endings.send_modify(|count| *count += 1);
    }

    fn spaces(&self) -> MutexGuard<'_, HashMap<SpaceId, watch::Sender<News>>> {
        self.spaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE: SpaceId = SpaceId([7; 16]);

    #[test]
    fn numbers_only_rise() {
        let hub = Hub::default();
        let mut heads = hub.watch(SPACE).expect("room");
        let tell = |head, members| hub.publish(SPACE, News { head, members });
        tell(5, 0);
        tell(3, 1);
        assert_eq!(*heads.borrow_and_update(), News { head: 5, members: 1 });
        tell(5, 1);
        assert!(!heads.has_changed().expect("the hub is there"));
    }

    #[test]
    fn watchers_are_bounded_and_forgotten() {
        let hub = Hub::default();
        let watchers: Vec<_> = (0..WATCHERS).map_while(|_| hub.watch(SPACE)).collect();
        assert_eq!(watchers.len(), WATCHERS);
        assert!(hub.watch(SPACE).is_none());
        drop(watchers);
        assert!(hub.watch(SpaceId([8; 16])).is_some());
        assert_eq!(hub.spaces().len(), 1);
    }
}
