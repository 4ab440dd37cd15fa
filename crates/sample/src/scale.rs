//! Made-up customers and what happened with them: the same for the same seed, in two languages.
//!
//! Interaction `k` of `m` belongs to the partner at `(k / m)²` of all: an even ten on average, about a
//! hundred times that for the busiest of ten thousand, five for the quietest.

use crate::dice::Dice;
use crate::words;
use satchel_domain::{
    ContactPoint, InteractionDraft, Method, Moment, Outcome, PartnerDraft, PartnerKind, Precision, RecordId,
    RecordType,
};
use std::ops::Range;

/// Bytes of text in an interaction, on average.
const TEXT: usize = 300;
/// The first moment at which anything happened, ms since 1970 UTC: 2023-01-01.
const FROM_MS: i64 = 1_672_531_200_000;
/// How long things went on, in minutes: three years.
const MINUTES: usize = 3 * 365 * 24 * 60;
const ZONE: &str = "Asia/Shanghai";

/// A made-up workspace.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Same seed, same content.
    pub seed: u64,
    /// How many partners.
    pub partners: usize,
    /// How many interactions.
    pub interactions: usize,
}

/// A kind of question to the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The beginning of a Latin name.
    Prefix,
    /// Two Chinese characters that somebody said.
    Chinese,
    /// The initials of a Chinese name's pinyin.
    Initials,
    /// A Latin name with one letter wrong.
    Typo,
}

impl Scale {
    /// A partner, by its place.
    pub fn partner(&self, place: usize) -> (RecordId, PartnerDraft) {
        let mut dice = self.dice(1, place);
        let id = id(&mut dice);
        let kind = kind(&mut dice);
        let chinese = speaks_chinese(&mut dice);
        let name = name(&mut dice, kind, chinese);
        let note = words::text(&mut dice, chinese, 40);
        let mail = format!("{}{}@example.com", dice.pick(&words::LAST).to_lowercase(), dice.below(9_999));
        let address = satchel_domain::Address {
            label: "work".into(),
            street: words::text(&mut dice, chinese, 18),
            city: dice.pick(&words::CITIES).into(),
            ..Default::default()
        };
        let draft = PartnerDraft {
            kind,
            name,
            position: if kind == PartnerKind::Person { "采购经理".into() } else { String::new() },
            phones: vec![ContactPoint::new("work", format!("+86 138 {:08}", dice.below(100_000_000)))],
            mails: vec![ContactPoint::new("work", mail)],
            addresses: vec![address],
            tags: [dice.pick(&words::TAGS).to_owned()].into(),
            note,
            ..PartnerDraft::default()
        };
        (id, draft)
    }

    /// The id of a partner, by its place.
    pub fn partner_id(&self, place: usize) -> RecordId {
        id(&mut self.dice(1, place))
    }

    /// The places of the interactions of a partner.
    pub fn history(&self, partner: usize) -> Range<usize> {
        let start = |partner: usize| {
            let share = (partner as f64 / self.partners as f64).sqrt();
            (share * self.interactions as f64).round() as usize
        };
        start(partner)..start(partner + 1)
    }

    /// An interaction of a partner, by its place among all.
    pub fn interaction(&self, partner: RecordId, place: usize) -> (RecordId, InteractionDraft) {
        let mut dice = self.dice(2, place);
        let id = id(&mut dice);
        let utc_ms = FROM_MS + dice.below(MINUTES) as i64 * 60_000;
        let chinese = speaks_chinese(&mut dice);
        let bytes = TEXT / 2 + dice.below(TEXT);
        let draft = InteractionDraft {
            partner,
            record_type: [RecordType::Visit, RecordType::Call, RecordType::Mail, RecordType::Chat]
                [dice.below(4)]
            .clone(),
            method: [Method::Visit, Method::Phone, Method::Mail, Method::WeChat][dice.below(4)],
            at: Moment { utc_ms, zone: ZONE.into(), precision: Precision::Exact },
            minutes: dice.one_in(2).then(|| 15 + dice.below(90) as u32),
            content: words::text(&mut dice, chinese, bytes),
            outcome: dice.one_in(3).then_some(Outcome::Interested),
            place: String::new(),
            participants: Default::default(),
        };
        (id, draft)
    }

