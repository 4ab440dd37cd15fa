//! The verification items of docs/SECURITY.md: each names tests that exist.

use crate::Complaints;
use crate::tree::File;

/// Where they stand.
pub const DOCUMENT: &str = "docs/SECURITY.md";
/// The first line of their table.
const HEAD: &str = "| item | here | held by |";

/// The tests that the table names.
pub fn named(document: &str) -> Vec<String> {
    let rows = document.lines().skip_while(|line| *line != HEAD).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// Those that no file has.
pub fn check(document: &str, files: &[File]) -> Complaints {
    let code: Vec<&File> = files.iter().filter(|file| file.path.ends_with(".rs")).collect();
    let missing = named(document).into_iter().filter(|name| {
        let function = format!("fn {name}(");
        !code.iter().any(|file| file.text.contains(&function))
    });
    missing.map(|name| format!("{DOCUMENT} names {name}, which is no test")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_not_there_is_found() {
        let document =
            format!("{HEAD}\n|---|---|---|\n| 1.1 | x | `is_there`, `is_not` |\n\n| 2 | | `elsewhere` |");
        let file = File { path: "a.rs".to_owned(), text: "async fn is_there() {}".to_owned() };
        assert_eq!(check(&document, &[file]), ["docs/SECURITY.md names is_not, which is no test"]);
    }
}
