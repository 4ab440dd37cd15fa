//! LZ4 blocks, packed tighter than by the usual fast encoders: a table of twice as many places, and a look at
//! the next byte before a match is taken. What comes out is any reader's LZ4.
//!
//! A block is a row of sequences: literals, then a match of at least four bytes that came before, told by how far
//! back it lies and how long it is. The format asks that a block ends in literals.

/// How many bits choose a place in the table: small enough for a processor's nearest memory.
const BITS: u32 = 13;
/// The shortest match.
const LEAST: usize = 4;
/// The farthest one.
const FAR: usize = u16::MAX as usize;
/// So many bytes at the end are literals.
const TAIL: usize = 5;
/// No match begins within so many bytes of the end.
const MARGIN: usize = 12;
/// The length that four bits of a token cannot say any more.
const LONG: usize = 15;
/// After so many places in vain (a power of two) steps become longer: such bytes hardly pack.
const PATIENCE: u32 = 6;

/// Bytes that came before: those at `at` are those at `from`.
struct Match {
    at: usize,
    from: usize,
    len: usize,
}

/// Where four bytes were seen last, by their hash.
struct Seen<'a> {
    plain: &'a [u8],
    table: Vec<u32>,
}

/// Packs bytes behind what is there; how many there were is not said.
pub(super) fn compress(plain: &[u8], packed: &mut Vec<u8>) {
    let limit = plain.len().saturating_sub(MARGIN);
    let mut seen = Seen { plain, table: vec![0; 1 << BITS] };
    let (mut at, mut missed, mut done) = (1, 0_usize, 0);
    while at < limit {
        match seen.best(at, limit) {
            None => {
                missed += 1;
                at += 1 + (missed >> PATIENCE);
            }
            Some(found) => {
                let found = found.grown_back(plain, done);
                found.write(&plain[done..found.at], packed);
                (missed, done) = (0, found.at + found.len);
                // One place of a match is enough to find it by; more would push others out.
                seen.note(done - 2);
                at = done;
            }
        }
    }
    token(&plain[done..], 0, packed);
}

impl Seen<'_> {
    /// The match at a place, or a longer one at the next.
    fn best(&mut self, at: usize, limit: usize) -> Option<Match> {
        let mut best = self.find(at)?;
        while best.at + 1 < limit {
            match self.find(best.at + 1) {
                Some(next) if next.len > best.len => best = next,
                _ => break,
            }
        }
        Some(best)
    }

    /// Notes a place, and tells the match with what was there before.
    fn find(&mut self, at: usize) -> Option<Match> {
        let (from, plain) = (self.note(at), self.plain);
        let same = from < at && at - from <= FAR && four(plain, from) == four(plain, at);
        same.then(|| Match { at, from, len: LEAST + equal(plain, from + LEAST, at + LEAST) })
    }

    /// Notes a place; tells the one that was noted for such bytes.
    fn note(&mut self, at: usize) -> usize {
        // Knuth's multiplicative hash: 2³² by the golden ratio.
        let slot = four(self.plain, at).wrapping_mul(2_654_435_761) >> (u32::BITS - BITS);
        std::mem::replace(&mut self.table[slot as usize], at as u32) as usize
    }
}

impl Match {
    /// With what is equal before it too, as far as that is not written yet.
    fn grown_back(self, plain: &[u8], done: usize) -> Self {
        let before = plain[done..self.at].iter().rev().zip(plain[..self.from].iter().rev());
        let more = before.take_while(|(one, other)| one == other).count();
        Self { at: self.at - more, from: self.from - more, len: self.len + more }
    }

    fn write(&self, literals: &[u8], packed: &mut Vec<u8>) {
        let more = self.len - LEAST;
        token(literals, more, packed);
        packed.extend_from_slice(&((self.at - self.from) as u16).to_le_bytes());
        length(more, packed);
    }
}

