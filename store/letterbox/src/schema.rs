//! The tables, equal on SQLite and PostgreSQL; a test compares the two migrations.

diesel::table! {
    mailboxes (id) {
        id -> BigInt,
        hash -> Binary,
        slot -> Binary,
        touched -> BigInt,
    }
}

diesel::table! {
    letters (id) {
        id -> BigInt,
        mailbox -> BigInt,
        digest -> Binary,
        sealed -> Binary,
        unused_slot -> Binary,
        received_on -> Text,
        bundle -> BigInt,
        acknowledged_on -> Text,
    }
}

diesel::table! {
    enclosures (id) {
        id -> BigInt,
        lock -> Binary,
        attempt -> BigInt,
        folder -> BigInt,
        size -> BigInt,
        complete -> Bool,
        closed -> Bool,
        wanted -> Bool,
        bundle -> BigInt,
        acknowledged_on -> Text,
    }
}

diesel::table! {
    key_statements (serial) {
        serial -> BigInt,
        statement -> Text,
    }
}

diesel::table! {
    notes (id) {
        id -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    exchange_state (id) {
        id -> BigInt,
        epoch -> Text,
        last_head -> Text,
        applied -> Text,
        lowest -> BigInt,
        covered -> BigInt,
        keys_from -> Text,
    }
}

diesel::joinable!(enclosures -> letters (id));
diesel::joinable!(letters -> mailboxes (mailbox));
diesel::allow_tables_to_appear_in_same_query!(letters, enclosures, mailboxes);
