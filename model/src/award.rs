//! An award with its worked explanation, as codes and numbers: the sites put it into words, in
//! the console for officers, in the browser for the reporter.

use serde::{Deserialize, Serialize};

/// What a reporter is due, and how it was reached. Amounts are in fen and never above
/// 9,007,199,254,740,991, which every reader of JSON keeps exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// The document whose rules were applied.
    pub policy: String,
    /// The steps, in order.
    pub lines: Vec<Line>,
    /// What is due.
    pub due_fen: i64,
}

/// A step of the explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Line {
    /// The fine and its share, rounded down to the fen.
    Share {
        /// The fine.
        fine_fen: i64,
        /// 500 are 5 %.
        basis_points: u32,
        /// What that makes.
        share_fen: i64,
    },
    /// The share is more than the rules pay at most.
    Capped {
        /// The most.
        cap_fen: i64,
    },
    /// There was no fine, so its share is nothing.
    NoFine {},
    /// The rules exclude this reporter.
    Excluded {
        /// The exclusion's code.
        exclusion: String,
    },
    /// Several decisions: which fine counts.
    Several {
        /// The fines, highest first.
        fines_fen: Vec<i64>,
        /// Whether their sum counts, else the highest.
        summed: bool,
        /// The fine that counts.
        fine_fen: i64,
    },
    /// Something that the rules add to the share.
    AddOn {
        /// What happened: a code of the rules.
        event: String,
        /// What it adds.
        amount_fen: i64,
    },
    /// These rules do not reward this kind of violation.
    NotRewarded {
        /// Category code.
        category: String,
    },
    /// Several reported the same on the same day: the amount is divided equally, the odd fen going to
    /// who came first.
    Joint {
        /// How many share it.
        reporters: u32,
        /// This reporter's place among them, from 1.
        place: u32,
        /// This reporter's share.
        share_fen: i64,
    },
    /// An exceptionally grave case: this was decided instead.
    Special {
        /// The amount.
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
