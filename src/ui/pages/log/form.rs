//! The log form as typed: what it holds, what it becomes, what is kept of it as a draft.
//!
//! It differs from an interaction by what is still open: no customer yet, a time that means "now", a
//! type that follows the method, numbers as text.

use super::promise::{self, Promise};
use crate::ui::pages::memory::LogSeed;
use crate::ui::pages::vocabulary::Reading;
use crate::ui::pages::vocabulary::slug::usual_type;
use chrono::{Datelike, NaiveDate};
use satchel_domain::{
    Code, Day, FileId, InteractionDraft, Invalid, Method, Moment, Outcome, Participation, Precision,
    RecordId, RecordType, Task, TaskDraft, Turn, field,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogForm {
    /// Whom it is about.
    pub partner: Option<RecordId>,
    /// By which channel.
    pub method: Method,
    /// What kind of event; `None` while it follows the method.
    pub record_type: Option<RecordType>,
    /// When, as a `datetime-local` field writes it; empty for now.
    pub at: String,
    /// Minutes as typed.
    pub minutes: String,
    /// How it went.
    pub outcome: Option<Outcome>,
    /// What was said.
    pub content: String,
    /// Where.
    pub place: String,
    /// Who else took part.
    pub participants: BTreeSet<Participation>,
    /// The follow-up.
    pub follow: FollowUp,
    /// Open tasks that were ticked by hand, or unticked.
    pub settled: Vec<(RecordId, bool)>,
    /// Files that were kept for it.
    pub files: Vec<FileId>,
    /// Files that it has and that are taken off.
    pub taken_off: Vec<FileId>,
}

/// What is promised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FollowUp {
    /// Nothing, though the note may propose something.
    #[default]
    None,
    /// What the note proposes.
    Proposed,
    /// In the person's own words.
    Own {
        /// What.
        title: String,
        /// The day, as a `date` field writes it; may be empty.
        due: String,
    },
}

/// What a form becomes.
pub type Entry = (InteractionDraft, Option<TaskDraft>);

impl LogForm {
    /// The form of an entry that is there already.
    pub fn of(entry: &InteractionDraft, at: String) -> Self {
        Self {
            partner: Some(entry.partner),
            method: entry.method,
            record_type: Some(entry.record_type.clone()),
            at,
            minutes: entry.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
            outcome: entry.outcome,
            content: entry.content.clone(),
            place: entry.place.clone(),
            participants: entry.participants.clone(),
            follow: FollowUp::None,
            settled: Vec::new(),
            files: Vec::new(),
            taken_off: Vec::new(),
        }
    }

    /// The type as chosen, or as the method usually is.
    pub fn effective_type(&self) -> RecordType {
        self.record_type.clone().unwrap_or_else(|| usual_type(self.method))
    }

    /// Whether anything was typed that would be missed: what was filled in for her does not count.
    pub fn is_worth_keeping(&self) -> bool {
        let typed = [&self.content, &self.place, &self.minutes, &self.at]
            .into_iter()
            .any(|text| !text.trim().is_empty());
        typed
            || self.outcome.is_some()
            || !self.participants.is_empty()
            || !(self.files.is_empty() && self.taken_off.is_empty() && self.settled.is_empty())
            || matches!(self.follow, FollowUp::Own { .. })
    }

    /// Whether an open task is done with it. Unless that was said by hand, a visit is the one that was planned; where nobody
    /// was met it still is to come.
    pub fn settles(&self, task: &Task) -> bool {
        let by_hand = self.settled.iter().find(|(id, _)| *id == task.id).map(|(_, done)| *done);
        let planned = matches!(task.entry.turn, Turn::Nth(_)) && task.entry.partner == self.partner;
        by_hand.unwrap_or(planned && self.method == Method::Visit && self.outcome != Some(Outcome::Absent))
    }

    /// Ticks an open task by hand, or unticks it.
    pub fn settle(&mut self, task: RecordId, done: bool) {
        self.settled.retain(|(id, _)| *id != task);
        self.settled.push((task, done));
    }

    /// What the note proposes. "Tomorrow" is counted from the day on which it was said.
    pub fn proposal(&self, today: NaiveDate) -> Option<Promise> {
        let said = self.at.get(..10).and_then(|day| day.parse().ok());
        promise::read(&self.content, said.unwrap_or(today))
    }

