//! A saved view: which customers, in which order, with which columns, under a name. It is a record of the
//! workspace, so it syncs, merges and is taken back like any other.

use crate::change::Shape;
use crate::{Code, Invalid, Kind, Record, RecordId, Selection, Value, Write, entry, field};
use serde::{Deserialize, Serialize};

/// The longest selection that is kept, in bytes.
const MOST_BYTES: usize = 16 * 1024;

/// A view as a person edits it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewDraft {
    /// What it is called.
    pub name: String,
    /// Which customers.
    pub selection: Selection,
    /// The code of the order.
    pub sort: String,
    /// The codes of the columns, in their order.
    pub columns: Vec<String>,
}

/// A view as read from its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its identity.
    pub id: RecordId,
    /// Everything a person can edit.
    pub entry: ViewDraft,
    /// It holds a condition that this app does not know: it can be named, not used.
    pub newer: bool,
}

impl ViewDraft {
    /// The writes of a new view.
    pub fn create(&self) -> Vec<Write> {
        self.shape().writes_since(&Shape::default())
    }

    /// The writes that lead from what the person saw to what she made of it: only what differs.
    pub fn diff(from: &Self, to: &Self) -> Vec<Write> {
        to.shape().writes_since(&from.shape())
    }

    /// What is wrong.
    pub fn validate(&self) -> Vec<Invalid> {
        let mut found = Vec::new();
        if self.name.trim().is_empty() {
            found.push(Invalid::new(field::TITLE, Code::Required));
        }
        if encoded(&self.selection).len() > MOST_BYTES {
            found.push(Invalid::new(field::SELECTION, Code::TooLong));
        }
        found
    }

    pub(crate) fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        let columns = self.columns.iter().map(|code| Value::from(code.as_str())).collect();
        shape.put(field::TITLE, self.name.trim());
        shape.put(field::SELECTION, Value::Bytes(encoded(&self.selection)));
        shape.put(field::SORT, self.sort.as_str());
        shape.put(field::COLUMNS, Value::List(columns));
        shape
    }
}

impl View {
    /// Reads a view; `None` when the record is of another kind.
    pub fn read(id: RecordId, record: &Record) -> Option<Self> {
        if record.kind != Kind::View {
            return None;
        }
        let selection = decoded(record.value(field::SELECTION));
        let columns = match record.value(field::COLUMNS) {
            Value::List(codes) => codes.iter().filter_map(Value::as_text).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let newer = selection.is_none();
        let entry = ViewDraft {
            name: entry::text(record, field::TITLE),
            selection: selection.unwrap_or_default(),
            sort: entry::text(record, field::SORT),
            columns,
        };
        Some(Self { id, entry, newer })
    }
}

/// A selection in CBOR, by the names of its words.
fn encoded(selection: &Selection) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(selection, &mut bytes).expect("plain values are written to memory");
    bytes
}

fn decoded(value: &Value) -> Option<Selection> {
    match value {
        Value::Bytes(bytes) => ciborium::from_reader(bytes.as_slice()).ok(),
        Value::Null => Some(Selection::default()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Condition, DeviceId, Group, Join, Term, Tier, Time, create};

    fn draft() -> ViewDraft {
        let quiet = Term { not: true, is: Condition::LastContact(Time::last(30)) };
        let tag = Term { not: false, is: Condition::Tag("vip".into()) };
        ViewDraft {
            name: "重点客户".into(),
            selection: Selection {
                join: Join::Any,
                groups: vec![Group { join: Join::All, terms: vec![quiet, tag] }],
            },
            sort: "value".into(),
            columns: vec!["name".into(), "phone".into()],
        }
    }

    fn kept(draft: &ViewDraft) -> Record {
        create(Kind::View, draft.create(), &mut Clock::new(DeviceId(1)), 1_000)
    }

    #[test]
    fn a_view_is_read_as_it_was_saved_r49() {
        let record = kept(&draft());
        let view = View::read(RecordId([1; 16]), &record).expect("a view");
        assert_eq!((view.entry, view.newer), (draft(), false));
        assert_eq!(View::read(RecordId([1; 16]), &Record::new(Kind::Task)), None);
    }

    #[test]
    fn only_what_differs_is_written() {
        let renamed = ViewDraft { name: "VIP".into(), ..draft() };
        let fields: Vec<_> =
            ViewDraft::diff(&draft(), &renamed).iter().map(|write| write.field().to_owned()).collect();
        assert_eq!(fields, [field::TITLE]);
    }

    #[test]
    fn a_newer_condition_makes_the_view_unusable_not_unreadable() {
        let mut record = kept(&draft());
        let selection = record.fields.get_mut(field::SELECTION).expect("a selection");
        selection.value = Value::Bytes(b"\xa1\x64join\x64Some".to_vec());
        let view = View::read(RecordId([1; 16]), &record).expect("a view");
        assert_eq!((view.entry.name.as_str(), view.newer), ("重点客户", true));
    }

    #[test]
    fn a_view_has_a_name() {
        let nameless = ViewDraft { name: " ".into(), ..draft() };
        assert!(nameless.validate().iter().any(|invalid| invalid.field == field::TITLE));
        assert!(draft().validate().is_empty());
    }

    /// What was saved once is opened for ever.
    #[test]
    fn a_kept_selection_opens() {
        let bytes = encoded(&Selection::of(Condition::Ordered(Some(Time::last(7)))));
        let kept = "a2646a6f696e63416c6c6667726f75707381a2646a6f696e63416c6c657465726d7381a2636e6f74f4626973a1674f726465726564a16341676fa2656c6561737400646d6f737407";
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(&bytes), kept);
        let bytes = encoded(&Selection::of(Condition::Tier(Tier::A)));
        let kept = "a2646a6f696e63416c6c6667726f75707381a2646a6f696e63416c6c657465726d7381a2636e6f74f4626973a164546965726141";
        assert_eq!(hex(&bytes), kept);
    }
}
