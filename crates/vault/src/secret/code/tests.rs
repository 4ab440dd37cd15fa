//! The device code: slips, ways of typing, and what is said of them.

use proptest::prelude::*;

use super::*;

const SECRET: [u8; 16] = *b"sixteen bytes ok";

fn written() -> Vec<char> {
    write(&SECRET).chars().filter(|c| *c != '-').collect()
}

fn read_chars(chars: &[char]) -> Result<[u8; 16], DeviceCodeError> {
    read(&chars.iter().collect::<String>())
}

#[test]
fn every_single_slip_and_every_swap_is_found() {
    let right = written();
    for place in 0..LENGTH {
        for other in ALPHABET.iter().map(|symbol| char::from(*symbol)).filter(|c| *c != right[place]) {
            let mut slip = right.clone();
            slip[place] = other;
            assert_eq!(read_chars(&slip), Err(DeviceCodeError::WrongChecksum));
        }
        for second in (place + 1..LENGTH).filter(|second| right[*second] != right[place]) {
            let mut swap = right.clone();
            swap.swap(place, second);
            assert_eq!(read_chars(&swap), Err(DeviceCodeError::WrongChecksum));
        }
    }
}

#[test]
fn people_type_it_their_way() {
    let secret = [0x08, 0x40, 0x10, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let code = write(&secret);
    assert!(code.contains('0') && code.contains('1'));
    let ways = [
        code.to_lowercase(),
        code.replace('-', ""),
        code.replace('-', " \u{3000}\t"),
        format!("  {}\n", code.as_str()),
        code.replace('0', "O").replace('1', "I"),
        code.replace('0', "o").replace('1', "l"),
        code.replace('1', "L").replace('-', "--"),
    ];
    for way in ways {
        assert_eq!(read(&way), Ok(secret), "{way}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let code = write(&SECRET);
    let table = [
        (String::new(), DeviceCodeError::WrongLength { found: 0 }),
        (code[..code.len() - 1].to_owned(), DeviceCodeError::WrongLength { found: 29 }),
        (format!("{}00", code.as_str()), DeviceCodeError::WrongLength { found: 32 }),
        (code.replacen('-', "-u", 1), DeviceCodeError::BadCharacter { position: 7, found: 'u' }),
        ("行囊".to_owned(), DeviceCodeError::BadCharacter { position: 1, found: '行' }),
        ("0".repeat(100_000), DeviceCodeError::WrongLength { found: 100_000 }),
    ];
    for (text, expected) in table {
        assert_eq!(read(&text), Err(expected));
    }
}

#[test]
fn a_newer_version_is_told_from_a_slip() {
    let mut symbols = [0; LENGTH];
    symbols[BODY - 1] = 1;
    let check = remainder(&symbols);
    symbols[BODY..].copy_from_slice(&check);
    let text: String = symbols.iter().map(|symbol| char::from(ALPHABET[usize::from(*symbol)])).collect();
    assert_eq!(read(&text), Err(DeviceCodeError::Newer));
}

proptest! {
    #[test]
    fn read_reverses_write(secret: [u8; 16]) {
        prop_assert_eq!(read(&write(&secret)), Ok(secret));
    }

    #[test]
    fn up_to_four_slips_are_found(slips in proptest::collection::btree_map(0..LENGTH, 1u8..32, 1..=4)) {
        let mut code = written();
        for (place, slip) in slips {
            let symbol = value(code[place]).unwrap() ^ slip;
            code[place] = char::from(ALPHABET[usize::from(symbol)]);
        }
        prop_assert_eq!(read_chars(&code), Err(DeviceCodeError::WrongChecksum));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = read(&text);
    }
}
