//! Reads a command's options.

use crate::{Failure, Outcome};
use std::collections::BTreeMap;

/// An option that a command knows.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    /// `--name`
    Switch(&'static str),
    /// `--name VALUE` or `--name=VALUE`
    Value(&'static str),
}

/// The options that were given.
#[derive(Debug, Default)]
pub(crate) struct Args(BTreeMap<&'static str, Vec<String>>);

impl Args {
    /// Reads `words` as the options `known`. `--help` prints `help` and ends the process.
    pub(crate) fn read(
        help: &str,
        known: &[Known],
        mut words: impl Iterator<Item = String>,
    ) -> Outcome<Self> {
        let mut args = Self::default();
        while let Some(word) = words.next() {
            if matches!(word.as_str(), "--help" | "-h" | "help") {
                print!("{help}");
                std::process::exit(0);
            }
            args.take(known, &word, &mut words)?;
        }
        Ok(args)
    }

    fn take(&mut self, known: &[Known], word: &str, rest: &mut impl Iterator<Item = String>) -> Outcome {
        let (name, attached) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word, None),
        };
        let found = known.iter().find(|option| option.flag() == name);
        let (name, value) = match (found, attached) {
            (Some(Known::Switch(name)), None) => (*name, String::new()),
            (Some(Known::Value(name)), Some(value)) => (*name, value),
            (Some(Known::Value(name)), None) => {
                (*name, rest.next().ok_or_else(|| Failure(format!("{name} wants a value")))?)
            }
            _ => return Err(Failure(format!("no option \"{word}\" here; see --help"))),
        };
        self.0.entry(name).or_default().push(value);
        Ok(())
    }

    /// Whether the switch `name` was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The last value of `name`.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values(name).last().map(String::as_str)
    }

    /// All values of `name`, in order.
    pub(crate) fn values(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

impl Known {
    fn flag(&self) -> &'static str {
        match self {
            Self::Switch(name) | Self::Value(name) => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Known] = &[Known::Switch("--release"), Known::Value("--port")];

    fn read(words: &[&str]) -> Outcome<Args> {
        Args::read("", KNOWN, words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn values_stand_beside_or_behind_their_name() {
        let args = read(&["--port", "1", "--release", "--port=2"]).unwrap();
        assert_eq!((args.value("--port"), args.has("--release")), (Some("2"), true));
        assert_eq!(args.values("--port"), ["1", "2"]);
    }

    #[test]
    fn what_is_unknown_or_half_is_refused() {
        for words in [&["--prot", "1"][..], &["--port"], &["--release=yes"], &["8474"]] {
            assert!(read(words).is_err(), "{words:?}");
        }
    }
}
