//! The table that docs/SECURITY.md shows.

use super::ATTACKS;
use super::sees::Sees;

const BEGIN: &str = "| attack | what the server does | what the person sees | caught? |\n|---|---|---|---|\n";

fn table() -> String {
    let rows = ATTACKS.iter().map(|attack| {
        let sees = match attack.sees {
            Sees::Nothing => "nothing: it changes nothing, or is mended".to_owned(),
            told => format!("\"{}\"", told.words("en")),
        };
        let caught = match attack.sees {
            Sees::Handed => "no: nothing false comes in, but that is lost",
            Sees::Listed("word") => "no: it is told as the server's word",
            _ => "yes",
        };
        format!("| {} | {} | {sees} | {caught} |\n", attack.name.replace('_', " "), attack.does)
    });
    BEGIN.to_owned() + &rows.collect::<String>()
}

#[test]
fn the_document_shows_this_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/SECURITY.md");
    let document = std::fs::read_to_string(path).expect("the document");
    let shown = document.split_once(BEGIN).map(|(_, rest)| rest.split("\n\n").next().unwrap_or_default());
    let shown = BEGIN.to_owned() + shown.expect("a table") + "\n";
    assert_eq!(shown, table(), "docs/SECURITY.md shows another table; it should be:\n{}", table());
}

#[test]
fn what_is_seen_has_words_in_both_languages() {
    for attack in ATTACKS.iter().filter(|attack| attack.sees != Sees::Nothing) {
        assert!(!attack.sees.words("en").is_empty() && !attack.sees.words("zh-CN").is_empty());
    }
}

#[test]
fn each_attack_is_named_once() {
    for attack in ATTACKS {
        assert_eq!(ATTACKS.iter().filter(|other| other.name == attack.name).count(), 1, "{}", attack.name);
    }
}
