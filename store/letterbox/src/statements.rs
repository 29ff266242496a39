//! Key statements: stored if they verify and are not older than the stored one.

use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::{KeyStatement, VerifiedStatement};
use diesel::prelude::*;
use model::Day;

use crate::schema::key_statements;
use crate::{Letterbox, LetterboxError};

impl Letterbox {
    /// Verifies and stores a statement. Publishing the stored one again changes nothing.
    pub async fn publish_statement(
        &self,
        bundle: KeyStatement,
        root: &NoteKey,
        today: Day,
    ) -> Result<VerifiedStatement, LetterboxError> {
        let seen = self.latest_statement().await?.map(|(serial, _)| serial);
        let verified = bundle.verify(root, today, seen).map_err(LetterboxError::Statement)?;
        let serial = i64::try_from(verified.statement.serial).map_err(|_| database::DatabaseError::Corrupt)?;
        let text = serde_json::to_string(&bundle).map_err(|_| database::DatabaseError::Corrupt)?;
        self.write(move |connection| {
            diesel::delete(key_statements::table.filter(key_statements::serial.le(serial))).execute(connection)?;
            diesel::insert_into(key_statements::table)
                .values((key_statements::serial.eq(serial), key_statements::statement.eq(text)))
                .execute(connection)
        })
        .await?;
        Ok(verified)
    }

    /// The newest statement and its serial. Not verified here: the reader verifies it.
    pub async fn latest_statement(&self) -> Result<Option<(u64, KeyStatement)>, LetterboxError> {
        let newest = self
            .read(|connection| {
                key_statements::table.order(key_statements::serial.desc()).first::<(i64, String)>(connection).optional()
            })
            .await?;
        let Some((serial, text)) = newest else { return Ok(None) };
        let serial = u64::try_from(serial).map_err(|_| database::DatabaseError::Corrupt)?;
        let bundle = serde_json::from_str(&text).map_err(|_| database::DatabaseError::Corrupt)?;
        Ok(Some((serial, bundle)))
    }
}
