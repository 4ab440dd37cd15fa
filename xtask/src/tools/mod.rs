//! The programs that building and testing need: found, or fetched once and kept.

mod browser;
mod built;
mod npm;

pub(crate) use browser::{Browser, browser, firefox, webkit};
pub(crate) use built::{deny, geckodriver, nextest, trunk, wasm_bindgen};
pub(crate) use npm::{axe, wasm_opt};

use crate::command::{self, Call};
use crate::places;
use crate::{Attempt, Failure, Outcome, say};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What the web app is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Adds the wasm target to the toolchain, when rustup keeps it.
pub(crate) fn wasm_target() -> Outcome {
    if sysroot()?.join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    if command::find("rustup").is_none() {
        let words = format!("this Rust has no {WASM}, and there is no rustup to add it: add it by hand");
        return Err(Failure(words));
    }
    say::step("adding the wasm target to the toolchain", || {
        Call::new("rustup").args(["target", "add", WASM]).run()
    })
}

/// Adds a component of the toolchain, such as clippy; `false` when that is not possible.
pub(crate) fn component(name: &str, program: &str) -> Outcome<bool> {
    let bin = sysroot()?.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if bin.is_file() {
        return Ok(true);
    }
    if command::find("rustup").is_none() {
        return Ok(command::find(program).is_some());
    }
    let add = || Call::new("rustup").args(["component", "add", name]).run();
    Ok(say::step(&format!("adding {name} to the toolchain"), add).is_ok())
}

fn sysroot() -> Outcome<PathBuf> {
    let said = Call::new("rustc").args(["--print", "sysroot"]).within(&places::root()).output()?;
    Ok(PathBuf::from(said.trim()))
}

/// The search path with the folders of `programs` before it.
pub(crate) fn path_with<'a>(programs: impl IntoIterator<Item = &'a Path>) -> Outcome<OsString> {
    let ours = programs.into_iter().filter_map(Path::parent).map(Path::to_owned);
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(ours.chain(std::env::split_paths(&rest))).attempt("the search path")
}

/// `program` when it is there and says that it is `version`.
fn of_version(program: PathBuf, version: &str) -> Option<PathBuf> {
    let said = Call::new(&program).args(["--version"]).output().ok()?;
    let same = |word: &str| word.trim_start_matches('v') == version;
    said.split_whitespace().any(same).then_some(program)
}
