//! An installation with keys from constant seeds.
// Each test binary uses a part of it.
#![allow(dead_code)]

use crypto::keys::note_text::NoNotes;
use crypto::keys::statement::{Statement, VerifiedStatement, YearKeys};
use model::Day;
use opening::{HybridIdentity, NoteSigningKey};

/// The verified statement, and private keys of the roles.
pub(crate) struct Installation {
    pub(crate) keys: VerifiedStatement,
    pub(crate) post: HybridIdentity,
    pub(crate) recorder: HybridIdentity,
    pub(crate) custodian: HybridIdentity,
    pub(crate) post_signing: NoteSigningKey<NoNotes>,
}

/// The first day of the statement.
pub(crate) fn today() -> Day {
    "2026-11-23".parse().expect("a day")
}

/// The installation; every call gives the same keys.
pub(crate) fn installation() -> Installation {
    let key = |name: &str, seed: u8| NoteSigningKey::<NoNotes>::from_seed(name, &[seed; 32]).expect("a name");
    let (post, recorder, custodian) =
        (HybridIdentity::from_seed(&[1; 32]), HybridIdentity::from_seed(&[2; 32]), HybridIdentity::from_seed(&[3; 32]));
    let post_signing = key("demo.test/post", 4);
    let keys = YearKeys {
        from: today(),
        until: today().plus_days(365),
        statement: key("demo.test/statement", 5).public(),
        custodian: custodian.recipient(),
        recorder: key("demo.test/recorder", 6).public(),
        log: key("demo.test/log", 7).public(),
        exchange: key("demo.test/exchange", 8).public(),
        witnesses: vec![],
        vouchers: vec![],
    };
    let statement = Statement {
        serial: 1,
        from: today(),
        until: today().plus_days(30),
        post: post.recipient(),
        post_signing: post_signing.public(),
        recorder: recorder.recipient(),
    };
    Installation { keys: VerifiedStatement { keys, statement }, post, recorder, custodian, post_signing }
}
