//! `cargo xtask dist`: what is published.

mod hosting;

use crate::args::{Args, Known};
use crate::places::Places;
use crate::web::{Base, Profile, Sealed, Web, sizes};
use crate::{Attempt, Failure, Outcome, say, start};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const OPTIONS: &[Known] =
    &[Known::Value("--out"), Known::Value("--public-url"), Known::Value("--sync-origin")];

pub(crate) const HELP: &str = "\
Builds what is published: static files for a CDN, and the server for a host.

  cargo xtask dist [--out DIR] [--public-url /path/] [--sync-origin URL]

  --out DIR            where to put it (dist)
  --public-url /path/  the path that the app is served under (/)
  --sync-origin URL    where the app syncs, when that is another origin than its own

Leaves in DIR:
  web/       static files, precompressed (.br, .gz), with _headers and _redirects for hosts that read
             them; everything in web/build-*/ never changes, everything else must be asked for again
  server/    the server and a Containerfile
  hosting/   samples for nginx and Caddy
";

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let places = Places::find()?;
    let out = std::path::absolute(args.value("--out").unwrap_or("dist")).attempt("--out")?;
    let base = Base::parse(args.value("--public-url").unwrap_or("/"))?;
    let sync = args.value("--sync-origin").map(origin).transpose()?;
    let built = build(&places, Profile::Release, (base, sync.as_deref()), &out)?;
    let over = sizes::print(&built.sealed);
    over.iter().for_each(|words| say::note(words));
    say::plain(&format!("\nversion {}\nin {}", built.sealed.version, out.display()));
    Ok(())
}

/// What was built for publishing.
pub(crate) struct Built {
    pub(crate) sealed: Sealed,
    /// What was sealed; it can be sealed for another base too.
    pub(crate) parts: PathBuf,
    /// The folder of static files.
    pub(crate) web: PathBuf,
    /// The server's program.
    pub(crate) server: PathBuf,
}

/// Builds the app, for a base and perhaps another origin to sync with, and the server into `out`.
pub(crate) fn build(
    places: &Places,
    profile: Profile,
    (base, sync_origin): (Base, Option<&str>),
    out: &Path,
) -> Outcome<Built> {
    let web = out.join("web");
    let order = Web { places, profile, base, sync_origin, out: &web };
    let parts = order.prepare()?;
    let sealed = order.seal(&parts)?;
    let program = say::step("compiling the server", || start::server(places, profile))?;
    let server = out.join("server").join(program.file_name().unwrap_or_default());
    say::step("writing what hosts need", || {
        fs::create_dir_all(out.join("server")).attempt("making the server's folder")?;
        // Never in place: an earlier copy may be running.
        let fresh = server.with_extension("new");
        fs::copy(&program, &fresh).attempt("copying the server")?;
        fs::rename(&fresh, &server).attempt("copying the server")?;
        hosting::write(out, &order, &sealed)
    })?;
    Ok(Built { sealed, parts, web, server })
}

/// An origin as browsers write it.
fn origin(text: &str) -> Outcome<String> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    match host {
        Some(host) if !host.is_empty() && host.bytes().all(plain) => Ok(text.to_ascii_lowercase()),
        _ => Err(Failure(format!(
            "--sync-origin wants an origin such as https://sync.example.com, not \"{text}\""
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_no_path() {
        assert_eq!(origin("https://Sync.example.com:8443/").unwrap(), "https://sync.example.com:8443");
        for text in ["sync.example.com", "ftp://x", "https://", "https://x/y", "https://x; script-src *"] {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}
