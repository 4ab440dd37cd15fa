//! What the engine asks of its host, answered by a world: its disk, its network, its clock.

use super::super::disk::Disk;
use super::super::files::TextFile;
use super::{CHANGE, DELETE, HANDOVER, Network, PUSH, SERVER, SIGN_OUT, World};
use crate::engine::host::{Call, Host, Response, Unreachable};
use crate::port::{Event, Reply};
use satchel_domain::RecordId;
use satchel_exchange::{Decoders, NativeDecoders};
use satchel_replica::{MemoryStore, PageCipher, StoreError};
use satchel_vault::PageKey;
use satchel_wire::{Push, PushMode};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// A push without its writes; any other call as it is.
fn emptied(call: Call) -> Call {
    let push = call.body.as_deref().filter(|_| call.path.ends_with("/push"));
    let Some(push) = push.and_then(|body| satchel_wire::from_cbor::<Push>(body).ok()) else { return call };
    let empty = Push { mode: PushMode::Each, writes: Vec::new(), ..push };
    Call { body: Some(satchel_wire::to_cbor(&empty)), ..call }
}

impl World {
    fn holds(&self, Call { path, body, .. }: &Call) -> bool {
        self.held.get().is_some_and(|held| {
            path.contains(held)
                && body.is_some() == [PUSH, CHANGE, DELETE, SIGN_OUT, HANDOVER].contains(&held)
        })
    }
}

impl Host for World {
    type Store = Disk;
    type File = TextFile;

    fn now_ms(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// Where clocks have no summer time: in Shanghai, until the device is carried elsewhere.
    fn local_to_utc_ms(&self, local_ms: i64) -> i64 {
        local_ms - self.hours_ahead.get() * 3_600_000
    }

    /// SplitMix64: the same test, the same bytes.
    fn entropy(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.seed.set(self.seed.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
            let mut word = self.seed.get();
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(word ^ (word >> 31)).to_be_bytes()[..chunk.len()]);
        }
    }

    async fn page_cipher(&self, _key: &PageKey) -> Option<Rc<dyn PageCipher>> {
        None
    }

    fn nfkc(&self, text: &str) -> String {
        text.to_owned()
    }

    fn decoders(&self) -> &dyn Decoders {
        &NativeDecoders
    }

    fn post(&self, reply: Reply) {
        let mut said = self.said.borrow_mut();
        match reply {
            Reply::Done { id, result } => {
                said.done.insert(id, result);
            }
            Reply::Answer { id, answer } => {
                said.answers.insert(id, answer);
            }
            Reply::Event(Event::Found(found)) => said.found = found,
            Reply::Event(Event::Session(session)) => said.session = Some(session),
            Reply::Event(Event::Sync(status)) => said.sync = Some(status),
            Reply::Event(Event::Standing(standing)) => said.standing = Some(standing),
            Reply::Event(event @ Event::TakenIn { .. }) => said.taken_in = Some(event),
            Reply::Piece { bytes, .. } => said.pieces.extend(bytes),
            Reply::Progress { id, progress } => drop(said.stages.insert(id, progress.stage)),
            Reply::Event(Event::Broken { .. }) => {}
        }
    }

    fn server(&self, _origin: &str) -> String {
        SERVER.into()
    }

    fn cut_off(&self) {
        self.cut_off.set(true);
    }

    async fn store_names(&self) -> Vec<String> {
        self.disk.borrow().keys().cloned().collect()
    }

    async fn open_store(&self, name: &str) -> Result<Disk, StoreError> {
        if let Some(error @ StoreError::Other(_)) = self.fails.borrow().clone() {
            return Err(error);
        }
        let store = self.disk.borrow_mut().entry(name.to_owned()).or_default().clone();
        let (fails, commits) = (Rc::clone(&self.fails), Rc::clone(&self.commits));
        let (unreadable, clings) = (Rc::clone(&self.unreadable), Rc::clone(&self.clings));
        let reads = Rc::clone(&self.reads);
        let (stalls, refuses) = (Rc::clone(&self.stalls), Rc::clone(&self.refuses));
        let shut = self.shut.borrow().as_deref() == Some(name);
        Ok(Disk { store, shut, fails, commits, reads, unreadable, clings, stalls, refuses })
    }

    async fn erase_store(&self, name: &str) -> Result<(), StoreError> {
        while self.holds.get() {
            tokio::task::yield_now().await;
        }
        self.disk.borrow_mut().remove(name);
        Ok(())
    }

    async fn dump_store(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        self.disk.borrow().get(name).map(MemoryStore::rescue).ok_or(StoreError::Gone)
    }

    async fn send(&self, call: Call) -> Result<Response, Unreachable> {
        let canned = |status, media_type: &str, body: &str| {
            let (media_type, body) = (media_type.to_owned(), body.as_bytes().to_vec());
            Ok(Response { status, media_type, retry_after_s: None, body })
        };
        if self.cut_off.get() {
            return Err(Unreachable);
        }
        self.calls.set(self.calls.get() + 1);
        match self.network.get() {
            Network::Up => {
                let (asked, server) = (call.clone(), self.server.borrow().clone());
                let heard = if self.unheard.get() { emptied(call) } else { call };
                let answer = server.answer(heard).await?;
                while self.holds(&asked) && !self.pass.replace(false) {
                    self.keeps.set(true);
                    tokio::task::yield_now().await;
                }
                self.keeps.set(false);
                let lie = self.lie.borrow().clone();
                Ok(lie.map_or_else(|| answer.clone(), |lie| lie(&asked, answer.clone())))
            }
            Network::Down => Err(Unreachable),
            Network::Portal => canned(200, "text/html", "<html>Welcome to the hotel"),
            Network::Revoked => {
                canned(403, "application/problem+json", r#"{"type":"urn:satchel:problem:revoked"}"#)
            }
            Network::Status(status) => canned(status, "application/problem+json", "{}"),
        }
    }

    async fn listen(&self, _call: Call, _on_hint: Rc<dyn Fn(satchel_wire::Hint)>) -> Result<(), Unreachable> {
        std::future::pending().await
    }

    /// Time passes only when a test says so.
    async fn sleep(&self, ms: u64) {
        let until = self.now_ms().saturating_add(ms);
        while self.now_ms() < until {
            tokio::task::yield_now().await;
        }
    }

    async fn breathe(&self) {
        tokio::task::yield_now().await;
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
        tokio::task::spawn_local(task);
    }

    fn announce(&self, _workspace: &str, _ids: &[RecordId]) {}

    async fn alone<T>(&self, _workspace: &str, work: impl Future<Output = T>) -> T {
        work.await
    }

    fn saves_data(&self) -> bool {
        self.saves_data.get()
    }

    async fn storage(&self) -> Option<(u64, u64)> {
        None
    }

    async fn persisted(&self) -> bool {
        false
    }
}
