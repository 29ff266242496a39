//! Money: whole fen, never floating point.

use std::fmt;

use human_text::{BadAmount, LARGEST_FEN, read_fen};

/// An amount in fen; 100 fen are one yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// The amount is too large to compute with, or to be exact for every reader of JSON.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount is too large to compute with")]
pub struct Overflow;

impl Fen {
    /// The largest amount that may be entered, 2^53 - 1 fen: every
    /// reader of JSON keeps it exactly, and no real amount reaches it.
    pub const MOST: Self = Self(LARGEST_FEN);

    /// Reads an amount of yuan as people type it, in the grammar of [`read_fen`].
    pub fn of_yuan(typed: &str) -> Result<Self, BadAmount> {
        read_fen(typed).map(Self)
    }

    /// `self` times `basis_points` / 10,000, rounded down to the fen.
    pub fn share(self, basis_points: u32) -> Result<Self, Overflow> {
        // Split so that no step overflows for any amount whose share fits.
        let (whole, rest) = (self.0.div_euclid(10_000), self.0.rem_euclid(10_000));
        let points = i64::from(basis_points);
        let whole = whole.checked_mul(points).ok_or(Overflow)?;
        whole.checked_add(rest * points / 10_000).map(Self).ok_or(Overflow)
    }

    /// The sum of two amounts.
    pub fn plus(self, more: Self) -> Result<Self, Overflow> {
        self.0.checked_add(more.0).map(Self).ok_or(Overflow)
    }

    /// The share at `place`, from 1, among `among` equal shares. The shares add up to the fen; odd fen go to the first
    /// places. `None` for a place that does not exist, or a negative amount.
    #[must_use]
    pub fn divided(self, among: u32, place: u32) -> Option<Self> {
        if place == 0 || place > among || self.0 < 0 {
            return None;
        }
        let (each, odd) = (self.0 / i64::from(among), self.0 % i64::from(among));
        Some(Self(each + i64::from(i64::from(place) <= odd)))
    }
}

/// Yuan with two decimals and thousands separated: `61,728.39`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (yuan, fen) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let digits = yuan.to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        write!(f, "{sign}{grouped}.{fen:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_add_up_to_the_fen(fen in 0..=i64::MAX, among in 1_u32..50) {
            let shares = (1..=among).map(|place| Fen(fen).divided(among, place).expect("a place").0);
            let shares: Vec<i64> = shares.collect();
            prop_assert_eq!(shares.iter().sum::<i64>(), fen);
            prop_assert!(shares.is_sorted_by(|earlier, later| earlier >= later));
            prop_assert!(shares[0] - shares[shares.len() - 1] <= 1);
            prop_assert_eq!(Fen(fen).divided(among, among + 1), None);
            prop_assert_eq!(Fen(fen).divided(among, 0), None);
        }

        #[test]
        fn a_share_is_exact(fen in 0..=i64::MAX, points in 0..=10_000_u32) {
            let exact = i128::from(fen) * i128::from(points) / 10_000;
            prop_assert_eq!(i128::from(Fen(fen).share(points).expect("fits").0), exact);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(fen in 0..=Fen::MOST.0) {
            prop_assert_eq!(Fen::of_yuan(&Fen(fen).to_string()), Ok(Fen(fen)));
        }
    }

    #[test]
    fn reads_like_money() {
        for (fen, text) in [(0, "0.00"), (6_172_839, "61,728.39"), (100_000_000, "1,000,000.00"), (-5, "-0.05")] {
            assert_eq!(Fen(fen).to_string(), text);
        }
        assert_eq!(Fen(i64::MAX).share(20_000), Err(Overflow));
    }
}
