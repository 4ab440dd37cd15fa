//! The copy for the person: a page that reads without the app, and the same as data for machines.

use crate::port::{BackupKind, History, ItemKind, PersonFile, PersonRecord};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::pages::backup::kind_word;
use crate::ui::pages::vocabulary::{field_word, value_word};
use crate::ui::platform::intl::{Format, When};
use satchel_domain::{PartnerKind, RecordType, Value};
use serde_json::{Map, json};

/// As a page of HTML, without a script.
pub(super) fn page(file: &PersonFile, locale: Locale, format: Format) -> String {
    let title = escaped(&format!("{} · {}", file.name, file.code));
    let made = format.when(file.made_ms.cast_signed(), When::Moment);
    let made = escaped(&td_string!(locale, person.made, when = made).to_string());
    let records: String = file.records.iter().map(|record| section(record, locale, format)).collect();
    format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><h1>{title}</h1><p>{made}</p>{records}</html>\n",
        language(locale)
    )
}

/// As pages name it.
fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::zh_CN => "zh-CN",
    }
}

fn section(record: &PersonRecord, locale: Locale, format: Format) -> String {
    let kind = item_kind(record.kind);
    let value = |field: &str, value: &Value| escaped(&value_word(locale, format, &kind, field, value));
    let row = |(field, it): &(String, Value)| {
        format!("<dt>{}</dt><dd>{}</dd>", escaped(field_word(locale, field)), value(field, it))
    };
    let fields: String = record.fields.iter().map(row).collect();
    let past = |history: &History| {
        let line = |entry: &crate::port::HistoryEntry| {
            let when = escaped(&format.when(entry.at_ms.cast_signed(), When::Moment));
            let field = escaped(field_word(locale, &entry.key.field));
            let (before, after) =
                (value(&entry.key.field, &entry.before), value(&entry.key.field, &entry.after));
            format!("<li>{when} · {field}: {before} → {after}</li>")
        };
        history.entries.iter().map(line).collect::<String>()
    };
    let past = record.history.as_ref().map(past).filter(|past| !past.is_empty());
    let past = past.map(|past| {
        format!("<h3>{}</h3><ul>{past}</ul>", escaped(td_string!(locale, customer.history.title)))
    });
    let shared = if record.shared { td_string!(locale, person.shared) } else { "" };
    let heading = format!("{} {shared}", kind_word(locale, record.kind));
    format!(
        "<section><h2>{}</h2><dl>{fields}</dl>{}</section>",
        escaped(heading.trim()),
        past.unwrap_or_default()
    )
}

/// As data: fields by their ids.
pub(super) fn data(file: &PersonFile) -> String {
    let records: Vec<_> = file.records.iter().map(record).collect();
    let all = json!({
        "format": "satchel-person/1",
        "made_ms": file.made_ms,
        "name": file.name,
        "code": file.code,
        "records": records,
    });
    format!("{all:#}\n")
}

fn record(record: &PersonRecord) -> serde_json::Value {
    let fields: Map<String, _> = record.fields.iter().map(|(id, value)| (id.clone(), plain(value))).collect();
    let entries = record.history.iter().flat_map(|history| &history.entries);
    let changes: Vec<_> = entries
        .map(|it| json!({ "at_ms": it.at_ms, "field": it.key.field, "before": plain(&it.before), "after": plain(&it.after) }))
        .collect();
    let kind = format!("{:?}", record.kind).to_lowercase();
    json!({ "id": record.id.to_hex(), "kind": kind, "shared": record.shared, "fields": fields, "changes": changes })
}

fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(it) => json!(it),
        Value::Int(it) => json!(it),
        Value::Float(bits) => json!(f64::from_bits(*bits)),
        Value::Text(it) => json!(it),
        Value::Bytes(bytes) => json!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
        Value::List(all) => all.iter().map(plain).collect(),
        Value::Map(all) => all.iter().map(|(key, it)| (key.clone(), plain(it))).collect::<Map<_, _>>().into(),
    }
}

/// The words of a value depend on what the record is only where codes do.
fn item_kind(kind: BackupKind) -> ItemKind {
    match kind {
        BackupKind::Interaction => ItemKind::Interaction(RecordType::Call),
        BackupKind::Order => ItemKind::Order,
        BackupKind::Task => ItemKind::Task,
        BackupKind::Partner | BackupKind::View | BackupKind::Other => ItemKind::Partner(PartnerKind::Person),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::RecordId;

    fn file(note: &str) -> PersonFile {
        let fields = vec![("note".to_owned(), Value::Text(note.to_owned()))];
        let record = PersonRecord {
            id: RecordId([1; 16]),
            kind: BackupKind::Partner,
            shared: false,
            fields,
            history: None,
        };
        PersonFile { made_ms: 0, name: "Li <b>".into(), code: "P-7F3K".into(), records: vec![record] }
    }

    #[test]
    fn what_stands_in_a_field_is_text_in_the_data() {
        let read: serde_json::Value = serde_json::from_str(&data(&file("a \"quote\" </script>"))).unwrap();
        assert_eq!(read["records"][0]["fields"]["note"], "a \"quote\" </script>");
        assert_eq!(read["records"][0]["id"], "01".repeat(16));
    }

    #[test]
    fn markup_in_a_field_stays_text_on_the_page() {
        assert_eq!(escaped("<img src=x onerror=\"a\">&"), "&lt;img src=x onerror=&quot;a&quot;&gt;&amp;");
    }
}