    /// The entry and its follow-up, or what is wrong.
    ///
    /// # Errors
    /// Everything that keeps it from being saved, by field.
    pub fn entry(&self, reading: &Reading) -> Result<Entry, Vec<Invalid>> {
        let mut wrong = Vec::new();
        let draft = InteractionDraft {
            partner: self.partner.unwrap_or(RecordId::NIL),
            record_type: self.effective_type(),
            method: self.method,
            at: self.moment(reading, &mut wrong),
            minutes: self.minutes_typed(&mut wrong),
            content: self.content.trim_end().to_owned(),
            outcome: self.outcome,
            place: self.place.trim().to_owned(),
            participants: self.others(),
        };
        let follow_up = self.follow_up(reading, &mut wrong);
        wrong.extend(draft.validate(reading.now_ms).into_iter().filter(|found| found.code.blocks()));
        if wrong.is_empty() { Ok((draft, follow_up)) } else { Err(wrong) }
    }

    fn moment(&self, reading: &Reading, wrong: &mut Vec<Invalid>) -> Moment {
        let typed = self.at.trim();
        let utc_ms = if typed.is_empty() { Some(reading.now_ms) } else { (reading.local)(typed) };
        if utc_ms.is_none() {
            wrong.push(invalid(field::AT, Code::NotDate));
        }
        Moment {
            utc_ms: utc_ms.unwrap_or(reading.now_ms),
            zone: reading.zone.clone(),
            precision: Precision::Exact,
        }
    }

    fn minutes_typed(&self, wrong: &mut Vec<Invalid>) -> Option<u32> {
        let typed = self.minutes.trim();
        if typed.is_empty() {
            return None;
        }
        let minutes = typed.parse().ok().filter(|minutes| *minutes <= 7 * 24 * 60);
        if minutes.is_none() {
            wrong.push(invalid(field::MINUTES, Code::NotNumber));
        }
        minutes
    }

    /// Takes over the channel, how long it took and when it began; what was typed stays. `local` is the time as a
    /// `datetime-local` field writes it.
    pub fn begin_with(&mut self, seed: &LogSeed, local: impl FnOnce(i64) -> String) {
        let Some(method) = seed.method else { return };
        self.method = method;
        self.minutes = seed.minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        self.at = seed.at_ms.map(local).unwrap_or_default();
    }

    /// Adds a text that came from elsewhere below what was said.
    pub fn add_text(&mut self, text: &str) {
        if !self.content.trim().is_empty() {
            self.content.push_str("\n\n");
        }
        self.content.push_str(text.trim());
    }

    /// Adds a dictated sentence to what was said: with a space between Latin words, and none in Chinese.
    pub fn add_sentence(&mut self, sentence: &str) {
        let sentence = sentence.trim();
        let spaced = |letter: char| !letter.is_whitespace() && letter.len_utf8() < 3;
        if self.content.chars().next_back().is_some_and(spaced) {
            self.content.push(' ');
        }
        self.content.push_str(sentence);
    }

    /// Participants but for the customer's own main part, which the customer field says.
    fn others(&self) -> BTreeSet<Participation> {
        self.participants
            .iter()
            .filter(|part| part.relationship != satchel_domain::Relationship::Primary)
            .cloned()
            .collect()
    }

    fn follow_up(&self, reading: &Reading, wrong: &mut Vec<Invalid>) -> Option<TaskDraft> {
        let (title, due) = match &self.follow {
            FollowUp::None => return None,
            FollowUp::Proposed => {
                let promise = self.proposal(reading.today)?;
                (promise.title, promise.due.to_string())
            }
            FollowUp::Own { title, due } if title.trim().is_empty() && due.is_empty() => return None,
            FollowUp::Own { title, due } => (title.trim().to_owned(), due.clone()),
        };
        let due = due_moment(&due, reading, wrong);
        let task = TaskDraft { partner: self.partner, title, due, ..TaskDraft::default() };
        wrong.extend(task.validate());
        Some(task)
    }
}

