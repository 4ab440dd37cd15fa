//! Interactions, orders and tasks by the words in them: the same in the palette, a timeline and a filter (R19, R40, R54).

use crate::entry::Event;
use crate::fold::fold;
use crate::sought::{Sought, SoughtWord};
use crate::timeline::newest;
use crate::{Book, TimelineEntry};
use satchel_domain::OrderDraft;

/// A word with the places that say it, by their numbers.
struct Told<'a> {
    word: &'a SoughtWord,
    places: Vec<bool>,
    /// Whether any place does.
    somewhere: bool,
}

impl<'a> Told<'a> {
    fn new(book: &Book, word: &'a SoughtWord) -> Self {
        let places = book.words.saying(word);
        Self { word, somewhere: places.contains(&true), places }
    }

    fn at_place_of(&self, event: &Event) -> bool {
        self.places.get(event.place as usize) == Some(&true)
    }
}

impl Book {
    /// Interactions whose content and place hold all words of a text, whoever took part (R54): first those in whose
    /// content it stands as it was typed, then the others, both newest first.
    pub fn search_interactions(&self, text: &str, limit: usize) -> Vec<TimelineEntry> {
        let Some(sought) = Sought::new(text) else { return Vec::new() };
        let [as_typed, others] = self.saying(&sought);
        let mut found = newest(as_typed, limit);
        found.extend(newest(others, limit - found.len()));
        found.into_iter().map(|event| self.event_entry(event.partner, event)).collect()
    }

    /// Interactions that say all of it, the trash not counted: those in whose content it stands as it was typed, and
    /// the others.
    fn saying(&self, sought: &Sought) -> [Vec<&Event>; 2] {
        let words: Vec<Told<'_>> = sought.words().iter().map(|word| Told::new(self, word)).collect();
        let [lead, rest @ ..] = &words[..] else { return Default::default() };
        let mut found = [Vec::new(), Vec::new()];
        let mut put = |event, text: &[u8]| found[usize::from(!sought.is_phrase_in(text))].push(event);
        if lead.somewhere {
            self.said_at_places(lead, rest, &mut put);
        }
        self.said_in_texts(lead, rest, &mut put);
        found
    }

    /// Tells the interactions whose place says the first word.
    fn said_at_places<'a>(
        &'a self,
        lead: &Told<'_>,
        rest: &[Told<'_>],
        found: &mut impl FnMut(&'a Event, &[u8]),
    ) {
        let events = self.events.iter().map(|(_, event)| event).filter(|event| !event.deleted);
        for event in events.filter(|event| lead.at_place_of(event)) {
            let text = event.text.map_or(&[][..], |place| self.texts.get(place));
            if rest.iter().all(|told| told.word.place(text).is_some() || told.at_place_of(event)) {
                found(event, text);
            }
        }
    }

    /// Tells the others, whose content says it. Most fall out by their text alone, which is at hand.
    fn said_in_texts<'a>(
        &'a self,
        lead: &Told<'_>,
        rest: &[Told<'_>],
        found: &mut impl FnMut(&'a Event, &[u8]),
    ) {
        self.texts.search(lead.word, |owner, text| {
            let event = || self.events.get(owner);
            let at_place = |told: &Told<'_>| event().is_some_and(|event| told.at_place_of(event));
            let says = |told: &Told<'_>| told.word.place(text).is_some() || told.somewhere && at_place(told);
            if rest.iter().all(says)
                && let Some(event) = event().filter(|event| !event.deleted && !lead.at_place_of(event))
            {
                found(event, text);
            }
        });
    }

    pub(crate) fn says(&self, event: &Event, sought: &Sought) -> bool {
        sought.words().iter().all(|word| self.says_word(event, word))
    }

    fn says_word(&self, event: &Event, word: &SoughtWord) -> bool {
        event.text.is_some_and(|place| word.place(self.texts.get(place)).is_some())
            || word.is_in(self.words.folded(event.place))
    }
}

/// Whether an order holds all words: as parts of its number or its products, or as words of its note.
pub(crate) fn order_says(order: &OrderDraft, sought: &Sought) -> bool {
    let products = order.lines.iter().map(|line| &line.product);
    let codes: Vec<String> = products.chain([&order.number]).map(|code| fold(code)).collect();
    let note = fold(&order.note);
    let is_in = |word: &SoughtWord| codes.iter().any(|code| word.is_part_of(code)) || word.is_in(&note);
    sought.words().iter().all(is_in)
}
