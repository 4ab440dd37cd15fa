//! The engine's wasm: starts in a worker, listens, and holds every key.

fn main() {
    #[cfg(target_arch = "wasm32")]
    satchel::engine::web::start();
}
