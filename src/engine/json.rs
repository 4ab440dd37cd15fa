//! JSON as it is written to files for other programs (RFC 8259).

/// A text in quotation marks.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A list of what is JSON already.
pub(super) fn list(parts: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", parts.into_iter().collect::<Vec<_>>().join(", "))
}

/// An object of names and what is JSON already.
pub(super) fn object<'a>(entries: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let entries = entries.into_iter().map(|(name, value)| format!("{}: {value}", text(name)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_written_is_read_back() {
        for said in ["", "a \"b\" \\ c", "x\ny\tz\r", "\u{1}\u{1f}", "张三 🙂 \u{2028}"] {
            assert_eq!(serde_json::from_str::<String>(&text(said)).expect("JSON"), said);
        }
        let all = list([object([("a", text("1")), ("b", list(["2".to_owned(), "null".to_owned()]))])]);
        let read: serde_json::Value = serde_json::from_str(&all).expect("JSON");
        assert_eq!(read, serde_json::json!([{ "a": "1", "b": [2, null] }]));
    }
}
