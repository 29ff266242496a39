//! The keys of the vectors, from constant seeds. All of them are public by being in the vectors.

use std::error::Error;

use crypto::keys::note_text::{ExchangeKey, LogKey, NoNotes, RecorderKey, RootKey, StatementKey};
use crypto::keys::statement::{KeyStatement, Statement, YearKeys};
use model::Day;
use opening::{HybridIdentity, NoteSigningKey, WitnessSigningKey};
use signed_note::{Note, StandardSigner};

/// All private keys of the vectors, from constant seeds.
pub(crate) struct Roles {
    pub(crate) root: NoteSigningKey<RootKey>,
    pub(crate) statement: NoteSigningKey<StatementKey>,
    pub(crate) custodian: HybridIdentity,
    pub(crate) post: HybridIdentity,
    pub(crate) post_signing: NoteSigningKey<NoNotes>,
    pub(crate) recorder: HybridIdentity,
    pub(crate) recorder_signing: NoteSigningKey<RecorderKey>,
    pub(crate) log: NoteSigningKey<LogKey>,
    pub(crate) exchange: NoteSigningKey<ExchangeKey>,
    pub(crate) witness: WitnessSigningKey,
}

impl Roles {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            root: NoteSigningKey::from_seed("demo.vectors/root", &[1; 32])?,
            statement: NoteSigningKey::from_seed("demo.vectors/statement", &[2; 32])?,
            custodian: HybridIdentity::from_seed(&[3; 32]),
            post: HybridIdentity::from_seed(&[4; 32]),
            post_signing: NoteSigningKey::from_seed("demo.vectors/post", &[5; 32])?,
            recorder: HybridIdentity::from_seed(&[6; 32]),
            recorder_signing: NoteSigningKey::from_seed("demo.vectors/recorder", &[7; 32])?,
            log: NoteSigningKey::from_seed("demo.vectors/log", &[8; 32])?,
            exchange: NoteSigningKey::from_seed("demo.vectors/exchange", &[13; 32])?,
            witness: WitnessSigningKey::from_seed("demo.vectors/witness", &[12; 32])?,
        })
    }

    pub(crate) fn keys(&self, from: Day, until: Day) -> YearKeys {
        YearKeys {
            from,
            until,
            statement: self.statement.public(),
            custodian: self.custodian.recipient(),
            recorder: self.recorder_signing.public(),
            log: self.log.public(),
            exchange: self.exchange.public(),
            witnesses: vec![self.witness.public().clone()],
            vouchers: vec![],
        }
    }

    pub(crate) fn statement(&self, serial: u64, from: Day, until: Day) -> Statement {
        Statement {
            serial,
            from,
            until,
            post: self.post.recipient(),
            post_signing: self.post_signing.public(),
            recorder: self.recorder.recipient(),
        }
    }

    pub(crate) fn signed(&self, keys: &YearKeys, statement: &Statement) -> Result<KeyStatement, Box<dyn Error>> {
        Ok(KeyStatement {
            keys: self.root.sign_note(keys)?,
            statement: cosign_any(&self.recorder_signing, &self.statement.sign_note(statement)?)?,
        })
    }
}

/// Signs any text as a note, as a stranger's program could: the keys themselves sign only well-formed notes of their
/// kinds.
pub(crate) fn sign_any<Role>(key: &NoteSigningKey<Role>, text: &str) -> Result<String, Box<dyn Error>> {
    add_signature(key, Note::new(text.as_bytes(), &[])?)
}

/// Adds a signature to any note.
pub(crate) fn cosign_any<Role>(key: &NoteSigningKey<Role>, note: &str) -> Result<String, Box<dyn Error>> {
    add_signature(key, Note::from_bytes(note.as_bytes())?)
}

fn add_signature<Role>(key: &NoteSigningKey<Role>, mut note: Note) -> Result<String, Box<dyn Error>> {
    note.add_sigs(&[&StandardSigner::new(&key.to_text())?])?;
    Ok(String::from_utf8(note.to_bytes())?)
}
