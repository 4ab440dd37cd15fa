//! Builds the web app: Cargo compiles, Trunk assembles, and the result is sealed.

mod compress;
mod page;
mod seal;
pub(crate) mod sizes;

pub(crate) use page::{Base, policy};
pub(crate) use seal::Sealed;

use crate::command::Call;
use crate::places::Places;
use crate::tools::{self, WASM};
use crate::{Attempt, Outcome, say};
use std::fs;
use std::path::{Path, PathBuf};

/// How the app is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Dev,
    /// Small to download: optimised for size and precompressed.
    Release,
}

impl Profile {
    /// Its name in Cargo.toml.
    pub(crate) fn cargo(self) -> &'static str {
        match self {
            Self::Dev => "web-dev",
            Self::Release => "web",
        }
    }
}

/// What is to be built.
pub(crate) struct Web<'a> {
    pub(crate) places: &'a Places,
    pub(crate) profile: Profile,
    pub(crate) base: Base,
    /// Where the app syncs, when that is another origin than its own.
    pub(crate) sync_origin: Option<&'a str>,
    pub(crate) out: &'a Path,
}

/// The two wasm modules: each is compiled with its own feature only, so that the interface has no key
/// and no store.
const MODULES: [(&str, &str); 2] = [("app", "ui"), ("engine", "engine")];

impl Web<'_> {
    /// Builds all of it into `out`.
    pub(crate) fn build(&self) -> Outcome<Sealed> {
        self.seal(&self.prepare()?)
    }

    /// Seals parts that were prepared, for this base and sync origin.
    pub(crate) fn seal(&self, parts: &Path) -> Outcome<Sealed> {
        say::step("sealing the app", || seal::seal(parts, self))
    }

    /// Compiles and assembles; returns the folder of what is left to be sealed.
    pub(crate) fn prepare(&self) -> Outcome<PathBuf> {
        tools::wasm_target()?;
        let trunk = tools::trunk()?;
        let bindgen = tools::wasm_bindgen(self.places)?;
        say::step("compiling the app", || self.compile())?;
        let parts = self.places.work(&format!("trunk-{}", self.profile.cargo()));
        say::step("assembling the app", || self.assemble(&trunk, &bindgen, &parts))?;
        if self.profile == Profile::Release {
            optimise(&parts, MODULES.map(|(bin, _)| bin))?;
        }
        Ok(parts)
    }

    /// Cargo itself first: it shows its progress, and may fetch what Trunk must not.
    fn compile(&self) -> Outcome {
        for (bin, feature) in MODULES {
            Call::cargo()
                .args(["build", "--package=satchel", "--target", WASM, "--profile", self.profile.cargo()])
                .args(["--bin", bin, "--no-default-features", "--features", feature])
                .within(&self.places.root)
                .run()?;
        }
        Ok(())
    }

    fn assemble(&self, trunk: &Path, bindgen: &Path, parts: &Path) -> Outcome {
        fs::create_dir_all(parts).attempt("making the folder for the app's parts")?;
        Call::new(trunk)
            .args(["build", "--skip-version-check", "--quiet", "--cargo-profile", self.profile.cargo()])
            .args(["--public-url", page::ANY_BASE, "--dist"])
            .args([parts])
            .env("PATH", tools::path_with([bindgen])?)
            .within(&self.places.root)
            .output()
            .map(drop)
    }
}

/// Runs wasm-opt over modules of these names, when it can be had.
pub(crate) fn optimise<const N: usize>(parts: &Path, modules: [&str; N]) -> Outcome {
    let Some(wasm_opt) = tools::wasm_opt()? else { return Ok(()) };
    say::step("making the code smaller", || {
        for bin in modules {
            let module = parts.join(format!("{bin}_bg.wasm"));
            let smaller: PathBuf = module.with_extension("smaller");
            let may_use = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-simd"];
            Call::new(&wasm_opt)
                .args(["-Oz"])
                .args(may_use)
                .args(["--output"])
                .args([&smaller, &module])
                .output()?;
            fs::rename(&smaller, &module).attempt("replacing a module by a smaller one")?;
        }
        Ok(())
    })
}