/// Four bytes as a number.
fn four(plain: &[u8], at: usize) -> u32 {
    plain[at..].first_chunk().map_or(0, |four| u32::from_le_bytes(*four))
}

/// How many bytes at both places are equal, the tail left out.
fn equal(plain: &[u8], from: usize, at: usize) -> usize {
    let ahead = &plain[at..plain.len() - TAIL];
    let back = &plain[from..from + ahead.len()];
    let eights = ahead.as_chunks::<8>().0.iter().zip(back.as_chunks::<8>().0);
    let mut len = 0;
    for (one, other) in eights {
        let differ = u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other);
        if differ != 0 {
            return len + (differ.trailing_zeros() / u8::BITS) as usize;
        }
        len += 8;
    }
    len + ahead[len..].iter().zip(&back[len..]).take_while(|(one, other)| one == other).count()
}

/// A token, then literals; `more` is what the match behind them has above the shortest.
fn token(literals: &[u8], more: usize, packed: &mut Vec<u8>) {
    packed.push((literals.len().min(LONG) << 4 | more.min(LONG)) as u8);
    length(literals.len(), packed);
    packed.extend_from_slice(literals);
}

/// What a token could not say of a length.
fn length(whole: usize, packed: &mut Vec<u8>) {
    let Some(mut left) = whole.checked_sub(LONG) else { return };
    while left >= usize::from(u8::MAX) {
        packed.push(u8::MAX);
        left -= usize::from(u8::MAX);
    }
    packed.push(left as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz4_flex::block;
    use proptest::prelude::*;

    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        compress(plain, &mut packed);
        packed
    }

    /// What another's reader makes of it; it checks every rule that it relies on.
    fn back(plain: &[u8]) -> Vec<u8> {
        block::decompress(&packed(plain), plain.len()).expect("a block that can be read")
    }

    /// Words of a small vocabulary, so that much repeats, near and far.
    fn wordy() -> impl Strategy<Value = Vec<u8>> {
        let word = prop::sample::select(vec![
            &b"price"[..],
            b" the ",
            "报价".as_bytes(),
            b"\0\0\0\0",
            b"aaaaaaaaaaaaaaaaaaaa",
            b"x",
        ]);
        let words = prop::collection::vec(word, 0..400);
        (words, prop::collection::vec(any::<u8>(), 0..40)).prop_map(|(words, noise)| {
            let mut plain = words.concat();
            plain.splice(plain.len() / 2..plain.len() / 2, noise);
            plain
        })
    }

    proptest! {
        #[test]
        fn everything_comes_back(plain in wordy()) {
            prop_assert_eq!(back(&plain), plain);
        }

        #[test]
        fn noise_comes_back(plain in prop::collection::vec(any::<u8>(), 0..2_000)) {
            prop_assert_eq!(back(&plain), plain);
        }
    }

    #[test]
    fn every_length_and_distance_at_the_edges_comes_back() {
        for len in 0..64 {
            assert_eq!(back(&vec![7; len]), vec![7; len], "{len} equal bytes");
        }
        let noise: Vec<u8> = (0..3_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for len in [14, 15, 16, 269, 270, 271, 524, 525, 526] {
            let plain = [&noise[..len], &noise[..len + 4], &noise[100..130]].concat();
            assert_eq!(back(&plain), plain, "a match and literals of about {len}");
        }
        for far in [FAR - 1, FAR, FAR + 1] {
            let plain = [&noise[..200], &vec![0; far - 200], &noise[..200]].concat();
            assert_eq!(back(&plain), plain, "{far} back");
        }
    }

    #[test]
    fn it_packs_tighter_than_the_fast_encoder() {
        let line =
            |at: u32| format!("{at} the {} price of {} cartons", at.wrapping_mul(48_271) % 61, at % 37);
        let plain = (0..4_000).map(line).collect::<String>().into_bytes();
        assert!(packed(&plain).len() < block::compress(&plain).len());
    }
}
