//! Many things of one kind, each under a number that stays its own until it is taken out.

/// Things in one block: growing moves none of them, and leaves no half of the room empty.
const BLOCK: usize = 256;

#[derive(Debug)]
pub(crate) struct Slab<T> {
    blocks: Vec<Vec<Option<T>>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { blocks: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    pub(crate) fn insert(&mut self, thing: T) -> u32 {
        if let Some(number) = self.free.pop() {
            *self.room(number) = Some(thing);
            return number;
        }
        if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let full = self.blocks.len() - 1;
        let last = &mut self.blocks[full];
        last.push(Some(thing));
        number(full * BLOCK + last.len() - 1)
    }

    pub(crate) fn remove(&mut self, number: u32) -> Option<T> {
        let thing = self.room(number).take()?;
        self.free.push(number);
        Some(thing)
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.blocks.get(number as usize / BLOCK)?.get(number as usize % BLOCK)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.blocks.get_mut(number as usize / BLOCK)?.get_mut(number as usize % BLOCK)?.as_mut()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        let all = self.blocks.iter().flatten().enumerate();
        all.filter_map(|(at, thing)| Some((number(at), thing.as_ref()?)))
    }

    /// The room of a number that was given out.
    fn room(&mut self, number: u32) -> &mut Option<T> {
        &mut self.blocks[number as usize / BLOCK][number as usize % BLOCK]
    }
}

/// A place as a number: memory ends long before 32 bits do.
pub(crate) fn number(place: usize) -> u32 {
    u32::try_from(place).expect("fewer than four thousand million things are open")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_and_are_given_again_once_free() {
        let mut slab = Slab::default();
        let numbers: Vec<u32> = (0..600).map(|thing| slab.insert(thing)).collect();
        assert_eq!(numbers, (0..600).collect::<Vec<_>>());
        assert_eq!((slab.remove(300), slab.remove(300), slab.get(300)), (Some(300), None, None));
        assert_eq!(slab.iter().count(), 599);
        assert_eq!(slab.insert(7), 300);
        assert_eq!((slab.get(300), slab.get(599), slab.get(600)), (Some(&7), Some(&599), None));
    }
}