/// The due day of a task; nothing for an empty text.
pub fn due_moment(due: &str, reading: &Reading, wrong: &mut Vec<Invalid>) -> Option<Moment> {
    if due.trim().is_empty() {
        return None;
    }
    let day = due
        .trim()
        .parse::<NaiveDate>()
        .ok()
        .and_then(|date| Day::from_ymd(date.year(), date.month(), date.day()));
    if day.is_none() {
        wrong.push(invalid(field::DUE, Code::NotDate));
    }
    Some(Moment::all_day(day?, reading.zone.clone()))
}

fn invalid(field: &str, code: Code) -> Invalid {
    Invalid { field: field.to_owned(), code }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::Relationship;

    const NOW: i64 = 1_795_077_120_000; // Thursday 2026-11-19 10:32 UTC
    const WHO: RecordId = RecordId([1; 16]);

    fn local(text: &str) -> Option<i64> {
        let whole = if text.len() == 10 { format!("{text}T00:00") } else { text.to_owned() };
        let parsed = chrono::NaiveDateTime::parse_from_str(&whole, "%Y-%m-%dT%H:%M").ok()?;
        Some(parsed.and_utc().timestamp_millis())
    }

    fn reading() -> Reading {
        let today = "2026-11-19".parse().expect("a date");
        Reading { now_ms: NOW, zone: "UTC".to_owned(), today, local }
    }

    fn form() -> LogForm {
        LogForm { partner: Some(WHO), ..LogForm::default() }
    }

    #[test]
    fn a_visit_settles_the_one_that_was_planned_and_the_hand_decides() {
        let entry = TaskDraft { partner: Some(WHO), turn: Turn::Nth(0), ..TaskDraft::default() };
        let id = RecordId([7; 16]);
        let task = Task { id, entry, done_ms: None, deleted: false, created_ms: 0, edited_ms: 0 };
        let of = |entry: TaskDraft| Task { entry, ..task.clone() };
        let visit = LogForm { method: Method::Visit, ..form() };
        assert!(visit.settles(&task));
        assert!(!visit.settles(&of(TaskDraft { turn: Turn::Unsaid, ..task.entry.clone() })), "merely due");
        let other = Some(RecordId([2; 16]));
        assert!(!visit.settles(&of(TaskDraft { partner: other, ..task.entry.clone() })), "somebody else's");
        let call = LogForm { method: Method::Phone, ..visit.clone() };
        assert!(!call.settles(&task), "a call is no visit");
        let mut absent = LogForm { outcome: Some(Outcome::Absent), ..visit.clone() };
        assert!(!absent.settles(&task) && absent.is_worth_keeping(), "nobody was met");
        absent.settle(id, true);
        absent.settle(id, true);
        assert!(absent.settles(&task) && absent.settled.len() == 1);
        let mut unticked = visit;
        unticked.settle(id, false);
        assert!(!unticked.settles(&task) && unticked.is_worth_keeping());
    }

    #[test]
    fn what_is_promised_is_counted_from_the_day_on_which_it_was_said() {
        let today = reading().today;
        let due = |at: &str| {
            let form = LogForm { content: "Quote by tomorrow.".into(), at: at.into(), ..form() };
            form.proposal(today).map(|promise| promise.due.to_string())
        };
        assert_eq!(due("").as_deref(), Some("2026-11-20"));
        assert_eq!(due("2026-11-09T20:45").as_deref(), Some("2026-11-10"));
        assert_eq!(due("soon").as_deref(), Some("2026-11-20"));
    }

    #[test]
    fn a_customer_is_enough_r22() {
        let (entry, task) = form().entry(&reading()).expect("valid");
        assert_eq!(
            (entry.at.utc_ms, entry.method, entry.record_type),
            (NOW, Method::Visit, RecordType::Visit)
        );
        assert_eq!(task, None);
    }

    #[test]
    fn without_a_customer_it_cannot_be_saved() {
        let wrong = LogForm::default().entry(&reading()).expect_err("no customer");
        assert_eq!(wrong, [invalid(field::PARTNER, Code::Required)]);
    }

    #[test]
    fn the_type_follows_the_method_until_it_is_chosen() {
        let mut form = LogForm { method: Method::WeChat, ..form() };
        assert_eq!(form.effective_type(), RecordType::Chat);
        form.record_type = Some(RecordType::Complaint);
        form.method = Method::Phone;
        assert_eq!(form.effective_type(), RecordType::Complaint);
    }

    #[test]
    fn an_accepted_proposal_becomes_a_task() {
        let form =
            LogForm { content: "Agrees. Quote by Friday.".into(), follow: FollowUp::Proposed, ..form() };
        let (_, task) = form.entry(&reading()).expect("valid");
        let task = task.expect("a follow-up");
        assert_eq!((task.title.as_str(), task.partner), ("Quote", Some(WHO)));
        assert_eq!(task.due.map(|due| due.utc_ms), local("2026-11-20"));
    }

    #[test]
    fn what_cannot_be_read_is_named_by_field() {
        let follow = FollowUp::Own { title: String::new(), due: "2026-11-20".into() };
        let form = LogForm { at: "yesterday".into(), minutes: "a while".into(), follow, ..form() };
        let wrong = form.entry(&reading()).expect_err("three things");
        let fields: Vec<&str> = wrong.iter().map(|found| found.field.as_str()).collect();
        assert_eq!(fields, [field::AT, field::MINUTES, field::TITLE]);
    }

    #[test]
    fn the_main_part_is_never_among_the_others() {
        let primary = Participation { partner: WHO, relationship: Relationship::Primary };
        let payer = Participation { partner: RecordId([2; 16]), relationship: Relationship::Payer };
        let form = LogForm { participants: [primary, payer.clone()].into(), ..form() };
        let (entry, _) = form.entry(&reading()).expect("valid");
        assert_eq!(entry.participants, [payer].into());
    }

    #[test]
    fn an_entry_survives_its_form() {
        let full = LogForm {
            at: "2026-11-18T09:12".into(),
            minutes: "6".into(),
            outcome: Some(Outcome::Agreed),
            content: "确认 14:30 见面".into(),
            place: "8 号楼".into(),
            ..form()
        };
        let (entry, _) = full.entry(&reading()).expect("valid");
        let again = LogForm::of(&entry, "2026-11-18T09:12".into());
        assert_eq!(again.entry(&reading()), Ok((entry, None)));
    }

    #[test]
    fn a_call_takes_over_the_note_that_was_begun_r22() {
        let mut form = LogForm {
            content: "Asks for".into(),
            outcome: Some(Outcome::Agreed),
            at: "2026-11-18T09:12".into(),
            ..form()
        };
        let seed = LogSeed { method: Some(Method::Phone), minutes: Some(6), ..LogSeed::default() };
        form.begin_with(&seed, |_| String::new());
        assert_eq!((form.method, form.minutes.as_str(), form.at.as_str()), (Method::Phone, "6", ""));
        assert_eq!((form.content.as_str(), form.outcome), ("Asks for", Some(Outcome::Agreed)));
        let begun = form.clone();
        form.begin_with(&LogSeed { content: "shared".into(), ..LogSeed::default() }, |_| String::new());
        assert_eq!(form, begun);
    }

    #[test]
    fn what_was_shared_stands_below_what_was_typed() {
        let mut form = form();
        form.add_text(" 李明: 好的\n");
        form.add_text("https://example.org/offer");
        assert_eq!(form.content, "李明: 好的\n\nhttps://example.org/offer");
    }

    #[test]
    fn dictated_sentences_follow_each_other_as_their_script_does_r21() {
        let mut form = form();
        for sentence in ["Wants forty pumps.", " Quote by Friday."] {
            form.add_sentence(sentence);
        }
        assert_eq!(form.content, "Wants forty pumps. Quote by Friday.");
        form.content.clear();
        for sentence in ["要四十台。", "周五前报价。"] {
            form.add_sentence(sentence);
        }
        assert_eq!(form.content, "要四十台。周五前报价。");
    }

    #[test]
    fn only_what_was_typed_is_worth_keeping() {
        assert!(!form().is_worth_keeping());
        assert!(LogForm { content: "x".into(), ..form() }.is_worth_keeping());
        assert!(LogForm { outcome: Some(Outcome::Absent), ..form() }.is_worth_keeping());
    }
}
