//! Values as they are shown: ids by the names they stand for, amounts with their currency.

use super::host::Host;
use super::workspace::Workspace;
use crate::port::{History, HistoryEntry};
use satchel_book::AnyRecord;
use satchel_domain::{AccountId, Attachment, RecordId, Value, field};
use std::collections::BTreeMap;

impl<H: Host> Workspace<H> {
    /// A value of a field as a screen can say it without asking again. It is never written back.
    pub(super) fn readable(&self, record: RecordId, of: &str, value: Value) -> Value {
        match (of, value) {
            (field::FREIGHT | field::STATED_TOTAL, Value::Int(minor)) => {
                Value::Map(BTreeMap::from([("minor".to_owned(), Value::Int(minor)), self.currency(record)]))
            }
            (field::LINES, Value::List(lines)) => {
                let currency = self.currency(record);
                Value::List(lines.into_iter().map(|line| with(line, &currency)).collect())
            }
            (field::FILES, Value::List(files)) => Value::List(files.into_iter().map(named_file).collect()),
            (field::FILES, file) => named_file(file),
            (field::OWNER, value) => self.member_or_id(value),
            (_, value) => self.named(value),
        }
    }

    /// A member by her name; one who left, or whose name does not open, stays an id.
    fn member_or_id(&self, value: Value) -> Value {
        let name = value.as_id().and_then(|id| self.member_name(AccountId(id.0)));
        name.map_or(value, Value::Text)
    }

    /// A record's past as it is shown: of a set's member, the member where it is in the set and nothing where it is not.
    pub(super) async fn readable_history(&self, id: RecordId) -> Option<History> {
        let mut history = self.history(id).await?;
        for HistoryEntry { key, before, after, .. } in &mut history.entries {
            for value in [before, after] {
                let kept = match (&key.element, std::mem::replace(value, Value::Null)) {
                    (Some(element), Value::Bool(true)) => element.clone(),
                    (Some(_), _) => Value::Null,
                    (None, kept) => kept,
                };
                *value = self.readable(id, &key.field, kept);
            }
        }
        Some(history)
    }

    /// Ids inside a value become names.
    fn named(&self, value: Value) -> Value {
        match value {
            Value::List(values) => Value::List(values.into_iter().map(|value| self.named(value)).collect()),
            value => match value.as_id().and_then(|id| self.outline(id)) {
                Some(title) => Value::Text(title.text),
                None => value,
            },
        }
    }

    fn currency(&self, order: RecordId) -> (String, Value) {
        let code = match self.book.borrow().record(order).map(|card| card.what) {
            Some(AnyRecord::Order(order)) => order.entry.currency.code().to_owned(),
            _ => String::new(),
        };
        (field::CURRENCY.to_owned(), Value::Text(code))
    }
}

/// A file by its name.
fn named_file(file: Value) -> Value {
    Attachment::read(&file).map_or(file, |file| Value::Text(file.name))
}

fn with(line: Value, (key, currency): &(String, Value)) -> Value {
    match line {
        Value::Map(mut line) => {
            line.insert(key.clone(), currency.clone());
            Value::Map(line)
        }
        line => line,
    }
}
