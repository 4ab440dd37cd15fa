//! Numbered requirements: whoever cites one cites one that exists.

use crate::Complaints;
use crate::tree::File;
use std::collections::BTreeSet;

/// Where they stand, in the first column of tables.
pub const LIST: &str = "docs/REQUIREMENTS.md";

/// The numbers that the list defines.
pub fn defined(list: &str) -> BTreeSet<String> {
    let cells = list.lines().filter_map(|line| line.strip_prefix('|')?.split('|').next());
    cells.flat_map(numbers).map(str::to_owned).collect()
}

/// What a file cites and the list does not define: in prose all over, in code in comments and in
/// names of functions.
pub fn check(file: &File, defined: &BTreeSet<String>) -> Complaints {
    let code = file.path.ends_with(".rs");
    if !code && !file.path.ends_with(".md") {
        return Complaints::new();
    }
    let lines = file.text.lines().enumerate();
    let lines = lines.map(|(number, line)| (number + 1, if code { citing(line) } else { line.to_owned() }));
    lines
        .flat_map(|(number, line)| {
            let unknown = numbers(&line).filter(|cited| !defined.contains(*cited));
            unknown.map(|cited| format!("{}:{number} cites {cited}", file.path)).collect::<Vec<_>>()
        })
        .collect()
}

/// The part of a line of code that may cite.
fn citing(line: &str) -> String {
    let line = line.trim_start();
    if line.starts_with("//") {
        return line.to_owned();
    }
    let function = line.strip_prefix("fn ").or_else(|| line.strip_prefix("async fn "));
    let name = function.and_then(|rest| rest.split('(').next()).unwrap_or_default();
    name.replace('_', " ").to_uppercase()
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '-');
    words.filter(|word| {
        let digits = word.strip_prefix(['R', 'D']).unwrap_or_default();
        (1..=3).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cites(path: &str, text: &str) -> usize {
        let file = File { path: path.to_owned(), text: text.to_owned() };
        check(&file, &defined("| R23 | History |\n| D8 | Counts |\nsee R99")).len()
    }

    #[test]
    fn known_numbers_may_be_cited() {
        assert_eq!(cites("a.rs", "/// Shows R23.\nfn d8_counts_by_method() {}\nlet path = \"R5 D7\";"), 0);
        assert_eq!(cites("a.md", "R23, D8 and a 3D1 picture"), 0);
    }

    #[test]
    fn unknown_numbers_are_found() {
        assert_eq!(cites("a.rs", "// as R24 says"), 1);
        assert_eq!(cites("a.rs", "    fn r99_counts() {}"), 1);
        assert_eq!(cites("docs/a.md", "shows R1, D2"), 2);
    }
}
