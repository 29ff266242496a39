//! Claims, payment and deadlines.

mod deadlines;
mod payment;
