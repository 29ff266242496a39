//! The tables of the logbook, as in `migrations/logbook`.

diesel::table! {
    first_receipts (sequence) {
        sequence -> BigInt,
        digest -> Text,
        recorded_at -> Text,
        mailbox -> Text,
    }
}

diesel::table! {
    entries (sequence) {
        sequence -> BigInt,
        text -> Text,
        salt -> Binary,
        // Generated from the text by the database, and never written.
        at -> Text,
        account -> Text,
        role -> Text,
        action -> Text,
        subject -> Text,
        report -> Nullable<BigInt>,
        purpose -> Nullable<Text>,
        nonce -> Nullable<Text>,
    }
}

diesel::table! {
    tree (place) {
        place -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    checkpoints (size) {
        size -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    openings (id) {
        id -> BigInt,
        mailbox -> Text,
        number -> BigInt,
        day -> Text,
        role -> Text,
        person -> Integer,
        purpose -> Text,
        sequence -> BigInt,
        salt -> Binary,
    }
}

diesel::table! {
    accounts (number) {
        number -> Integer,
        account -> Text,
        roles -> Text,
        verify_with -> Text,
        confirmed -> Bool,
    }
}
