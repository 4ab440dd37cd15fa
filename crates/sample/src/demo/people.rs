//! Who the customers are.

use super::tongue::Tongue;
use super::{Demo, Made, What, id};
use crate::dice::Dice;
use satchel_domain::moment::DAY_MS;
use satchel_domain::{Address, ContactPoint, Coordinates, PartnerDraft, PartnerKind, PartnerType, RecordId};

/// Pairs that look alike: somebody was written down twice.
pub(super) const TWINS: usize = 12;
/// Records with a number or an address that is none.
pub(super) const DIRTY: usize = 8;
/// How many people became customers of late.
const NEW: usize = 14;
/// How many firms have gone quiet, of those that were busy once.
const QUIET: usize = 6;
/// Since when, in days.
const QUIET_DAYS: usize = 70;

/// How much a firm buys at a time: three sizes that nothing lies between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Size {
    /// A few of one thing.
    Small,
    /// Boxes.
    Middle,
    /// Pallets.
    Large,
}

impl Size {
    /// Of the firm at a place: every fifth is large, every second of the others small.
    pub(super) fn of(place: usize) -> Self {
        match place % 5 {
            0 => Self::Large,
            1 | 3 => Self::Small,
            _ => Self::Middle,
        }
    }

    /// How many lines an order has.
    pub(super) fn lines(self, dice: &mut Dice) -> usize {
        match self {
            Self::Small => 1,
            Self::Middle => 2 + dice.below(2),
            Self::Large => 4 + dice.below(2),
        }
    }

    /// How many units a line has.
    pub(super) fn units(self, dice: &mut Dice) -> i64 {
        match self {
            Self::Small => 1 + dice.below(3) as i64,
            Self::Middle => 12 + dice.below(12) as i64,
            Self::Large => 80 + dice.below(60) as i64,
        }
    }
}

/// Somebody to speak with.
pub(super) struct Person {
    pub(super) id: RecordId,
    pub(super) name: String,
    pub(super) firm: usize,
    /// Since how many days she is a customer, and since how many nothing is heard of her.
    pub(super) days: (usize, usize),
    draft: PartnerDraft,
}

/// A firm that buys.
pub(super) struct Firm {
    pub(super) id: RecordId,
    draft: PartnerDraft,
}

/// All of them.
pub(super) struct People {
    pub(super) firms: Vec<Firm>,
    pub(super) people: Vec<Person>,
}

impl People {
    pub(super) fn make(demo: &Demo<'_>) -> Self {
        let firms: Vec<Firm> = (0..demo.sizes.organisations).map(|place| firm(demo, place)).collect();
        let people = (0..demo.sizes.people).map(|place| person(demo, place, &firms)).collect();
        Self { firms, people }
    }

    /// One who is spoken with: the first ones more often.
    pub(super) fn anybody(&self, dice: &mut Dice) -> Option<&Person> {
        let even = dice.below(1 << 16) as f64 / f64::from(1 << 16);
        let place = (even * even * self.people.len() as f64) as usize;
        self.people.get(place)
    }

    /// Somebody at the n-th firm of the first city, and at another one each time: a day's visits lie close together.
    pub(super) fn nearby(&self, demo: &Demo<'_>, nth: usize) -> Option<&Person> {
        let city = demo.tongue().cities.first()?;
        let is_there =
            |firm: &Firm| firm.draft.addresses.first().is_some_and(|address| address.city == *city);
        let mut firms = (0..self.firms.len()).filter(|firm| is_there(&self.firms[*firm]));
        let mut people =
            firms.by_ref().filter_map(|firm| self.people.iter().find(|person| person.firm == firm));
        people.nth(nth)
    }

    /// The partners' records.
    pub(super) fn records(&self, demo: &Demo<'_>) -> Vec<Made> {
        let first_ms = demo.midnight_ms - (demo.sizes.days as i64 + 5) * DAY_MS;
        let made = |written_ms, id, draft: &PartnerDraft| Made {
            written_ms,
            id,
            what: What::Partner(Box::new(draft.clone())),
        };
        let firms = self.firms.iter().map(|firm| made(first_ms, firm.id, &firm.draft));
        let people = self.people.iter().map(|person| {
            let days = if person.days.0 < demo.sizes.days { person.days.0 } else { demo.sizes.days + 4 };
            made(demo.midnight_ms - days as i64 * DAY_MS, person.id, &person.draft)
        });
        let later_ms = demo.midnight_ms - 20 * DAY_MS;
        let planted = (0..TWINS).filter_map(|place| self.twin(demo, place)).chain(dirty(demo));
        firms.chain(people).chain(planted.map(|(id, draft)| made(later_ms, id, &draft))).collect()
    }

    /// Somebody written down a second time: the same number, her name a little otherwise.
    fn twin(&self, demo: &Demo<'_>, place: usize) -> Option<(RecordId, PartnerDraft)> {
        let person = self.people.get(20 + place * 5)?;
        let name = match person.name.split_once(' ') {
            Some((given, family)) => format!("{}. {family}", given.get(..1).unwrap_or(given)),
            None => {
                format!("{} ", person.name.chars().take(1).collect::<String>())
                    + demo.tongue().positions[place % 3]
            }
        };
        let draft = PartnerDraft {
            name,
            phones: person.draft.phones.clone(),
            organisation: person.draft.organisation,
            ..PartnerDraft::default()
        };
        Some((id(&mut demo.dice(3, place)), draft))
    }
}

