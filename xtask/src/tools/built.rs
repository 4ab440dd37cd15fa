//! Tools that Cargo builds from source: once a machine, into a folder named by their version.

use super::of_version;
use crate::command::{self, Call};
use crate::places::{self, Places};
use crate::{Attempt, Outcome, say};
use std::path::{Path, PathBuf};

struct Tool<'a> {
    package: &'a str,
    program: &'a str,
    version: &'a str,
    /// Beside the settings that all share.
    flags: &'a [&'a str],
}

/// Trunk, without its own downloads and update check: nothing in the build asks the network.
pub(crate) fn trunk() -> Outcome<PathBuf> {
    let flags = &["--locked", "--no-default-features"];
    Tool { package: "trunk", program: "trunk", version: "0.21.14", flags }.get()
}

/// wasm-bindgen, of exactly the version that the app links. Its own lockfile names older crates
/// that this Rust refuses, therefore not `--locked`.
pub(crate) fn wasm_bindgen(places: &Places) -> Outcome<PathBuf> {
    let version = &places.locked("wasm-bindgen")?;
    Tool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version, flags: &[] }.get()
}

/// cargo-deny: licences, advisories, sources.
pub(crate) fn deny() -> Outcome<PathBuf> {
    let flags = &["--locked"];
    Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2", flags }.get()
}

/// geckodriver, which drives Firefox.
pub(crate) fn geckodriver() -> Outcome<PathBuf> {
    let flags = &["--locked"];
    Tool { package: "geckodriver", program: "geckodriver", version: "0.37.1", flags }.get()
}

/// nextest, when it is installed: any version runs our tests, and Cargo's own runner does too.
pub(crate) fn nextest() -> Option<PathBuf> {
    command::find("cargo-nextest")
}

impl Tool<'_> {
    fn get(&self) -> Outcome<PathBuf> {
        if let Some(found) = command::find(self.program).and_then(|found| of_version(found, self.version)) {
            return Ok(found);
        }
        let folder = places::tools()?.join(format!("{}-{}", self.package, self.version));
        let name = format!("{}{}", self.program, std::env::consts::EXE_SUFFIX);
        let program = folder.join("bin").join(name);
        if !program.is_file() {
            self.build(&folder)?;
        }
        Ok(program)
    }

    fn build(&self, folder: &Path) -> Outcome {
        say::step(&format!("building {} {}", self.package, self.version), || {
            say::note("this takes minutes, once on this machine; it is kept in");
            say::note(&folder.display().to_string());
            let scratch = folder.join("build");
            self.call(folder, &scratch).run()?;
            std::fs::remove_dir_all(&scratch).attempt("removing what is no longer needed")
        })
    }

    /// Cheap to build rather than fast to run: each works for seconds.
    fn call(&self, folder: &Path, scratch: &Path) -> Call {
        Call::cargo()
            .args(["install", self.package, "--version", self.version, "--root"])
            .args([folder])
            .args(self.flags)
            .env("CARGO_TARGET_DIR", scratch)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
    }
}
