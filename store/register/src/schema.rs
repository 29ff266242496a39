//! The tables of the register, as in `migrations/register`.

diesel::table! {
    statements (serial) {
        serial -> BigInt,
        signed_on -> Text,
        note -> Text,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        name -> Text,
        roles -> Text,
        salt -> Binary,
        verifier -> Binary,
        recipient -> Text,
        verify_with -> Text,
        sealed_key -> Binary,
        post_keys -> Nullable<Binary>,
        bound -> Text,
        must_change -> Bool,
        closed -> Bool,
        unit -> Nullable<Text>,
    }
}

diesel::table! {
    devices (id) {
        id -> BigInt,
        hash -> Binary,
        account -> Text,
    }
}

diesel::table! {
    mailboxes (id) {
        id -> BigInt,
        mailbox -> Text,
        lock -> Text,
        number -> Nullable<BigInt>,
        cover_on -> Nullable<Text>,
        reply_to -> Text,
        verify_with -> Text,
        state -> Text,
        stage -> Text,
        erased_on -> Nullable<Text>,
        feed -> Nullable<Text>,
    }
}

diesel::table! {
    letters (id) {
        id -> BigInt,
        mailbox -> BigInt,
        letter -> Text,
        digest -> Text,
        inner_digest -> Nullable<Text>,
        sequence -> BigInt,
        received_on -> Text,
        kind -> Nullable<Text>,
        enclosure -> Bool,
        sealed -> Binary,
    }
}

diesel::table! {
    bundle_state (id) {
        id -> BigInt,
        epoch -> Text,
        last_head -> Text,
        applied -> Text,
        applied_on -> Text,
        lowest -> BigInt,
        confirmed -> Text,
        reported_in -> BigInt,
        reported_upto -> BigInt,
        told -> BigInt,
        proposed -> Text,
    }
}

diesel::table! {
    acknowledgements (id) {
        id -> BigInt,
        record -> Text,
        bundle -> BigInt,
    }
}

diesel::table! {
    public_notes (kind) {
        kind -> Text,
        note -> Text,
    }
}

diesel::table! {
    unreadable (id) {
        id -> BigInt,
        came_through -> Text,
        digest -> Text,
        mailbox -> Nullable<BigInt>,
        sequence -> Nullable<BigInt>,
        letter -> Nullable<Text>,
        received_on -> Text,
        reason -> Text,
        outer_keys -> Nullable<Text>,
        sealed -> Binary,
    }
}

diesel::table! {
    enclosures (id) {
        id -> BigInt,
        letter -> Text,
        attempt -> BigInt,
        size -> BigInt,
        complete -> Bool,
    }
}

diesel::table! {
    sealed_records (id) {
        id -> BigInt,
        mailbox -> BigInt,
        series -> Text,
        number -> BigInt,
        written_on -> Text,
        author -> Text,
        sealed -> Binary,
        attested -> Text,
    }
}

diesel::table! {
    ledgers (id) {
        id -> BigInt,
        series -> Text,
        number -> BigInt,
        state -> Text,
        unit -> Nullable<Text>,
    }
}

diesel::table! {
    ledger_documents (id) {
        id -> BigInt,
        ledger -> BigInt,
        document -> Text,
    }
}

diesel::table! {
    waiting_sheets (id) {
        id -> BigInt,
        sealed -> Binary,
        attested -> Text,
    }
}

diesel::table! {
    clues (id) {
        id -> BigInt,
        event -> Text,
        report -> BigInt,
    }
}

diesel::table! {
    evidence (id) {
        id -> BigInt,
        digest -> Text,
        content -> Binary,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        event -> Text,
        signature -> Text,
    }
}

diesel::table! {
    receivers (name) {
        name -> Text,
        delivered -> BigInt,
    }
}

diesel::table! {
    ledger_entries (id) {
        id -> BigInt,
        ledger -> BigInt,
        number -> BigInt,
        entered_on -> Text,
        author -> Text,
        entry -> Text,
        attested -> Text,
    }
}

diesel::table! {
    exchanges (number) {
        number -> BigInt,
        day -> Text,
        letters -> BigInt,
        unreadable -> BigInt,
        enclosures -> BigInt,
        slots -> BigInt,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    notices (id) {
        id -> BigInt,
        notice -> Text,
    }
}

diesel::table! {
    checkpoints (name) {
        name -> Text,
        size -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    contradictions (id) {
        id -> BigInt,
        held -> Text,
        found -> Text,
        acknowledged_by -> Nullable<Text>,
    }
}

diesel::table! {
    results (quarter) {
        quarter -> Text,
        figures -> Text,
        attested -> Text,
    }
}

diesel::table! {
    orders (id) {
        id -> BigInt,
        digest -> Text,
        content -> Text,
        note -> Nullable<Text>,
        slip_request -> Nullable<Text>,
        state -> Text,
    }
}

diesel::table! {
    payments (id) {
        id -> BigInt,
        order_digest -> Text,
        receipt -> Text,
        content -> Text,
        paid_on -> Text,
        account -> Text,
        attested -> Text,
    }
}

diesel::table! {
    budgets (id) {
        id -> BigInt,
        year -> BigInt,
        amount -> BigInt,
        entered_on -> Text,
        account -> Text,
        attested -> Text,
    }
}

diesel::table! {
    identity_requests (id) {
        id -> BigInt,
        letter -> Text,
        reason -> Text,
        document -> Text,
        asking -> Binary,
        envelope -> Binary,
        asked_on -> Text,
        account -> Text,
        attested -> Text,
        state -> Text,
        answered_on -> Nullable<Text>,
        answered_by -> Nullable<Text>,
        answered -> Nullable<Text>,
        answer -> Nullable<Binary>,
    }
}

diesel::joinable!(letters -> mailboxes (mailbox));
diesel::joinable!(sealed_records -> mailboxes (mailbox));
diesel::joinable!(unreadable -> mailboxes (mailbox));
diesel::allow_tables_to_appear_in_same_query!(letters, mailboxes, sealed_records, enclosures, unreadable);
