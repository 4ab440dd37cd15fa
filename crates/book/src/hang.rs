//! Records come and go: what each of them hangs on is kept right, also where partners are merged.

use crate::Book;
use crate::brief::{InteractionBrief, PartnerBrief};
use crate::entry::{Event, Handle, OrderEntry, PartnerEntry};
use crate::partners::PartnerNo;
use crate::zone::Zone;
use satchel_domain::sorted::Gather;
use satchel_domain::{Order, Precision, RecordId, Task};
use std::collections::BTreeSet;

/// Whatever hangs on some partners.
#[derive(Default)]
struct Hanging {
    events: BTreeSet<u32>,
    orders: BTreeSet<u32>,
    tasks: BTreeSet<RecordId>,
    people: BTreeSet<PartnerNo>,
}

impl Book {
    pub(crate) fn add_partner(&mut self, id: RecordId, brief: PartnerBrief) -> Option<Handle> {
        let number = self.partners.number(id)?;
        let entry = PartnerEntry::new(id, brief, &mut self.partners, &mut self.terms);
        self.externals.add(entry.partner.card.external.as_ref(), id);
        let (into, employer) = (entry.into, entry.employer);
        self.rehang(number, [into, employer], |book| {
            if let Some(into) = into {
                book.partners.node_mut(into).merged.push(number);
            }
            book.partners.node_mut(number).entry = Some(Box::new(entry));
        });
        self.hang_person(number);
        Some(Handle::Partner(number))
    }

    pub(crate) fn remove_partner(&mut self, number: PartnerNo) {
        let Some(entry) = self.partners.entry(number) else { return };
        self.externals.remove(entry.partner.card.external.as_ref(), entry.partner.id);
        let (into, employer) = (entry.into, entry.employer);
        self.unhang_person(number);
        self.rehang(number, [into, employer], |book| {
            if let Some(into) = into {
                book.partners.node_mut(into).merged.retain(|merged| *merged != number);
            }
            book.partners.node_mut(number).entry = None;
        });
    }

    /// Carries out a change of a partner that names `others`: it may change for whom it stands, who stands for it, and
    /// on whose history its contacts are.
    fn rehang(
        &mut self,
        number: PartnerNo,
        [into, employer]: [Option<PartnerNo>; 2],
        change: impl FnOnce(&mut Self),
    ) {
        let node = self.partners.node(number);
        let merged = &node.merged;
        let rolls_up = employer.is_some() && !node.ties.events.is_empty();
        if into.is_none() && merged.is_empty() && !rolls_up {
            self.unlist(number);
            change(self);
            return self.list(number);
        }
        let group: BTreeSet<PartnerNo> =
            merged.iter().chain([&number]).flat_map(|one| self.partners.group(*one)).gather();
        let mut hanging = self.hanging(&group);
        // Who stands for her own organisation is nobody's: she comes to it once she does not.
        hanging.people.extend(group.iter().filter(|one| **one != number));
        self.unhang(&hanging);
        group.iter().for_each(|one| self.unlist(*one));
        change(self);
        group.iter().for_each(|one| self.list(*one));
        self.hang(&hanging);
    }

    fn hanging(&self, group: &BTreeSet<PartnerNo>) -> Hanging {
        let mut hanging = Hanging::default();
        for ties in group.iter().map(|number| self.partners.ties(*number)) {
            hanging.events.extend(&ties.events);
            hanging.orders.extend(&ties.orders);
            hanging.tasks.extend(ties.tasks.iter().map(|(_, task)| task));
            hanging.people.extend(&ties.people);
        }
        hanging
    }

    fn unhang(&mut self, hanging: &Hanging) {
        hanging.events.iter().for_each(|number| self.unhang_event(*number));
        hanging.orders.iter().for_each(|number| self.unhang_order(*number));
        hanging.tasks.iter().for_each(|id| self.unhang_task(*id));
        hanging.people.iter().for_each(|number| self.unhang_person(*number));
    }

    fn hang(&mut self, hanging: &Hanging) {
        hanging.events.iter().for_each(|number| self.hang_event(*number));
        hanging.orders.iter().for_each(|number| self.hang_order(*number));
        hanging.tasks.iter().for_each(|id| self.hang_task(*id));
        hanging.people.iter().for_each(|number| self.hang_person(*number));
    }

