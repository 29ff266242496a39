//! Random bytes of the operating system: names and rows of our own making, and secrets.

use std::io;

use zeroize::Zeroizing;

/// So many random bytes.
pub fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// So many random bytes that are a secret: filled in place and wiped when dropped, so that no copy stays behind.
pub fn secret<const N: usize>() -> io::Result<Zeroizing<[u8; N]>> {
    let mut secret = Zeroizing::new([0; N]);
    getrandom::fill(secret.as_mut_slice())?;
    Ok(secret)
}

/// A random row key, 63 bits: it says nothing of the order in which rows came.
pub fn row() -> io::Result<i64> {
    Ok(i64::from_be_bytes(bytes()?) & i64::MAX)
}

/// A number below `limit`, which is not 0. The bias of 64 bits over a handful is far below anything that could be seen.
pub fn below(limit: usize) -> io::Result<usize> {
    let limit = u64::try_from(limit).map_err(io::Error::other)?;
    usize::try_from(u64::from_be_bytes(bytes()?) % limit).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rows_are_not_negative_and_numbers_below_their_limit_all_come_up() {
        assert!((0..100).all(|_| row().expect("random bytes") >= 0));
        let numbers: BTreeSet<usize> = (0..200).map(|_| below(3).expect("random bytes")).collect();
        assert_eq!(numbers, BTreeSet::from([0, 1, 2]));
        assert_ne!(*secret::<16>().expect("random bytes"), [0; 16]);
        assert_ne!(bytes::<16>().expect("random bytes"), bytes::<16>().expect("random bytes"));
    }
}
