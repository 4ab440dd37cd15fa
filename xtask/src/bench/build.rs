//! Builds the benchmark's module as the engine's is built, and lays it beside its page.

use crate::command::Call;
use crate::places::Places;
use crate::tools::{self, WASM};
use crate::web::{Profile, optimise};
use crate::{Attempt, Outcome, say};
use std::fs;
use std::path::PathBuf;

const PACKAGE: &str = "satchel-bench";
/// The page's scripts import this name.
const NAME: &str = "bench";

/// Returns the folder that holds the page and its module.
pub(super) fn page(places: &Places) -> Outcome<PathBuf> {
    tools::wasm_target()?;
    let bindgen = tools::wasm_bindgen(places)?;
    let profile = Profile::Release.cargo();
    say::step("compiling the benchmark", || {
        let what = ["build", "--lib", "--package", PACKAGE, "--target", WASM, "--profile", profile];
        Call::cargo().args(what).within(&places.root).run()
    })?;
    let out = places.work("bench");
    fs::create_dir_all(&out).attempt("making the benchmark's folder")?;
    let module = places.target.join(WASM).join(profile).join("satchel_bench.wasm");
    let flags = ["--target", "web", "--no-typescript", "--out-name", NAME, "--out-dir"];
    Call::new(bindgen).args(flags).args([&out, &module]).output()?;
    optimise(&out, [NAME])?;
    for entry in fs::read_dir(places.root.join("tests/bench/page")).attempt("the benchmark's page")? {
        let path = entry.attempt("the benchmark's page")?.path();
        let name = path.file_name().unwrap_or_default().to_owned();
        fs::copy(&path, out.join(name)).attempt("copying the benchmark's page")?;
    }
    Ok(out)
}