    fn list(&mut self, number: PartnerNo) {
        self.scored.take();
        if let Some(entry) = self.partners.live(number) {
            self.by_name.insert(entry.sort.clone(), number);
        }
    }

    fn unlist(&mut self, number: PartnerNo) {
        self.scored.take();
        if let Some(entry) = self.partners.entry(number) {
            self.by_name.remove(&entry.sort);
        }
    }

    /// Days begin elsewhere from now on: whatever has no time of day goes there.
    pub fn set_zone(&mut self, zone: Zone) {
        let moving = self.untimed();
        self.unhang(&moving);
        self.zone = zone;
        for number in &moving.events {
            let Some(event) = self.events.get_mut(*number) else { continue };
            event.at_ms = self.zone.here_ms(event.utc_ms, event.precision);
            if !event.deleted {
                self.facts.put(*number, event);
            }
        }
        for number in &moving.orders {
            let Some(entry) = self.orders.get_mut(*number) else { continue };
            entry.at_ms = self.zone.here(&entry.order.entry.at);
        }
        let tasks = self.tasks.iter().map(|(_, task)| task);
        let open = tasks.filter(|task| !task.deleted && task.done_ms.is_none());
        self.open = open.map(|task| self.due_place(task)).gather();
        self.hang(&moving);
        self.scored.take();
    }

    /// What has a day, and no time of day.
    fn untimed(&self) -> Hanging {
        let events = self.events.iter().filter(|(_, event)| event.precision == Precision::AllDay);
        let orders = self.orders.iter().filter(|(_, it)| it.order.entry.at.precision == Precision::AllDay);
        let tasks = self
            .tasks
            .iter()
            .map(|(_, task)| task)
            .filter(|task| task.entry.due.as_ref().is_some_and(|due| due.precision == Precision::AllDay));
        Hanging {
            events: events.map(|(number, _)| number).gather(),
            orders: orders.map(|(number, _)| number).gather(),
            tasks: tasks.map(|task| task.id).gather(),
            people: BTreeSet::new(),
        }
    }

    /// A person is among the people of her organisation.
    fn hang_person(&mut self, number: PartnerNo) {
        if let Some(employer) = self.employer(number) {
            self.partners.node_mut(employer).ties.people.push(number);
        }
    }

    fn unhang_person(&mut self, number: PartnerNo) {
        if let Some(employer) = self.employer(number) {
            self.partners.node_mut(employer).ties.people.retain(|person| *person != number);
        }
    }

    /// The partner that stands for the organisation of somebody who is not in the trash, unless she does that herself.
    pub(crate) fn employer(&self, number: PartnerNo) -> Option<PartnerNo> {
        let entry = self.partners.entry(number).filter(|entry| !entry.partner.deleted)?;
        let employer = self.partners.root(entry.employer?);
        (employer != self.partners.root(number)).then_some(employer)
    }

    pub(crate) fn add_event(&mut self, id: RecordId, brief: InteractionBrief<'_>) -> Handle {
        let event = Event::new(id, brief, &mut self.partners, &mut self.words, &self.zone);
        self.texts_missing += usize::from(event.lacks_text());
        self.events_len += usize::from(!event.deleted);
        let number = self.events.insert(event);
        if let Some(event) = self.events.get(number).filter(|event| !event.deleted) {
            self.facts.put(number, event);
        }
        self.hang_event(number);
        Handle::Event(number)
    }

    pub(crate) fn remove_event(&mut self, number: u32) {
        self.unhang_event(number);
        self.forget_text(number);
        self.facts.remove(number);
        let Some(event) = self.events.remove(number) else { return };
        self.texts_missing -= usize::from(event.lacks_text());
        self.events_len -= usize::from(!event.deleted);
    }

    /// Its text is told anew, or never again.
    pub(crate) fn forget_text(&mut self, number: u32) {
        let Some(event) = self.events.get_mut(number) else { return };
        let Some(place) = event.text.take() else { return };
        self.texts_missing += usize::from(event.lacks_text());
        let events = &mut self.events;
        self.texts.remove(place, |owner, to| {
            if let Some(event) = events.get_mut(owner) {
                event.text = Some(to);
            }
        });
    }

