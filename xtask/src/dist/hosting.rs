//! What a host needs beside the files: headers, samples, a container.

use crate::web::{Sealed, Web, policy};
use crate::{Attempt, Outcome};
use std::fs;
use std::path::Path;

/// Where each template goes. In them `{{name}}` stands for what only the build knows.
const TEMPLATES: [(&str, &str); 5] = [
    ("web/_headers", include_str!("../../templates/headers.txt")),
    ("web/_redirects", "{{base}}* {{base}}index.html 200\n"),
    ("hosting/nginx.conf", include_str!("../../templates/nginx.conf")),
    ("hosting/Caddyfile", include_str!("../../templates/Caddyfile")),
    ("server/Containerfile", include_str!("../../templates/Containerfile")),
];

/// Writes them for the build `sealed` under `out`.
pub(super) fn write(out: &Path, web: &Web<'_>, sealed: &Sealed) -> Outcome {
    for (name, template) in TEMPLATES {
        let file = out.join(name);
        fs::create_dir_all(file.parent().unwrap_or(out)).attempt("making a folder")?;
        fs::write(file, fill(template, web, sealed)).attempt("writing what hosts need")?;
    }
    Ok(())
}

fn fill(template: &str, web: &Web<'_>, sealed: &Sealed) -> String {
    let policy = format!("{}; frame-ancestors 'none'", policy(web.sync_origin));
    let known = [
        ("{{base}}", web.base.as_str()),
        ("{{policy}}", &policy),
        ("{{folder}}", &sealed.folder),
        ("{{version}}", &sealed.version),
        ("{{allow-origin}}", if web.sync_origin.is_some() { ALLOW_ORIGIN } else { "" }),
    ];
    known.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// Said where the server is started, when the app comes from another origin.
const ALLOW_ORIGIN: &str = "\n# The app comes from another origin: add --allow-origin https://its.example.";
