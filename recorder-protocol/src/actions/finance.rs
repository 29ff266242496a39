//! Actions on orders, payments and budgets, and the roles that may request them.

use model::{Day, Digest};

use super::action;

action!(
    /// Reading the order for which a claim note was shown.
    ReadOrder by [Finance] {
        /// SHA-256 of the order.
        order: Digest,
    }
);

action!(
    /// Paying an order; recorded before the payment is stored.
    PayOrder by [Finance] {
        /// SHA-256 of the order.
        order: Digest,
        /// SHA-256 of the payment.
        digest: Digest,
        /// True to pay although the log has an earlier payment that the register lacks. Somebody has checked the cash
        /// book.
        #[serde(default)]
        again: bool,
    }
);

action!(
    /// Reading payments, with the year's budget.
    ReadPayments by [Finance] {
        /// The first day, included.
        from: Day,
        /// The last day, included.
        until: Day,
    }
);

action!(
    /// Entering a year's budget for rewards.
    SetBudget by [Finance] {
        /// Calendar year of the budget.
        year: u16,
        /// The amount, in fen.
        amount: i64,
    }
);
