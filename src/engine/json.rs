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

/// The texts that are values in JSON, as they were typed: no names of fields. What is no JSON is one text.
pub(super) fn texts(json: &str) -> Vec<String> {
    if !json.trim_start().starts_with(['{', '[', '"']) {
        return vec![json.to_owned()];
    }
    let (mut texts, mut rest) = (Vec::new(), json);
    while let Some((_, begun)) = rest.split_once('"') {
        let (text, after) = until_quoted(begun);
        if !after.trim_start().starts_with(':') {
            texts.push(text);
        }
        rest = after;
    }
    texts
}

/// A text up to the mark that ends it, and what follows that.
fn until_quoted(json: &str) -> (String, &str) {
    let (mut text, mut chars) = (String::new(), json.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => text.extend(escaped(&mut chars)),
            c => text.push(c),
        }
    }
    (text, chars.as_str())
}

/// What stands behind a backslash; of what lies beyond 16 bits nothing, because it is written as it is.
fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    match chars.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'b' | 'f' => Some(' '),
        'u' => {
            let digits: String = chars.by_ref().take(4).collect();
            u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
        }
        c => Some(c),
    }
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
