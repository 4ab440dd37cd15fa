//! The store works on the window as it does in a worker.
#![cfg(target_arch = "wasm32")]

use satchel_idb::IdbStore;
use satchel_replica::conformance;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

struct Browser;

impl conformance::Bench for Browser {
    type Store = IdbStore;

    async fn open(&self, name: &str) -> IdbStore {
        IdbStore::open(name).await.expect("opens")
    }
}

#[wasm_bindgen_test]
async fn idb_store_conforms_on_the_window() {
    let cases = conformance::run(&Browser).await;
    console_log!("idb store on the window: {cases} cases");
    assert!(cases >= 21);
}
