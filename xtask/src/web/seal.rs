//! Seals an assembled app: one folder named by its content, one list of what belongs to it.
//!
//! The page, the service worker, the manifest and the icons keep their addresses; everything else
//! lies in a folder whose name changes with any byte of the build. So a browser, or a CDN that is half
//! way through an upload, can never mix two builds.

use super::page::{self, Moved};
use super::{Profile, Web, compress};
use crate::{Attempt, Failure, Outcome};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A sealed build.
pub(crate) struct Sealed {
    /// Names it: changes with any byte of it.
    pub(crate) version: String,
    /// The folder of everything that never changes.
    pub(crate) folder: String,
    /// Raw size and size under brotli by path, of what is downloaded.
    pub(crate) sizes: BTreeMap<String, (usize, Option<usize>)>,
}

type Files = BTreeMap<String, Vec<u8>>;

const INDEX: &str = "index.html";
const WORKER: &str = "sw.js";
const MANIFEST: &str = "manifest.webmanifest";
/// Tells anybody what should be served: compare it with what is.
const VERSION: &str = "version.json";

/// Seals what Trunk left in `parts` as `web` says.
pub(crate) fn seal(parts: &Path, web: &Web<'_>) -> Outcome<Sealed> {
    let files = read(parts)?;
    let version = version(&files, web);
    let folder = format!("build-{version}");
    let sealed = rewrite(files, web, &version, &folder)?;
    clear(web.out)?;
    let sizes = write(&sealed, web)?;
    Ok(Sealed { version, folder, sizes })
}

fn read(parts: &Path) -> Outcome<Files> {
    let mut files = Files::new();
    let mut folders = vec![parts.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).attempt("reading the app's parts")? {
            let path = entry.attempt("reading the app's parts")?.path();
            let name = path.strip_prefix(parts).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(name, fs::read(&path).attempt("reading the app's parts")?);
            }
        }
    }
    Ok(files)
}

fn version(files: &Files, web: &Web<'_>) -> String {
    let mut digest = Sha256::new();
    let settings = [web.base.as_str(), web.sync_origin.unwrap_or_default()].map(str::as_bytes);
    let files = files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]);
    for part in settings.into_iter().chain(files) {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn keeps_its_address(name: &str) -> bool {
    matches!(name, INDEX | WORKER | MANIFEST) || name.starts_with("icons/") || only_advertises(name)
}

/// What is shown before the app is installed and never again: nobody keeps it.
fn only_advertises(name: &str) -> bool {
    name.starts_with("screenshots/")
}

fn rewrite(mut files: Files, web: &Web<'_>, version: &str, folder: &str) -> Outcome<Files> {
    let index = text(&mut files, INDEX)?;
    let worker = text(&mut files, WORKER)?;
    let manifest = page::manifest(&text(&mut files, MANIFEST)?, &web.base)?;
    let moved: Vec<_> = files
        .iter()
        .filter(|(name, _)| !keeps_its_address(name))
        .map(|(name, bytes)| Moved { name, integrity: page::integrity(bytes) })
        .collect();
    let index = page::index(&index, &web.base, folder, version, &moved, web.sync_origin)?;
    drop(moved);
    let address = |name: String| if keeps_its_address(&name) { name } else { format!("{folder}/{name}") };
    let mut sealed: Files = files.into_iter().map(|(name, bytes)| (address(name), bytes)).collect();
    sealed.insert(MANIFEST.to_owned(), manifest.into_bytes());
    sealed.insert(INDEX.to_owned(), index.into_bytes());
    let list = precache(&sealed);
    sealed.insert(WORKER.to_owned(), page::worker(&worker, version, &list)?.into_bytes());
    sealed.insert(VERSION.to_owned(), version_file(version, &sealed));
    Ok(sealed)
}

/// What the service worker keeps, by address: hosts differ in what they make of `index.html`, but
/// all serve it for the folder.
fn precache(files: &Files) -> Vec<(String, String)> {
    let address = |name: &str| if name == INDEX { "./".to_owned() } else { name.to_owned() };
    let kept = files.iter().filter(|(name, _)| !only_advertises(name));
    kept.map(|(name, bytes)| (address(name), page::integrity(bytes))).collect()
}

fn version_file(version: &str, files: &Files) -> Vec<u8> {
    let files: BTreeMap<_, _> = files.iter().map(|(name, bytes)| (name, page::integrity(bytes))).collect();
    let json = serde_json::json!({ "app": env!("CARGO_PKG_VERSION"), "version": version, "files": files });
    format!("{json:#}\n").into_bytes()
}

fn text(files: &mut Files, name: &str) -> Outcome<String> {
    let bytes = files.remove(name).ok_or_else(|| Failure(format!("{name} was not assembled")))?;
    String::from_utf8(bytes).attempt(name)
}

/// Empties the folder, if it holds an earlier build or nothing.
fn clear(out: &Path) -> Outcome {
    let empty = fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
    if !empty && !out.join(VERSION).is_file() {
        let words = format!("{} holds something else; choose an empty folder", out.display());
        return Err(Failure(words));
    }
    if !empty {
        fs::remove_dir_all(out).attempt("removing the earlier build")?;
    }
    fs::create_dir_all(out).attempt("making the folder of the build")
}

fn write(files: &Files, web: &Web<'_>) -> Outcome<BTreeMap<String, (usize, Option<usize>)>> {
    let mut sizes = BTreeMap::new();
    for (name, bytes) in files {
        let file = web.out.join(name);
        let folder = file.parent().unwrap_or(web.out);
        fs::create_dir_all(folder).attempt("making a folder of the build")?;
        fs::write(&file, bytes).attempt("writing the build")?;
        let small = match web.profile {
            Profile::Release => compress::beside(&file, bytes)?,
            Profile::Dev => None,
        };
        sizes.insert(name.clone(), (bytes.len(), small));
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_keeps_all_but_what_only_advertises() {
        let names = ["icons/icon.svg", "index.html", "build-1/app.js", "screenshots/today.png"];
        let files = names.map(|name| (name.to_owned(), Vec::new())).into_iter().collect();
        let kept: Vec<String> = precache(&files).into_iter().map(|(name, _)| name).collect();
        assert_eq!(kept, ["build-1/app.js", "icons/icon.svg", "./"]);
        assert!(keeps_its_address("screenshots/today.png"), "the manifest names it");
    }
}
