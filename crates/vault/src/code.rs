//! Codes that people write down: Crockford's base32 with a checksum that catches every slip of up to
//! four characters.
//!
//! 30 characters: 26 for what is coded (130 bits), 4 for the checksum. The checksum is the remainder of
//! a Reed–Solomon code over GF(32) (`x⁵ + x² + 1`) with the generator
//! `(x − α)(x − α²)(x − α³)(x − α⁴)`, combined with a mark: any one to four wrong characters and every
//! swap of two are found for certain, anything else with all but one chance in a million. The mark is
//! another one for each kind of code, so that one typed in another's place is told from a slip.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters that carry what is coded.
pub(crate) const BODY: usize = 26;
/// Characters of the checksum.
const CHECK: usize = 4;
/// Characters of a code, dashes not counted.
const LENGTH: usize = BODY + CHECK;
/// Characters of a group.
const GROUP: usize = 5;

/// What a kind of code adds to its checksum.
pub(crate) type Mark = [u8; CHECK];
/// The mark of device codes.
pub(crate) const DEVICE: Mark = [0; CHECK];
/// The mark of recovery codes: the symbols `RECV`.
pub(crate) const RECOVERY: Mark = [24, 14, 12, 27];

/// Why a text is not a code of the kind that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CodeError {
    /// A character that no code has.
    #[error("character {position} cannot be in a code")]
    BadCharacter {
        /// Its place in what was typed, in characters, from 1.
        position: usize,
        /// The character.
        found: char,
    },
    /// Too few or too many characters.
    #[error("a code has 30 characters, not {found}")]
    WrongLength {
        /// Characters found, spaces and dashes not counted.
        found: usize,
    },
    /// The right shape, but at least one character is wrong.
    #[error("at least one character of the code is wrong")]
    WrongChecksum,
    /// A correct code, but of the other kind.
    #[error("this is another code")]
    Other,
    /// A correct code of a version that this app does not know.
    #[error("the code is of a newer version")]
    Newer,
}

/// The code of these 26 values below 32.
pub(crate) fn write(body: &[u8; BODY], mark: Mark) -> Zeroizing<String> {
    let mut symbols = Zeroizing::new([0; LENGTH]);
    symbols[..BODY].copy_from_slice(body);
    let check = combined(remainder(&symbols[..]), mark);
    symbols[BODY..].copy_from_slice(&check);
    let mut text = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
    for (index, symbol) in symbols.iter().enumerate() {
        if index > 0 && index.is_multiple_of(GROUP) {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(*symbol)]));
    }
    text
}

/// The values that a code of this kind carries.
pub(crate) fn read(text: &str, mark: Mark) -> Result<Zeroizing<[u8; BODY]>, CodeError> {
    let symbols = symbols(text)?;
    let found = remainder(&symbols[..]);
    if found != mark {
        let other = found == DEVICE || found == RECOVERY;
        return Err(if other { CodeError::Other } else { CodeError::WrongChecksum });
    }
    let mut body = Zeroizing::new([0; BODY]);
    body.copy_from_slice(&symbols[..BODY]);
    Ok(body)
}

fn combined(check: [u8; CHECK], mark: Mark) -> [u8; CHECK] {
    std::array::from_fn(|place| check[place] ^ mark[place])
}

/// The values of the characters, in order.
fn symbols(text: &str) -> Result<Zeroizing<[u8; LENGTH]>, CodeError> {
    let mut symbols = Zeroizing::new([0; LENGTH]);
    let mut found = 0;
    for (index, character) in text.chars().enumerate() {
        if character == '-' || character.is_whitespace() {
            continue;
        }
        let bad = CodeError::BadCharacter { position: index + 1, found: character };
        let value = value(character).ok_or(bad)?;
        if let Some(place) = symbols.get_mut(found) {
            *place = value;
        }
        found += 1;
    }
    if found == LENGTH { Ok(symbols) } else { Err(CodeError::WrongLength { found }) }
}

fn value(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|known| char::from(*known) == upper)?;
    u8::try_from(place).ok()
}

/// 128 bits and two zeros, which say the version, as 26 groups of five bits.
pub(crate) fn spread(secret: &[u8; 16]) -> Zeroizing<[u8; BODY]> {
    let bits = Zeroizing::new(u128::from_be_bytes(*secret));
    let mut symbols = Zeroizing::new([0; BODY]);
    for (index, symbol) in symbols.iter_mut().enumerate() {
        let below = 123 - 5 * index as i32;
        let shifted = if below >= 0 { *bits >> below } else { *bits << -below };
        *symbol = (shifted & 31) as u8;
    }
    symbols
}

/// The reverse of [`spread`]; `None` when the version bits are not zero.
pub(crate) fn gather(body: &[u8; BODY]) -> Option<[u8; 16]> {
    let last = body[BODY - 1];
    let high = body[..BODY - 1].iter().fold(0u128, |bits, symbol| bits << 5 | u128::from(*symbol));
    let secret = high << 3 | u128::from(last >> 2);
    (last & 3 == 0).then(|| secret.to_be_bytes())
}

/// `α⁰ … α³⁰` of GF(32), and each element's exponent.
const TABLES: ([u8; 31], [u8; 32]) = {
    let (mut powers, mut logs) = ([0; 31], [0; 32]);
    let (mut exponent, mut element) = (0, 1u8);
    while exponent < 31 {
        powers[exponent] = element;
        logs[element as usize] = exponent as u8;
        element <<= 1;
        if element & 32 != 0 {
            element ^= 0b10_0101;
        }
        exponent += 1;
    }
    (powers, logs)
};

const fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    let (powers, logs) = TABLES;
    powers[(logs[a as usize] as usize + logs[b as usize] as usize) % 31]
}

/// The generator without its leading 1, highest power first.
const GENERATOR: [u8; CHECK] = {
    let mut product = [0u8; CHECK + 1];
    product[CHECK] = 1;
    let mut root = 1;
    while root <= CHECK {
        let mut place = 0;
        while place < CHECK {
            product[place] = product[place + 1] ^ times(product[place], TABLES.0[root]);
            place += 1;
        }
        product[CHECK] = times(product[CHECK], TABLES.0[root]);
        root += 1;
    }
    [product[1], product[2], product[3], product[4]]
};

/// What is left of the symbols, taken as a polynomial, when divided by the generator: the checksum
/// of symbols that end in [`CHECK`] zeros, all zero for a right code.
fn remainder(symbols: &[u8]) -> [u8; CHECK] {
    let mut left = [0; CHECK];
    for symbol in symbols {
        let lead = left[0];
        left.rotate_left(1);
        left[CHECK - 1] = *symbol;
        for (place, factor) in left.iter_mut().zip(GENERATOR) {
            *place ^= times(lead, factor);
        }
    }
    left
}

#[cfg(test)]
mod tests;
