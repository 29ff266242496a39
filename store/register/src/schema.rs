//! The tables.

diesel::table! {
    statements (serial) {
        serial -> BigInt,
        signed_on -> Text,
        note -> Text,
    }
}

diesel::table! {
    mailboxes (id) {
        id -> BigInt,
        mailbox -> Text,
        reply_to -> Text,
        verify_with -> Text,
    }
}

diesel::table! {
    letters (id) {
        id -> BigInt,
        mailbox -> BigInt,
        letter -> Text,
        digest -> Text,
        inner_digest -> Text,
        sequence -> BigInt,
    }
}
