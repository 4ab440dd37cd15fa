//! Turns `locales/` into typed keys, so that a missing text or a misspelt key does not compile.
//!
//! The same two crates stand behind `leptos_i18n`'s own macro; only from here can texts with values in
//! them be asked for as strings. (`leptos_i18n_build` would bring a TLS stack into the build.)

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "ui")]
    texts()?;
    Ok(())
}

#[cfg(feature = "ui")]
fn texts() -> Outcome {
    use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
    use leptos_i18n_parser::parse_locales::parse_locales;

    const NAMESPACES: [&str; 25] = [
        "common",
        "shell",
        "onboarding",
        "sync",
        "import",
        "security",
        "team",
        "backup",
        "settings",
        "errors",
        "today",
        "customers",
        "customer",
        "insight",
        "files",
        "filter",
        "help",
        "person",
        "plan",
        "log",
        "many",
        "tasks",
        "trash",
        "vocabulary",
        "workspaces",
    ];
    println!("cargo::rerun-if-changed=locales");
    let config = Config::new("en")?
        .add_locale("zh-CN")?
        .add_namespaces(NAMESPACES)?
        .parse_options(ParseOptions::default().interpolate_display(true));
    let texts = parse_locales(None, config)?;
    let code = leptos_i18n_codegen::gen_code(&texts, None, true, None, false)?;
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    std::fs::write(std::path::Path::new(&folder).join("texts.rs"), code.to_string())?;
    Ok(())
}