fn firm(demo: &Demo<'_>, place: usize) -> Firm {
    let (mut dice, tongue) = (demo.dice(1, place), demo.tongue());
    let id = id(&mut dice);
    let (firsts, trades) = (tongue.firms.len(), tongue.trades.len());
    // Each pair once, neighbours unlike each other.
    let (first, trade) = (place % firsts, (place % firsts + place / firsts) % trades);
    let name = (tongue.firm)(tongue.firms[first], tongue.trades[trade]);
    let partner_type = match dice.below(10) {
        0 => PartnerType::Prospect,
        1 => PartnerType::Distributor,
        2 if place > 60 => PartnerType::Supplier,
        _ => PartnerType::Customer,
    };
    let address = address(&mut dice, tongue);
    let coordinates = near(&mut demo.dice(10, place), tongue, &address.city);
    let draft = PartnerDraft {
        kind: PartnerKind::Organisation,
        name,
        coordinates,
        partner_type,
        phones: vec![ContactPoint::new("work", (tongue.phone)(place))],
        mails: vec![ContactPoint::new("work", format!("office{place}@example.com"))],
        addresses: vec![address],
        tags: tags(&mut dice, tongue),
        website: format!("https://www.example.com/{place}"),
        note: dice.pick(tongue.notes).to_owned(),
        ..PartnerDraft::default()
    };
    Firm { id, draft }
}

fn person(demo: &Demo<'_>, place: usize, firms: &[Firm]) -> Person {
    let (mut dice, tongue) = (demo.dice(2, place), demo.tongue());
    let id = id(&mut dice);
    let firm = employer(demo, place) % firms.len().max(1);
    let (families, given) = (tongue.families.len(), tongue.given.len());
    // Both lists are gone through at different paces, so that no name comes twice.
    let name = (tongue.name)(
        tongue.families[(place * 7) % families],
        tongue.given[(place * 11 + place / families) % given],
    );
    let draft = PartnerDraft {
        name: name.clone(),
        organisation: firms.get(firm).map(|firm| firm.id),
        position: dice.pick(tongue.positions).to_owned(),
        phones: vec![ContactPoint::new("mobile", (tongue.phone)(1_000 + place))],
        mails: vec![ContactPoint::new("work", format!("contact{place}@example.com"))],
        messengers: if dice.one_in(3) {
            vec![ContactPoint::new("wechat", format!("sample_{place:03}"))]
        } else {
            vec![]
        },
        tags: if dice.one_in(3) { tags(&mut dice, tongue) } else { Default::default() },
        note: dice.pick(tongue.notes).to_owned(),
        ..PartnerDraft::default()
    };
    Person { id, name, firm, days: days(demo, place), draft }
}

/// For whom somebody works. Nobody new is at a firm that has gone quiet.
fn employer(demo: &Demo<'_>, place: usize) -> usize {
    if is_new(demo, place) { place + 40 } else { place }
}

fn is_new(demo: &Demo<'_>, place: usize) -> bool {
    place >= demo.sizes.people.saturating_sub(NEW)
}

/// Since how many days somebody is a customer, and since how many she is silent.
fn days(demo: &Demo<'_>, place: usize) -> (usize, usize) {
    let newest = demo.sizes.people.saturating_sub(NEW);
    match place {
        place if is_new(demo, place) => (2 + place - newest, 0),
        place if (4..4 + QUIET).contains(&(place % demo.sizes.organisations.max(1))) => {
            (demo.sizes.days, QUIET_DAYS + 9 * place % 90)
        }
        _ => (demo.sizes.days, 0),
    }
}

fn tags(dice: &mut Dice, tongue: &Tongue) -> std::collections::BTreeSet<String> {
    (0..1 + dice.below(2)).map(|_| dice.pick(tongue.tags).to_owned()).collect()
}

fn address(dice: &mut Dice, tongue: &Tongue) -> Address {
    Address {
        label: "work".into(),
        street: (tongue.street)(dice.pick(tongue.streets), 1 + dice.below(180)),
        city: dice.pick(tongue.cities).into(),
        ..Address::default()
    }
}

/// Somewhere in a city: within some three kilometres of its middle.
fn near(dice: &mut Dice, tongue: &Tongue, city: &str) -> Option<Coordinates> {
    let at = tongue.cities.iter().position(|name| *name == city)?;
    let (lat, lon) = tongue.places.get(at)?;
    let mut off = || (dice.below(600) as f64 - 300.0) / 10_000.0;
    Coordinates::of_degrees(lat + off(), lon + off())
}

/// Records that are not quite right, as they come out of old lists.
fn dirty(demo: &Demo<'_>) -> impl Iterator<Item = (RecordId, PartnerDraft)> {
    let (note, number) = demo.tongue().dirty;
    (0..DIRTY).map(move |place| {
        let mut dice = demo.dice(4, place);
        let tongue = demo.tongue();
        let name = (tongue.name)(dice.pick(tongue.families), dice.pick(tongue.given));
        let draft = PartnerDraft {
            name: if place % 2 == 0 { format!("{name}?") } else { name.to_uppercase() },
            phones: vec![ContactPoint::new("", number)],
            mails: vec![ContactPoint::new("", format!("{place} at example.com"))],
            note: note.to_owned(),
            ..PartnerDraft::default()
        };
        (id(&mut dice), draft)
    })
}
