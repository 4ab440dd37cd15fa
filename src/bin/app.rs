//! The user interface's module: mounts the app.

fn main() {
    satchel::ui::mount();
}
