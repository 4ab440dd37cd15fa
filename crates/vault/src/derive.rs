//! HKDF-SHA256 under labels, and the shape of every secret of 32 bytes.

use hkdf::{Hkdf, InvalidLength};
use sha2::Sha256;

/// `N` bytes from `ikm` under `salt`, for the one purpose that `info` names.
pub(crate) fn derive<const N: usize>(salt: Option<&[u8]>, ikm: &[u8], info: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    expand(salt, ikm, info, &mut out)
        .expect("HKDF-SHA256 gives up to 8160 bytes, and every purpose takes 16 or 32");
    out
}

fn expand(salt: Option<&[u8]>, ikm: &[u8], info: &[&[u8]], out: &mut [u8]) -> Result<(), InvalidLength> {
    Hkdf::<Sha256>::new(salt, ikm).expand_multi_info(info, out)
}

/// A secret of 32 bytes: erased when dropped, never printed, never serialised.
macro_rules! secret32 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(zeroize::ZeroizeOnDrop)]
        pub struct $name([u8; 32]);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

/// Sealed bytes of one kind: opaque, safe to store and to send; only opening tells what they are.
macro_rules! sealed_bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct $name(pub Vec<u8>);

        impl $name {
            /// The bytes, to be stored or sent.
            pub fn into_bytes(self) -> Vec<u8> {
                self.0
            }
        }

        impl From<Vec<u8>> for $name {
            fn from(bytes: Vec<u8>) -> Self {
                Self(bytes)
            }
        }
    };
}

pub(crate) use {sealed_bytes, secret32};

#[cfg(test)]
mod tests;
