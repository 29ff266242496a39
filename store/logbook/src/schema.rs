//! The tables.

diesel::table! {
    first_receipts (sequence) {
        sequence -> BigInt,
        digest -> Text,
        recorded_at -> Text,
    }
}
