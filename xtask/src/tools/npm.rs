//! Tools from npm, for whoever has Node: they make a build smaller or check it, nothing more.

use super::of_version;
use crate::command::{self, Call};
use crate::places;
use crate::{Outcome, say};
use std::path::PathBuf;

const BINARYEN: &str = "132.0.0";
const AXE: &str = "4.14.1";

/// wasm-opt, which makes the app's code smaller; `None` when it cannot be had, and why was said.
pub(crate) fn wasm_opt() -> Outcome<Option<PathBuf>> {
    if let Some(found) = command::find("wasm-opt").and_then(|found| of_version(found, "132")) {
        return Ok(Some(found));
    }
    let loss = "wasm-opt, so the app's code stays larger";
    Ok(package("binaryen", BINARYEN, loss)?.map(|folder| folder.join("binaryen/bin/wasm-opt")))
}

/// The script of axe-core, which looks for what shuts people out; `None` as for [`wasm_opt`].
pub(crate) fn axe() -> Outcome<Option<PathBuf>> {
    let loss = "axe-core, so accessibility is not checked";
    Ok(package("axe-core", AXE, loss)?.map(|folder| folder.join("axe-core/axe.min.js")))
}

/// The folder `node_modules` that holds `name`.
fn package(name: &str, version: &str, loss: &str) -> Outcome<Option<PathBuf>> {
    let folder = places::tools()?.join(format!("{name}-{version}"));
    let modules = folder.join("node_modules");
    if command::find("node").is_none() {
        say::skipped(&format!("{loss}: there is no Node"));
        return Ok(None);
    }
    if modules.join(name).is_dir() {
        return Ok(Some(modules));
    }
    let Some(npm) = command::find("npm") else {
        say::skipped(&format!("{loss}: there is no npm"));
        return Ok(None);
    };
    let fetch = || {
        let quiet = ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"];
        Call::new(npm).args(quiet).args([&folder]).args([format!("{name}@{version}")]).output()
    };
    if let Err(failure) = say::step(&format!("fetching {name} {version} from npm"), fetch) {
        say::skipped(&format!("{loss}: {}", failure.0));
        return Ok(None);
    }
    Ok(Some(modules))
}
