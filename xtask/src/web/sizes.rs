//! What a first visit downloads, against what it may.

use super::Sealed;
use crate::say;

struct Group {
    name: &'static str,
    holds: fn(&str) -> bool,
    /// KiB under brotli.
    aim: Option<usize>,
}

const GROUPS: [Group; 5] = [
    Group { name: "UI wasm", holds: |name| name.ends_with("/app_bg.wasm"), aim: Some(350) },
    Group { name: "engine wasm", holds: |name| name.ends_with("/engine_bg.wasm"), aim: Some(450) },
    Group { name: "JavaScript", holds: |name| name.ends_with(".js"), aim: None },
    Group { name: "CSS", holds: |name| name.ends_with(".css"), aim: None },
    Group { name: "page", holds: |name| name == "index.html", aim: None },
];

/// Prints the table; returns what is over its aim.
pub(crate) fn print(sealed: &Sealed) -> Vec<String> {
    say::title("Sizes, KiB");
    say::plain(&format!("    {:<14}{:>10}{:>10}{:>10}", "", "raw", "brotli", "aim"));
    GROUPS.iter().filter_map(|group| row(group, sealed)).collect()
}

fn row(group: &Group, sealed: &Sealed) -> Option<String> {
    let files = || sealed.sizes.iter().filter(|(name, _)| (group.holds)(name)).map(|(_, size)| size);
    let raw: usize = files().map(|(raw, _)| raw).sum();
    let small: usize = files().map(|(raw, small)| small.unwrap_or(*raw)).sum();
    let aim = group.aim.map_or(String::new(), |aim| format!("<= {aim}"));
    say::plain(&format!("    {:<14}{:>10}{:>10}{aim:>10}", group.name, kib(raw), kib(small)));
    let over = group.aim.is_some_and(|aim| small > aim * 1024);
    over.then(|| format!("{} is {} KiB under brotli, the aim is {aim}", group.name, kib(small)))
}

fn kib(bytes: usize) -> String {
    format!("{}.{}", bytes / 1024, bytes % 1024 * 10 / 1024)
}
