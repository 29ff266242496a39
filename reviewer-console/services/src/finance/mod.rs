//! Finance: looking up claim notes and paying them once, payments, and the year's budget. Nothing here shows reports,
//! cases or awards.

pub mod budget;
pub mod pay;
pub mod payment_order;
pub mod payments;
