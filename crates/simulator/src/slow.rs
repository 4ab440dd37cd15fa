//! The platform's cipher for pages: the vault's, taking its time, so that a tab may end while it seals.

use crate::dice::Dice;
use crate::keys::page_key;
use crate::world::World;
use satchel_replica::{PageCipher, Sealing, Shelving};
use satchel_vault::{NoEntropy, OpenError, PagePlace, SealError, open_page, seal_page};
use std::rc::Rc;

struct Slow(Rc<World>);

/// Pages that are full soon, under a cipher that others do not wait for.
pub(crate) fn shelving(world: &Rc<World>) -> Shelving {
    let few = world.plan.seed.is_multiple_of(3);
    let (bulk, page_bytes) = if few { (64, 128 * 1024) } else { (4, 2_048) };
    Shelving { cipher: Some(Rc::new(Slow(world.clone()))), briefs: None, bulk, page_bytes }
}

impl PageCipher for Slow {
    fn seal(&self, place: PagePlace, plain: Vec<u8>) -> Sealing<Vec<u8>, SealError> {
        let world = self.0.clone();
        Box::pin(async move {
            world.pause().await;
            let mut dice = Dice::new(world.roll());
            let mut entropy = |bytes: &mut [u8]| {
                dice.fill(bytes);
                Ok::<_, NoEntropy>(())
            };
            Ok(seal_page(&page_key(), place, &plain, &mut entropy)?)
        })
    }

    fn open(&self, place: PagePlace, sealed: &[u8]) -> Sealing<Vec<u8>, OpenError> {
        let (world, opened) = (self.0.clone(), open_page(&page_key(), place, sealed));
        Box::pin(async move {
            world.pause().await;
            opened
        })
    }
}
