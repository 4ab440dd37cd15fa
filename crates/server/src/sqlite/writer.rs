//! The one thread that writes. What queues up while a commit waits for the disk goes into the next
//! commit together, so that durability costs one `fsync` a group, not one a request.

use std::{sync::Mutex, sync::PoisonError, thread::JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{log::LogError, sqlite::error::storage};

/// Requests that may wait for the writer before others wait outside.
const QUEUE: usize = 128;
/// Most requests in one commit: bounds the latency of the first.
const GROUP: usize = 64;

/// A piece of work inside the writer's transaction. It may be run again after a rollback.
trait Job: Send {
    fn run(&mut self, connection: &Connection) -> Result<(), LogError>;
    fn settle(self: Box<Self>, outcome: Result<(), LogError>);
}

struct Write<T, W, A> {
    work: W,
    value: Option<T>,
    after: A,
    reply: oneshot::Sender<Result<T, LogError>>,
}

impl<T, W, A> Job for Write<T, W, A>
where
    T: Send,
    W: FnMut(&Connection) -> Result<T, LogError> + Send,
    A: FnOnce(&T) + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), LogError> {
        self.value = Some((self.work)(connection)?);
        Ok(())
    }

    fn settle(self: Box<Self>, outcome: Result<(), LogError>) {
        let Self { value, after, reply, .. } = *self;
        let result = outcome.and_then(|()| value.ok_or(LogError::Closed));
        if let Ok(value) = &result {
            after(value);
        }
        // A requester that has gone away does not take its committed write with it.
        let _ = reply.send(result);
    }
}

/// The door to the writing thread.
pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread; the connection is its own from now on.
    pub(super) fn start(connection: Connection) -> Result<Self, LogError> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("satchel-writer".to_owned())
            .spawn(move || write_groups(connection, receiver))?;
        Ok(Self { jobs: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)) })
    }

    /// Runs `work` inside a transaction and answers after its commit; `after` sees the committed value
    /// first. `work` must change nothing but the database, because it may be run again.
    pub(super) async fn write<T, W, A>(&self, work: W, after: A) -> Result<T, LogError>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, LogError> + Send + 'static,
        A: FnOnce(&T) + Send + 'static,
    {
        let jobs = self.sender().ok_or(LogError::Closed)?;
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Write { work, value: None, after, reply });
        jobs.send(job).await.map_err(|_| LogError::Closed)?;
        answer.await.unwrap_or(Err(LogError::Closed))
    }

    /// Lets the thread finish what it was given. Blocks until it has ended.
    pub(super) fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the writing thread ended by a panic");
        }
    }

    fn sender(&self) -> Option<mpsc::Sender<Box<dyn Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

fn write_groups(connection: Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut group = Vec::with_capacity(GROUP);
    while let Some(first) = jobs.blocking_recv() {
        group.push(first);
        while group.len() < GROUP {
            let Ok(next) = jobs.try_recv() else { break };
            group.push(next);
        }
        commit_group(&connection, &mut group);
    }
}

/// Commits the group as one; if that fails, each alone, so that one request's trouble stays its own.
fn commit_group(connection: &Connection, group: &mut Vec<Box<dyn Job>>) {
    let together = commit(connection, group);
    if together.is_ok() || group.len() == 1 {
        let mut outcome = Some(together);
        group.drain(..).for_each(|job| job.settle(outcome.take().unwrap_or(Ok(()))));
        return;
    }
    if matches!(together, Err(LogError::Busy)) {
        // Another process holds the database: waiting again for each would stall everybody for minutes.
        group.drain(..).for_each(|job| job.settle(Err(LogError::Busy)));
        return;
    }
    for mut job in group.drain(..) {
        let alone = commit(connection, std::slice::from_mut(&mut job));
        job.settle(alone);
    }
}

fn commit(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> Result<(), LogError> {
    connection.execute_batch("BEGIN IMMEDIATE").map_err(storage)?;
    let outcome = jobs
        .iter_mut()
        .try_for_each(|job| job.run(connection))
        .and_then(|()| connection.execute_batch("COMMIT").map_err(storage));
    if outcome.is_err() && !connection.is_autocommit() {
        // After a full disk SQLite may have rolled back by itself; else it is done here.
        connection.execute_batch("ROLLBACK").map_err(storage)?;
    }
    outcome
}