    /// Every interaction of the partners at `partners`, partner by partner.
    pub fn interactions(
        &self,
        partners: Range<usize>,
    ) -> impl Iterator<Item = (RecordId, InteractionDraft)> + '_ {
        partners.flat_map(move |partner| {
            let id = self.partner_id(partner);
            self.history(partner).map(move |place| self.interaction(id, place))
        })
    }

    /// The `turn`-th question of a kind: one that has an answer.
    pub fn question(&self, question: Question, turn: usize) -> String {
        let mut dice = self.dice(3, turn);
        match question {
            Question::Prefix => dice.pick(&words::LAST).chars().take(3 + dice.below(2)).collect(),
            Question::Chinese => self.said(&mut dice),
            Question::Initials => self.initials(&mut dice),
            Question::Typo => misspelt(&mut dice, dice_word(&mut self.dice(4, turn))),
        }
    }

    /// The initials of somebody who is there.
    fn initials(&self, dice: &mut Dice) -> String {
        loop {
            let mut somebody = self.dice(1, dice.below(self.partners));
            id(&mut somebody);
            let kind = kind(&mut somebody);
            if speaks_chinese(&mut somebody) && kind == PartnerKind::Person {
                return words::chinese_name(&mut somebody).1;
            }
        }
    }

    fn said(&self, dice: &mut Dice) -> String {
        loop {
            let (_, draft) = self.interaction(RecordId::NIL, dice.below(self.interactions));
            let chars: Vec<char> = draft.content.chars().collect();
            let pair = chars.windows(2).find(|pair| pair.iter().all(|char| *char >= '\u{4e00}'));
            if let Some(pair) = pair {
                return pair.iter().collect();
            }
        }
    }

    fn dice(&self, kind: u64, place: usize) -> Dice {
        Dice::new(self.seed, (kind << 56) | place as u64)
    }
}

fn id(dice: &mut Dice) -> RecordId {
    let mut bytes = [0; 16];
    dice.fill(&mut bytes);
    RecordId(bytes)
}

fn kind(dice: &mut Dice) -> PartnerKind {
    if dice.one_in(5) { PartnerKind::Organisation } else { PartnerKind::Person }
}

fn speaks_chinese(dice: &mut Dice) -> bool {
    dice.below(10) < 6
}

fn name(dice: &mut Dice, kind: PartnerKind, chinese: bool) -> String {
    match (kind, chinese) {
        (PartnerKind::Person, true) => words::chinese_name(dice).0,
        (PartnerKind::Person, false) => format!("{} {}", dice.pick(&words::FIRST), dice.pick(&words::LAST)),
        (PartnerKind::Organisation, _) => {
            format!("{} {} {}", dice.pick(&words::LAST), dice.below(1_000), dice.pick(&words::TRADES))
        }
    }
}

/// A last name that is long enough to be misspelt.
fn dice_word(dice: &mut Dice) -> &'static str {
    let long: Vec<&str> = words::LAST.into_iter().filter(|name| name.len() > 6).collect();
    long[dice.below(long.len())]
}

/// One letter in the middle is another one.
fn misspelt(dice: &mut Dice, word: &str) -> String {
    let wrong = 2 + dice.below(word.len() - 3);
    let letter = |(place, letter): (usize, char)| if place == wrong { 'x' } else { letter };
    word.chars().enumerate().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: Scale = Scale { seed: 7, partners: 1_000, interactions: 10_000 };

    #[test]
    fn the_same_seed_gives_the_same_customers() {
        let again = SAMPLE;
        assert_eq!(SAMPLE.partner(17), again.partner(17));
        assert_ne!(SAMPLE.partner(17), Scale { seed: 8, ..SAMPLE }.partner(17));
        let of = |sample: &Scale| sample.interactions(3..5).collect::<Vec<_>>();
        assert_eq!(of(&SAMPLE), of(&again));
    }

    #[test]
    fn every_interaction_has_one_partner_and_some_partners_have_many() {
        let counts: Vec<usize> = (0..SAMPLE.partners).map(|place| SAMPLE.history(place).len()).collect();
        assert_eq!(counts.iter().sum::<usize>(), SAMPLE.interactions);
        assert!(counts[0] > 20 * counts[SAMPLE.partners - 1], "{} {}", counts[0], counts[999]);
        assert!(counts.iter().all(|count| *count >= 4));
    }

    #[test]
    fn texts_are_about_as_long_as_promised_and_in_both_languages() {
        let texts: Vec<_> = SAMPLE.interactions(0..200).map(|(_, draft)| draft.content).collect();
        let mean = texts.iter().map(String::len).sum::<usize>() / texts.len();
        assert!((270..330).contains(&mean), "{mean}");
        let chinese = texts.iter().filter(|text| text.chars().any(|char| char >= '\u{4e00}')).count();
        assert!((texts.len() / 2..texts.len() * 7 / 10).contains(&chinese), "{chinese} of {}", texts.len());
    }

    #[test]
    fn questions_are_what_they_are_called() {
        for turn in 0..50 {
            assert!(SAMPLE.question(Question::Prefix, turn).len() >= 3);
            assert_eq!(SAMPLE.question(Question::Chinese, turn).chars().count(), 2);
            assert_eq!(SAMPLE.question(Question::Initials, turn).len(), 3);
            let typo = SAMPLE.question(Question::Typo, turn);
            assert!(typo.contains('x') && !words::LAST.contains(&typo.as_str()), "{typo}");
        }
    }
}
