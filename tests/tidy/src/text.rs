//! What must be, and must not be, in a file.

use crate::Complaints;
use crate::tree::File;

/// Where nobody reads to the end.
const LONGEST: usize = 600;

/// Words that promise work. Written apart, so that this file does not hold them.
const PROMISES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Folders of one machine.
const MACHINES: [&str; 6] =
    [concat!("/tm", "p/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), "/Users/", "/work/", "C:\\"];

/// What a strict content security policy blocks, or a person could be attacked through.
const UNSAFE_IN_VIEWS: [&str; 5] =
    [" style=", "inner_html", "set_inner_html", "outer_html", "insert_adjacent"];

/// What the page may not hold: everything is in files of its own.
const INLINE: [&str; 5] = ["<script>", "<style", " style=\"", " onclick=", "javascript:"];

/// Holds a file against all rules.
pub fn check(file: &File) -> Complaints {
    let rules = [
        opens_with_its_purpose,
        is_not_too_long,
        promises_nothing,
        names_no_machine,
        has_no_inline_code,
        leaves_boxes,
        keeps_fields_from_the_browser,
    ];
    rules.iter().flat_map(|rule| rule(file)).collect()
}

fn opens_with_its_purpose(file: &File) -> Complaints {
    if !file.path.ends_with(".rs") {
        return Complaints::new();
    }
    let first = file.text.lines().find(|line| !line.trim().is_empty());
    let good = first.is_some_and(|line| line.starts_with("//!"));
    complain(!good, file, "does not begin with //! and what it is for")
}

fn is_not_too_long(file: &File) -> Complaints {
    let lines = file.text.lines().count();
    let code = file.path.ends_with(".rs") || file.path.ends_with(".js");
    complain(code && lines > LONGEST, file, &format!("has {lines} lines; split it"))
}

fn promises_nothing(file: &File) -> Complaints {
    let promise = PROMISES.into_iter().find(|promise| words(&file.text).any(|word| word == *promise));
    promise.map_or(Complaints::new(), |promise| complain(true, file, &format!("holds a {promise}")))
}

fn names_no_machine(file: &File) -> Complaints {
    let may = file.path.split('/').any(|part| part.starts_with("tests") || part == ".ci");
    // A module of tests stands last in its file; one that is only named there hides nothing.
    let text = file.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let machine = MACHINES.into_iter().find(|machine| !may && text.contains(machine));
    machine.map_or(Complaints::new(), |machine| complain(true, file, &format!("names a machine's {machine}")))
}

fn has_no_inline_code(file: &File) -> Complaints {
    let forbidden: &[&str] = match &*file.path {
        "index.html" => &INLINE,
        path if path.starts_with("src/ui/") => &UNSAFE_IN_VIEWS,
        _ => &[],
    };
    let found = file.text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let found = found.flat_map(|line| forbidden.iter().filter(move |word| line.contains(**word)));
    found.flat_map(|word| complain(true, file, &format!("holds \"{}\"", word.trim()))).collect()
}

/// The class `w` takes the box away from what only writers see, so that it may stand around anything; what has a box of
/// its own, such as a button, could not be touched then and takes `wr`.
fn leaves_boxes(file: &File) -> Complaints {
    let boxless = |line: &&str| {
        let class = line.split_once("class=\"").and_then(|(_, rest)| rest.split('"').next());
        let is_boxless = class.is_some_and(|class| class.split(' ').any(|word| word == "w"));
        is_boxless && !line.contains("<span class=\"w\"")
    };
    let found = file.text.lines().filter(|_| file.path.starts_with("src/ui/")).filter(boxless);
    found.flat_map(|_| complain(true, file, "takes the box from a control: wr instead of w")).collect()
}

/// What is typed into a field without `autocomplete` is written into the profile by some browsers, in clear.
fn keeps_fields_from_the_browser(file: &File) -> Complaints {
    let inputs = ["<input", "<textarea"].into_iter().flat_map(|name| file.text.match_indices(name));
    let tags = inputs.map(|(at, _)| file.text[at..].split("/>").next().unwrap_or_default());
    let untyped = ["type=\"checkbox\"", "type=\"radio\"", "type=\"file\""];
    let remembered = |tag: &&str| {
        let tag = tag.split("></textarea>").next().unwrap_or_default();
        !tag.contains("autocomplete=") && !untyped.iter().any(|kind| tag.contains(kind))
    };
    let found = tags.filter(|_| file.path.starts_with("src/ui/")).filter(remembered);
    found.flat_map(|_| complain(true, file, "has a field without autocomplete")).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
}

fn complain(wrong: bool, file: &File, what: &str) -> Complaints {
    if wrong { vec![format!("{} {what}", file.path)] } else { Complaints::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        check(&File { path: path.to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn a_tidy_file_passes() {
        assert_eq!(complaints("src/ui/a.rs", "//! A view.\nview! { <p class=\"a\" style:color=c/> }\n"), 0);
        assert_eq!(complaints("index.html", "<script src=\"a.js\"></script>"), 0);
        assert_eq!(complaints("tests/a.txt", "/tmp/a"), 0);
    }

    #[test]
    fn each_rule_can_fail() {
        let long = format!("//! A.\n{}", "\n".repeat(LONGEST));
        for (path, text) in [
            ("a.rs", "fn a() {}"),
            ("src/ui/a.rs", "//! A.\nview! { <IconButton class=\"ib w\" /> }"),
            ("src/ui/a.rs", "//! A.\nview! { <input type=\"text\" prop:value=typed /> }"),
            ("src/ui/a.rs", "//! A.\nview! { <textarea rows=\"3\"></textarea> }"),
            ("a.rs", &*long),
            ("a.md", concat!("TO", "DO: write")),
            ("a.js", concat!("// FIX", "ME")),
            ("a.toml", concat!("cache = \"/tm", "p/a\"")),
            ("a.md", concat!("see /ro", "ot/a")),
            ("a.rs", concat!("//! A.\n#[cfg(test)]\nmod tests;\nconst A: &str = \"/tm", "p/a\";")),
            ("src/ui/a.rs", "//! A.\nview! { <p style=\"color: red\"/> }"),
            ("src/ui/a.rs", "//! A.\nview! { <p inner_html=text/> }"),
            ("index.html", "<script>alert(1)</script>"),
            ("index.html", "<p style=\"color: red\">"),
        ] {
            assert_eq!(complaints(path, text), 1, "{path}: {text:.40}");
        }
    }
}
