//! Reads a promise out of a note: "Quote by Friday" or "周五前发报价" becomes a task that is proposed.
//!
//! Only expressions that look ahead count, so that "met on Friday" proposes nothing. Deliberately
//! absent: a clock and a language setting. Today is an argument, and both languages are always read,
//! because notes mix them.

mod chinese;
mod english;

use chrono::NaiveDate;

/// A follow-up as proposed to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// What to do: the clause without its time.
    pub title: String,
    /// By when.
    pub due: NaiveDate,
}

/// Where in a clause a time was found, in bytes, and which day it means.
struct Found {
    start: usize,
    end: usize,
    due: NaiveDate,
}

/// Titles longer than this are cut at a word; the note itself keeps everything.
const TITLE_CHARS: usize = 80;

/// The first promise in `note`, seen from `today`.
pub fn read(note: &str, today: NaiveDate) -> Option<Promise> {
    let mut before = "";
    for clause in clauses(note) {
        let found = chinese::find(clause, today).or_else(|| english::find(clause, today));
        if let Some(found) = found {
            let own = title(&clause[..found.start], &clause[found.end..]);
            let title = if own.is_empty() { shorten(before) } else { own };
            return (!title.is_empty()).then_some(Promise { title, due: found.due });
        }
        before = clause;
    }
    None
}

/// The clauses of a note. A full stop inside a number does not end one.
fn clauses(note: &str) -> impl Iterator<Item = &str> {
    let mut rest = note;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (end, next) = clause_end(rest);
            let clause = rest[..end].trim();
            rest = &rest[next..];
            if !clause.is_empty() {
                return Some(clause);
            }
        }
        None
    })
}

/// Where the first clause of `text` ends and where the next one begins.
fn clause_end(text: &str) -> (usize, usize) {
    for (at, letter) in text.char_indices() {
        let next = at + letter.len_utf8();
        let ends = match letter {
            '。' | '；' | '，' | '！' | '？' | '、' | ';' | '!' | '?' | '\n' => true,
            '.' | ',' => text[next..].chars().next().is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            return (at, next);
        }
    }
    (text.len(), text.len())
}

/// What remains of a clause without its time, as a title.
fn title(before: &str, after: &str) -> String {
    let loose = |edge: char| edge.is_whitespace() || matches!(edge, ':' | '-' | '–' | '：' | '(' | ')');
    let (before, after) = (before.trim_matches(loose), after.trim_matches(loose));
    let joined = match (before.is_empty(), after.is_empty()) {
        (false, false) if wants_space(before, after) => format!("{before} {after}"),
        _ => format!("{before}{after}"),
    };
    shorten(&capitalised(&joined))
}

fn wants_space(before: &str, after: &str) -> bool {
    let latin = |edge: Option<char>| edge.is_some_and(|edge| edge.is_ascii());
    latin(before.chars().next_back()) || latin(after.chars().next())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(TITLE_CHARS) {
        None => text.to_owned(),
        Some((cut, _)) => {
            let head = &text[..cut];
            let word = head.rfind(' ').filter(|at| *at > cut / 2).unwrap_or(cut);
            format!("{}…", head[..word].trim_end())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// Thursday.
    const TODAY: &str = "2026-11-19";

    #[track_caller]
    fn proposes(note: &str, title: &str, due: &str) {
        let promise = read(note, day(TODAY)).unwrap_or_else(|| panic!("nothing in {note:?}"));
        assert_eq!((promise.title.as_str(), promise.due), (title, day(due)), "{note:?}");
    }

    #[test]
    fn english_promises_are_read() {
        proposes(
            "He agrees to 40 × P-204 at 2.5%. Quote by Friday, delivery before Spring.",
            "Quote",
            "2026-11-20",
        );
        proposes("Send the samples before next Tuesday", "Send the samples", "2026-11-24");
        proposes("Call back tomorrow", "Call back", "2026-11-20");
        proposes("I will send drawings in 3 days", "I will send drawings", "2026-11-22");
        proposes("Visit again in two weeks", "Visit again", "2026-12-03");
        proposes("offer next week", "Offer", "2026-11-27");
        proposes("By Monday he wants the list", "He wants the list", "2026-11-23");
        proposes("Invoice by the end of the month.", "Invoice", "2026-11-30");
        proposes("Answer by 3 Dec", "Answer", "2026-12-03");
        proposes("Answer until December 3rd", "Answer", "2026-12-03");
        proposes("Contract by 2027-01-15", "Contract", "2027-01-15");
        proposes("Contract by 4 January", "Contract", "2027-01-04");
        proposes("They pay. By Thursday.", "They pay", "2026-11-26");
    }

    #[test]
    fn chinese_promises_are_read() {
        proposes("李明同意 40 台 P-204，让 2.5%。周五前发 quote，春节前交货。", "发 quote", "2026-11-20");
        proposes("下周二给他样品", "给他样品", "2026-11-24");
        proposes("明天回电", "回电", "2026-11-20");
        proposes("三天内给答复", "给答复", "2026-11-22");
        proposes("两周后再拜访", "再拜访", "2026-12-03");
        proposes("12月3日前签合同", "签合同", "2026-12-03");
        proposes("月底前开票", "开票", "2026-11-30");
        proposes("25号之前寄资料", "寄资料", "2026-11-25");
        proposes("3号前寄资料", "寄资料", "2026-12-03");
        proposes("这周日前确认", "确认", "2026-11-22");
        proposes("大后天送货", "送货", "2026-11-22");
    }

    #[test]
    fn what_is_past_or_vague_proposes_nothing() {
        for note in [
            "",
            "Met on Friday, all well.",
            "He was here last Tuesday",
            "周五来过",
            "今天见了李明",
            "11月12日 见过一次",
            "By the way, he likes tea",
            "In two minds about it",
            "By 31 Feb",
            "Friday",
        ] {
            assert_eq!(read(note, day(TODAY)), None, "{note:?}");
        }
    }

    #[test]
    fn a_long_clause_is_cut_at_a_word() {
        let note = format!("{}by Friday", "word ".repeat(40));
        let promise = read(&note, day(TODAY)).expect("a promise");
        assert!(promise.title.ends_with("word…") && promise.title.chars().count() <= TITLE_CHARS + 1);
    }
}
