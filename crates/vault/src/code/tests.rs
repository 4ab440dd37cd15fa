//! Codes: slips, ways of typing, and what is said of them.

use proptest::prelude::*;

use super::*;

const SECRET: [u8; 16] = *b"sixteen bytes ok";

fn device_code(secret: &[u8; 16]) -> Zeroizing<String> {
    write(&spread(secret), DEVICE)
}

fn read_device(text: &str) -> Result<[u8; 16], CodeError> {
    gather(&*read(text, DEVICE)?).ok_or(CodeError::Newer)
}

fn written() -> Vec<char> {
    device_code(&SECRET).chars().filter(|c| *c != '-').collect()
}

fn read_chars(chars: &[char]) -> Result<[u8; 16], CodeError> {
    read_device(&chars.iter().collect::<String>())
}

#[test]
fn every_single_slip_and_every_swap_is_found() {
    let right = written();
    for place in 0..LENGTH {
        for other in ALPHABET.iter().map(|symbol| char::from(*symbol)).filter(|c| *c != right[place]) {
            let mut slip = right.clone();
            slip[place] = other;
            assert_eq!(read_chars(&slip), Err(CodeError::WrongChecksum));
        }
        for second in (place + 1..LENGTH).filter(|second| right[*second] != right[place]) {
            let mut swap = right.clone();
            swap.swap(place, second);
            assert_eq!(read_chars(&swap), Err(CodeError::WrongChecksum));
        }
    }
}

#[test]
fn people_type_it_their_way() {
    let secret = [0x08, 0x40, 0x10, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let code = device_code(&secret);
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
        assert_eq!(read_device(&way), Ok(secret), "{way}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let code = device_code(&SECRET);
    let table = [
        (String::new(), CodeError::WrongLength { found: 0 }),
        (code[..code.len() - 1].to_owned(), CodeError::WrongLength { found: 29 }),
        (format!("{}00", code.as_str()), CodeError::WrongLength { found: 32 }),
        (code.replacen('-', "-u", 1), CodeError::BadCharacter { position: 7, found: 'u' }),
        ("行囊".to_owned(), CodeError::BadCharacter { position: 1, found: '行' }),
        ("0".repeat(100_000), CodeError::WrongLength { found: 100_000 }),
    ];
    for (text, expected) in table {
        assert_eq!(read_device(&text), Err(expected));
    }
}

#[test]
fn a_newer_version_is_told_from_a_slip() {
    let mut symbols = [0; LENGTH];
    symbols[BODY - 1] = 1;
    let check = remainder(&symbols);
    symbols[BODY..].copy_from_slice(&check);
    let text: String = symbols.iter().map(|symbol| char::from(ALPHABET[usize::from(*symbol)])).collect();
    assert_eq!(read_device(&text), Err(CodeError::Newer));
}

#[test]
fn one_code_in_place_of_the_other_is_told_from_a_slip() {
    let body = spread(&SECRET);
    assert_eq!(read(&write(&body, RECOVERY), DEVICE).err(), Some(CodeError::Other));
    assert_eq!(read(&write(&body, DEVICE), RECOVERY).err(), Some(CodeError::Other));
    assert_eq!(read(&write(&body, RECOVERY), RECOVERY), Ok(body));
}

proptest! {
    #[test]
    fn read_reverses_write(secret: [u8; 16]) {
        prop_assert_eq!(read_device(&device_code(&secret)), Ok(secret));
    }

    #[test]
    fn up_to_four_slips_are_found(slips in proptest::collection::btree_map(0..LENGTH, 1u8..32, 1..=4)) {
        let mut code = written();
        for (place, slip) in slips {
            let symbol = value(code[place]).unwrap() ^ slip;
            code[place] = char::from(ALPHABET[usize::from(symbol)]);
        }
        prop_assert_eq!(read_chars(&code), Err(CodeError::WrongChecksum));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = read_device(&text);
    }
}