    fn hang_event(&mut self, number: u32) {
        let Some(event) = self.events.get(number).filter(|event| !event.deleted) else { return };
        for partner in self.histories(event) {
            self.partners.node_mut(partner).ties.add_event(number, &self.events);
        }
    }

    fn unhang_event(&mut self, number: u32) {
        let Some(event) = self.events.get(number).filter(|event| !event.deleted) else { return };
        for partner in self.histories(event) {
            self.partners.node_mut(partner).ties.remove_event(number, &self.events);
        }
    }

    /// On whose histories an interaction is, each once: who took part, and the organisations that they work for.
    fn histories(&self, event: &Event) -> Vec<PartnerNo> {
        let mut histories = event.took_part(&self.partners);
        let employers: Vec<_> = histories.iter().filter_map(|number| self.employer(*number)).collect();
        for employer in employers {
            if !histories.contains(&employer) {
                histories.push(employer);
            }
        }
        histories
    }

    pub(crate) fn add_order(&mut self, order: Order) -> Handle {
        self.externals.add(order.entry.external.as_ref(), order.id);
        let number = self.orders.insert(OrderEntry::new(order, &mut self.partners, &self.zone));
        self.hang_order(number);
        Handle::Order(number)
    }

    pub(crate) fn remove_order(&mut self, number: u32) {
        self.unhang_order(number);
        let Some(OrderEntry { order, .. }) = self.orders.remove(number) else { return };
        self.externals.remove(order.entry.external.as_ref(), order.id);
    }

    fn hang_order(&mut self, number: u32) {
        self.scored.take();
        if let Some(buyer) = self.buyer(number) {
            self.partners.node_mut(buyer).ties.add_order(number, &self.orders);
        }
    }

    fn unhang_order(&mut self, number: u32) {
        self.scored.take();
        if let Some(buyer) = self.buyer(number) {
            self.partners.node_mut(buyer).ties.remove_order(number, &self.orders);
        }
    }

    /// On whom an order hangs that is not in the trash.
    fn buyer(&self, number: u32) -> Option<PartnerNo> {
        let entry = self.orders.get(number).filter(|entry| !entry.order.deleted)?;
        entry.partner.map(|partner| self.partners.root(partner))
    }

    pub(crate) fn add_task(&mut self, task: Task) -> Handle {
        let id = task.id;
        if let Some(partner) = task.entry.partner {
            self.partners.number(partner);
        }
        match task.done_ms {
            _ if task.deleted => {}
            Some(done_ms) => {
                self.done.insert((done_ms, id));
            }
            None => {
                self.open.insert(self.due_place(&task));
                self.tie_task(self.task_place(&task));
            }
        }
        Handle::Task(self.tasks.insert(task))
    }

    pub(crate) fn remove_task(&mut self, number: u32) {
        let Some(task) = self.tasks.remove(number) else { return };
        self.done.remove(&(task.done_ms.unwrap_or_default(), task.id));
        self.open.remove(&self.due_place(&task));
        self.untie_task(self.task_place(&task));
    }

    fn hang_task(&mut self, id: RecordId) {
        let place = self.task(id).and_then(|task| self.task_place(task));
        self.tie_task(place);
    }

    fn unhang_task(&mut self, id: RecordId) {
        let place = self.task(id).and_then(|task| self.task_place(task));
        self.untie_task(place);
    }

    fn tie_task(&mut self, place: Option<(PartnerNo, (i64, RecordId))>) {
        if let Some((partner, due)) = place {
            self.partners.node_mut(partner).ties.tasks.insert(due);
        }
    }

    fn untie_task(&mut self, place: Option<(PartnerNo, (i64, RecordId))>) {
        if let Some((partner, due)) = place {
            self.partners.node_mut(partner).ties.tasks.remove(&due);
        }
    }

    /// On whom an open task hangs, and where among the others.
    fn task_place(&self, task: &Task) -> Option<(PartnerNo, (i64, RecordId))> {
        let open = !task.deleted && task.done_ms.is_none();
        let partner = self.root(task.entry.partner.filter(|_| open)?)?;
        Some((partner, self.due_place(task)))
    }
}
