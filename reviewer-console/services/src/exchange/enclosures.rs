//! Enclosures: copied part by part into the console's own store, and removed from the portal once they are complete
//! here.

use enclosure_store::PartsError;
use letterbox::{LetterboxError, PulledEnclosure};
use register::ExchangeTotals;

use super::run::{Exchange, blocking, log_malformed};
use super::stopped::ExchangeError;

impl Exchange {
    /// Copies every complete enclosure of a letter that announces one. A failure does not stop the others; the first one is
    /// returned at the end.
    pub(super) async fn pull_enclosures(&self, done: &mut ExchangeTotals) -> Result<(), ExchangeError> {
        let mut failed = Ok(());
        let begun = self.resources.letterbox.begun_enclosures().await?;
        log_malformed("enclosures", &begun.malformed);
        for enclosure in begun.enclosures {
            match self.pull(enclosure).await {
                Ok(true) => done.enclosures += 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(code = "enclosure.not-copied", "enclosure not copied: {}", program::chain(&error));
                    failed = failed.and(Err(error));
                }
            }
        }
        failed
    }

    /// Copies an enclosure that is complete; true if it was copied now.
    async fn pull(&self, enclosure: PulledEnclosure) -> Result<bool, ExchangeError> {
        let register = self.resources.register.clone();
        if !blocking(move || register.awaits_enclosure(enclosure.letter)).await? {
            // It is here by now, it was erased, or its letter announces none: nothing of it is kept. Nor is one whose
            // letter did not open: junk that anybody can send would hold the portal's room for a month. If that letter
            // opens later, its files are missing, and the post asks for them.
            self.resources.letterbox.remove_collected(enclosure).await?;
            return Ok(false);
        }
        let row = self.note(enclosure, false).await?;
        if !enclosure.complete {
            return Ok(false);
        }
        match self.copy(enclosure, row).await {
            // Parts of an earlier attempt have this row: remove them first.
            Err(ExchangeError::Parts(PartsError::OtherContent)) => {
                self.resources.enclosures.remove(row).await?;
                self.copy(enclosure, row).await?;
            }
            Err(ExchangeError::Letterbox(LetterboxError::PartGone)) => {
                // The portal lost what it had acknowledged. The mailbox asks for the files again.
                tracing::error!(code = "enclosure.part-gone", "a part of an enclosure is gone from the portal's store");
                return Ok(false);
            }
            copied => copied?,
        }
        if !self.resources.letterbox.close_enclosure(enclosure).await? {
            // The reporter has begun to send other files: they come with a later exchange.
            return Ok(false);
        }
        self.note(enclosure, true).await?;
        self.resources.letterbox.remove_collected(enclosure).await?;
        Ok(true)
    }

    async fn copy(&self, enclosure: PulledEnclosure, row: i64) -> Result<(), ExchangeError> {
        for number in 0..enclosure.size.parts() {
            let size = enclosure.size.part_size(number).ok_or(ExchangeError::Part)?;
            let part = self.resources.letterbox.part(enclosure, number, size).await?;
            self.resources.enclosures.put(row, number, part).await?;
        }
        Ok(())
    }

    /// Records the enclosure; returns its row here.
    async fn note(&self, enclosure: PulledEnclosure, whole: bool) -> Result<i64, ExchangeError> {
        let (register, size) = (self.resources.register.clone(), enclosure.size.plain() as u64);
        blocking(move || register.note_enclosure(enclosure.letter, size, whole)).await
    }
}
