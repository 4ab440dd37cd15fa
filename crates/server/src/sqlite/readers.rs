//! A few connections that only read, each on a blocking thread; they never wait for the writer.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::log::LogError;

/// The reading connections.
pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    /// Takes the connections over; at least one.
    pub(super) fn new(connections: Vec<Connection>) -> Arc<Self> {
        let turns = Arc::new(Semaphore::new(connections.len()));
        Arc::new(Self { idle: Mutex::new(connections), turns })
    }

    /// Runs `work` on a connection that is free.
    pub(super) async fn read<T, W>(self: &Arc<Self>, work: W) -> Result<T, LogError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
    {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| LogError::Closed)?;
        let readers = Arc::clone(self);
        let task = tokio::task::spawn_blocking(move || {
            let connection = readers.idle().pop().ok_or(LogError::Closed)?;
            let result = work(&connection);
            readers.idle().push(connection);
            drop(turn);
            result
        });
        task.await.unwrap_or(Err(LogError::Closed))
    }

    /// Closes the idle connections and refuses further reading.
    pub(super) fn close(&self) {
        self.turns.close();
        self.idle().clear();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
