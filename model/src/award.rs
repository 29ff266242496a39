//! An award with its worked explanation, as codes and numbers. The sites put
//! it into words: the console for officers, the browser for the reporter.

use serde::{Deserialize, Serialize};
use serde_with::serde_as;

use crate::Exact;

/// The amount due to a reporter, and how it was reached. Amounts are in fen, and [`Exact`].
#[serde_as]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// The document whose rules were applied.
    pub policy: String,
    /// The steps of the explanation, in order.
    pub lines: Vec<Line>,
    /// The amount that is due.
    #[serde_as(as = "Exact")]
    pub due_fen: i64,
}

/// A step of the explanation.
#[serde_as]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Line {
    /// The fine and its share, rounded as the rules say.
    Share {
        /// The fine that counts.
        #[serde_as(as = "Exact")]
        fine_fen: i64,
        /// The rate in basis points: 500 is 5 %.
        basis_points: u32,
        /// The share of the fine.
        #[serde_as(as = "Exact")]
        share_fen: i64,
    },
    /// The amount exceeds the cap of the rules.
    Capped {
        /// The highest ordinary reward.
        #[serde_as(as = "Exact")]
        cap_fen: i64,
    },
    /// There was no fine, so its share is zero.
    NoFine {},
    /// The rules exclude this reporter.
    Excluded {
        /// Code of the exclusion.
        exclusion: String,
    },
    /// There were several decisions; says which fine counts.
    Several {
        /// All fines, highest first.
        #[serde_as(as = "Vec<Exact>")]
        fines_fen: Vec<i64>,
        /// Whether their sum counts; otherwise the highest does.
        summed: bool,
        /// The fine that counts.
        #[serde_as(as = "Exact")]
        fine_fen: i64,
    },
    /// An addition to the share by the rules.
    AddOn {
        /// Code of the event, from the rules.
        event: String,
        /// The amount that it adds.
        #[serde_as(as = "Exact")]
        amount_fen: i64,
    },
    /// These rules do not reward this kind of violation.
    NotRewarded {
        /// Code of the category.
        category: String,
    },
    /// Several reported the same fact on the same day. The amount is divided equally; odd fen go to the first.
    Joint {
        /// Number of reporters who share it.
        reporters: u32,
        /// This reporter's place among them, from 1.
        place: u32,
        /// The share of this reporter.
        #[serde_as(as = "Exact")]
        share_fen: i64,
    },
    /// An amount decided for an exceptionally grave case, instead of the ordinary one.
    Special {
        /// The amount of the award before it is divided.
        #[serde_as(as = "Exact")]
        amount_fen: i64,
    },
}

impl Award {
    /// Whether it is a special award, which needs grounds.
    #[must_use]
    pub fn is_special(&self) -> bool {
        self.lines.iter().any(|line| matches!(line, Line::Special { .. }))
    }
}
