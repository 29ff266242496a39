//! The only source of random bytes: the operating system's generator, through `rand`.
//!
//! `crypto` and `casework` do not link this crate: there randomness is a parameter. A generator that fails is an error;
//! no weaker source is used instead.

use rand::rngs::{StdRng, SysRng};
use rand::seq::SliceRandom as _;
use rand::{SeedableRng as _, TryRng as _};
use zeroize::Zeroizing;

/// The operating system's generator failed.
#[derive(Debug, thiserror::Error)]
#[error("no random bytes from the operating system")]
pub struct NoRandomness(#[source] rand::rngs::SysError);

fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    SysRng.try_fill_bytes(bytes).map_err(NoRandomness)
}

/// `N` random bytes that are not secret.
pub fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// `N` secret random bytes, filled in place and wiped when dropped, so that no copy stays behind.
pub fn secret<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut secret = Zeroizing::new([0; N]);
    fill(secret.as_mut_slice())?;
    Ok(secret)
}

/// A random row key of 63 bits, never negative. It does not reveal the order in which rows came.
pub fn row() -> Result<i64, NoRandomness> {
    Ok(i64::from_be_bytes(bytes()?) & i64::MAX)
}

/// Puts a list into a random order, in place.
pub fn shuffle<T>(list: &mut [T]) -> Result<(), NoRandomness> {
    let mut generator = StdRng::try_from_rng(&mut SysRng).map_err(NoRandomness)?;
    list.shuffle(&mut generator);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rows_are_not_negative_and_bytes_differ() {
        assert!((0..100).all(|_| row().expect("random bytes") >= 0));
        assert_ne!(*secret::<16>().expect("random bytes"), [0; 16]);
        assert_ne!(bytes::<16>().expect("random bytes"), bytes::<16>().expect("random bytes"));
    }

    #[test]
    fn a_shuffle_keeps_what_is_in_the_list_and_gives_every_order() {
        let orders: BTreeSet<[u8; 3]> = (0..500)
            .map(|_| {
                let mut list = [1, 2, 3];
                shuffle(&mut list).expect("random bytes");
                list
            })
            .collect();
        assert_eq!(orders.len(), 6, "all orders of three come up, and nothing else does");
        assert!(orders.iter().all(|order| order.iter().sum::<u8>() == 6));
    }
}
