//! Holds the tree against the rules.

use satchel_tidy::{Complaints, arrows, asvs, locales, must_be_tidy, requirements, text, tree};
use serde_json::Value;
use std::process::Command;

#[test]
fn crates_know_only_whom_they_may() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let said = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(tree::root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&said.stdout).expect("cargo metadata is JSON");
    must_be_tidy(&arrows::check(&metadata));
}

#[test]
fn files_are_tidy() {
    let complaints: Complaints = tree::files().iter().flat_map(text::check).collect();
    must_be_tidy(&complaints);
}

#[test]
fn every_text_is_in_every_language() {
    let languages = ["en", "zh-CN"].map(|language| (language, texts_of(language)));
    let [(en, en_texts), (zh, zh_texts)] = &languages;
    assert!(!en_texts.is_empty(), "there are texts");
    must_be_tidy(&locales::check((en, en_texts), (zh, zh_texts)));
}

#[test]
fn the_page_s_first_words_are_the_welcome_s() {
    let files = tree::files();
    let text = |path: &str| files.iter().find(|file| file.path == path).expect(path).text.clone();
    let boot = text("public/boot.js");
    for language in ["en", "zh-CN"] {
        for (file, key) in [("common", "app"), ("onboarding", "headline"), ("onboarding", "tagline")] {
            let texts: Value =
                serde_json::from_str(&text(&format!("locales/{language}/{file}.json"))).expect("JSON");
            let line = format!("{key}: {},", texts[key]);
            assert!(boot.contains(&line), "public/boot.js lacks `{line}`");
        }
    }
}

fn texts_of(language: &str) -> locales::Texts {
    let folder = format!("locales/{language}");
    let files = tree::files().into_iter();
    let files = files.filter(|file| file.path.starts_with(&folder) && file.path.ends_with(".json"));
    files
        .flat_map(|file| {
            let json: Value = serde_json::from_str(&file.text).expect(&file.path);
            let inside =
                file.path[folder.len()..].trim_matches(['/', '.']).trim_end_matches(".json").to_owned();
            locales::texts(&inside, &json)
        })
        .collect()
}

#[test]
fn cited_requirements_exist() {
    let files = tree::files();
    let list = files.iter().find(|file| file.path == requirements::LIST).expect(requirements::LIST);
    let defined = requirements::defined(&list.text);
    // The rules' own tests cite what does not exist.
    let files = files.iter().filter(|file| !file.path.starts_with("tests/tidy/"));
    let complaints: Complaints = files.flat_map(|file| requirements::check(file, &defined)).collect();
    must_be_tidy(&complaints);
}

#[test]
fn verified_items_name_tests_that_exist() {
    let files = tree::files();
    let document = files.iter().find(|file| file.path == asvs::DOCUMENT).expect(asvs::DOCUMENT);
    assert!(!asvs::named(&document.text).is_empty(), "there is a table");
    must_be_tidy(&asvs::check(&document.text, &files));
}
