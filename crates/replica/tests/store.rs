//! The memory store passes the suite that every store must pass.

mod common;

use common::block_on;
use satchel_replica::{MemoryStore, conformance};
use std::cell::RefCell;
use std::collections::BTreeMap;

#[derive(Default)]
struct Shelf(RefCell<BTreeMap<String, MemoryStore>>);

impl conformance::Bench for Shelf {
    type Store = MemoryStore;

    async fn open(&self, name: &str) -> MemoryStore {
        self.0.borrow_mut().entry(name.to_owned()).or_default().clone()
    }
}

#[test]
fn memory_store_conforms() {
    let cases = block_on(conformance::run(&Shelf::default()));
    println!("memory store: {cases} cases");
    assert!(cases >= 17);
}

#[test]
fn memory_store_keeps_files() {
    block_on(conformance::files(&MemoryStore::default()));
}

#[test]
fn memory_store_reads_past_damaged_rows() {
    let store = MemoryStore::default();
    block_on(conformance::damaged(&store, async |id, bytes| store.lay_bytes(id, bytes)));
}
