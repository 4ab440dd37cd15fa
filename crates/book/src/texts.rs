//! The folded contents of interactions, in a few large pieces of memory that a search runs through.
//!
//! Texts are appended, each with a byte behind it that no text holds, so that a search can run over a whole
//! piece at once. What is taken out leaves its bytes behind until they are a third of their piece, which is then
//! written together.

use crate::fold::fold_into;
use crate::slab::number;
use crate::sought::SoughtWord;
use std::num::NonZeroU32;

/// Bytes of a piece, unless one text alone is longer.
const PIECE: usize = 256 * 1024;
/// Texts of a piece: what the low bits of [`Place`] can tell apart.
const IN_PIECE: u32 = 1 << IN_PIECE_BITS;
const IN_PIECE_BITS: u32 = 12;
/// Stands behind each text; no byte of UTF-8.
const END: u8 = 0xff;
/// The owner of a text that was taken out.
const NOBODY: u32 = u32::MAX;

/// Where a text lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(NonZeroU32);

impl Place {
    fn new(piece: usize, at: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(number(piece) << IN_PIECE_BITS | number(at)))
    }

    fn piece(self) -> usize {
        ((self.0.get() - 1) >> IN_PIECE_BITS) as usize
    }

    fn at(self) -> usize {
        ((self.0.get() - 1) & (IN_PIECE - 1)) as usize
    }
}

#[derive(Debug, Default)]
pub(crate) struct Texts {
    pieces: Vec<Piece>,
    /// The piece that grows.
    growing: usize,
    room: String,
}

#[derive(Debug, Default)]
struct Piece {
    bytes: Vec<u8>,
    texts: Vec<Text>,
    dead: usize,
}

#[derive(Debug)]
struct Text {
    from: u32,
    owner: u32,
}

impl Texts {
    /// Keeps a text, folded, for its owner.
    pub(crate) fn put(&mut self, owner: u32, text: &str) -> Place {
        self.room.clear();
        fold_into(text, &mut self.room);
        if self.pieces.get(self.growing).is_none_or(|piece| piece.is_full(self.room.len())) {
            self.grow();
        }
        let piece = &mut self.pieces[self.growing];
        piece.push(owner, self.room.as_bytes());
        Place::new(self.growing, piece.texts.len() - 1)
    }

    /// Goes on in an empty piece.
    fn grow(&mut self) {
        if let Some(full) = self.pieces.get_mut(self.growing) {
            full.bytes.shrink_to_fit();
            full.texts.shrink_to_fit();
        }
        self.growing =
            self.pieces.iter().position(|piece| piece.texts.is_empty()).unwrap_or(self.pieces.len());
        if self.growing == self.pieces.len() {
            self.pieces.push(Piece::default());
        }
    }

    /// Takes a text out. Where others move because of it, `moved` is told each owner's new place.
    pub(crate) fn remove(&mut self, place: Place, mut moved: impl FnMut(u32, Place)) {
        let piece = &mut self.pieces[place.piece()];
        piece.texts[place.at()].owner = NOBODY;
        piece.dead += piece.range(place.at()).len() + 1;
        if piece.dead * 3 > piece.bytes.len() {
            piece.compact();
            let owners = piece.texts.iter().enumerate();
            owners.for_each(|(at, text)| moved(text.owner, Place::new(place.piece(), at)));
        }
    }

    pub(crate) fn get(&self, place: Place) -> &[u8] {
        let piece = &self.pieces[place.piece()];
        &piece.bytes[piece.range(place.at())]
    }

    /// Tells each text that holds a word, once, with its owner.
    pub(crate) fn search(&self, word: &SoughtWord, mut found: impl FnMut(u32, &[u8])) {
        for piece in &self.pieces {
            let mut from = 0;
            while let Some(at) = word.place(&piece.bytes[from..]) {
                let next = piece.texts.partition_point(|text| text.from as usize <= from + at);
                let (owner, text) = (piece.texts[next - 1].owner, piece.range(next - 1));
                from = text.end + 1;
                if owner != NOBODY {
                    found(owner, &piece.bytes[text]);
                }
            }
        }
    }
}

impl Piece {
    fn is_full(&self, more: usize) -> bool {
        !self.texts.is_empty() && (self.bytes.len() + more >= PIECE || self.texts.len() == IN_PIECE as usize)
    }

    fn push(&mut self, owner: u32, text: &[u8]) {
        self.texts.push(Text { from: number(self.bytes.len()), owner });
        self.bytes.extend_from_slice(text);
        self.bytes.push(END);
    }

    /// The bytes of a text without its end.
    fn range(&self, at: usize) -> std::ops::Range<usize> {
        let next = self.texts.get(at + 1).map_or(self.bytes.len(), |next| next.from as usize);
        self.texts[at].from as usize..next - 1
    }

    fn compact(&mut self) {
        let mut kept = Self::default();
        kept.bytes.reserve_exact(self.bytes.len() - self.dead);
        let alive = (0..self.texts.len()).filter(|at| self.texts[*at].owner != NOBODY);
        alive.for_each(|at| kept.push(self.texts[at].owner, &self.bytes[self.range(at)]));
        *self = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn found(texts: &Texts, text: &str) -> Vec<u32> {
        let mut owners = Vec::new();
        texts.search(&SoughtWord::anywhere(text), |owner, _| owners.push(owner));
        owners.sort_unstable();
        owners
    }

    #[test]
    fn no_match_reaches_over_two_texts_and_each_text_is_told_once() {
        let mut texts = Texts::default();
        for (owner, text) in ["ab", "ABAB", "", "ba"].into_iter().enumerate() {
            texts.put(number(owner), text);
        }
        assert_eq!(found(&texts, "ab"), [0, 1]);
        assert_eq!(found(&texts, "ba"), [1, 3]);
        assert_eq!(found(&texts, "abab"), [1]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Against a map: whatever comes and goes, the same texts are found, and dead bytes stay few.
        #[test]
        fn what_is_here_is_found_and_nothing_else(
            steps in prop::collection::vec((0u32..40, prop::option::of("[ab中文]{0,900}")), 0..300),
        ) {
            let (mut texts, mut places) = (Texts::default(), BTreeMap::<u32, (Place, String)>::new());
            for (owner, text) in steps {
                if let Some((place, _)) = places.remove(&owner) {
                    texts.remove(place, |owner, to| places.get_mut(&owner).expect("a known owner").0 = to);
                }
                if let Some(text) = text {
                    places.insert(owner, (texts.put(owner, &text), text));
                }
            }
            for (place, text) in places.values() {
                prop_assert_eq!(texts.get(*place), text.as_bytes());
            }
            for needle in ["a", "中文", "bab", "文a"] {
                let naive: Vec<u32> =
                    places.iter().filter(|(_, (_, text))| text.contains(needle)).map(|(owner, _)| *owner).collect();
                prop_assert_eq!(found(&texts, needle), naive);
            }
            for piece in &texts.pieces {
                prop_assert!(piece.dead * 3 <= piece.bytes.len());
            }
        }
    }
}
