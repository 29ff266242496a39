//! Orders, payments and budgets: what is recorded before it may be done.

use model::{Day, Digest};

use super::action;

action!(
    /// Reading the order that a claim note was shown for.
    ReadOrder by [Finance] {
        /// SHA-256 of the order.
        order: Digest,
    }
);

action!(
    /// Paying an order.
    PayOrder by [Finance] {
        /// SHA-256 of the order.
        order: Digest,
        /// SHA-256 of the payment.
        digest: Digest,
        /// Although the log says that it was paid before, and the books do not: somebody has held it against
        /// the cash book.
        #[serde(default)]
        again: bool,
    }
);

action!(
    /// Reading what was paid, with the year's budget.
    ReadPayments by [Finance] {
        /// The first day.
        from: Day,
        /// The last day.
        until: Day,
    }
);

action!(
    /// Entering what a year has for rewards.
    SetBudget by [Finance] {
        /// The year.
        year: u16,
        /// The amount, in fen.
        amount: i64,
    }
);
