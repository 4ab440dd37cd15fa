//! RFC 9180, appendix A.1.1: the same code with the appendix's cipher.

use hpke::aead::AesGcm128;

use super::*;

const IKM_E: &str = "7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234";
const SK_R: &str = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8";
const PK_R: &str = "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d";
const ENC: &str = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431";
const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
const AAD: &str = "436f756e742d30";
const TEXT: &str = "4265617574792069732074727574682c20747275746820626561757479";
const CIPHERTEXT: &str =
    "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a";

fn hex(text: &str) -> Vec<u8> {
    let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    text.as_bytes().chunks(2).map(digits).collect()
}

fn key(text: &str) -> [u8; 32] {
    hex(text).try_into().unwrap()
}

#[test]
fn rfc_9180_a_1_1() {
    let mut entropy = |bytes: &mut [u8]| {
        bytes.copy_from_slice(&hex(IKM_E));
        Ok(())
    };
    let kept = [hex(ENC), hex(CIPHERTEXT)].concat();
    assert_eq!(public_of(&key(SK_R)), key(PK_R));
    let sealed = seal::<AesGcm128>(&key(PK_R), &hex(INFO), &hex(AAD), &hex(TEXT), &mut entropy).unwrap();
    assert_eq!(sealed, kept);
    let opened = open::<AesGcm128>(&key(SK_R), &hex(INFO), &hex(AAD), &kept).unwrap();
    assert_eq!(*opened, hex(TEXT));
    for at in [0, ENCAPSULATED, kept.len() - 1] {
        let mut bent = kept.clone();
        bent[at] ^= 1;
        assert!(open::<AesGcm128>(&key(SK_R), &hex(INFO), &hex(AAD), &bent).is_none(), "byte {at}");
    }
}

#[test]
fn nothing_is_sealed_to_a_key_that_agrees_with_everybody() {
    let mut entropy = |bytes: &mut [u8]| {
        bytes.fill(7);
        Ok(())
    };
    assert_eq!(seal::<AesGcm128>(&[0; 32], b"", b"", b"", &mut entropy), Err(Fault::Key));
}
