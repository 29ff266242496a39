//! Money: whole fen, never floating point.

use std::fmt;

/// An amount in fen; 100 fen are a yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// The amount does not fit into 64 bits.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount is too large to compute with")]
pub struct Overflow;

impl Fen {
    /// `self` times `basis_points` / 10,000, rounded down to the fen.
    pub fn share(self, basis_points: u32) -> Result<Self, Overflow> {
        // Split so that no step overflows for any amount whose share fits.
        let (whole, rest) = (self.0.div_euclid(10_000), self.0.rem_euclid(10_000));
        let points = i64::from(basis_points);
        let whole = whole.checked_mul(points).ok_or(Overflow)?;
        whole.checked_add(rest * points / 10_000).map(Self).ok_or(Overflow)
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
        fn a_share_is_exact(fen in 0..=i64::MAX, points in 0..=10_000_u32) {
            let exact = i128::from(fen) * i128::from(points) / 10_000;
            prop_assert_eq!(i128::from(Fen(fen).share(points).expect("fits").0), exact);
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
