//! Enclosures: copied part by part into the console's own store, removed from the portal once
//! they are whole here.

use enclosure_store::PartsError;
use letterbox::PulledEnclosure;
use register::ExchangeTotals;

use super::run::{Exchange, blocking};
use super::stopped::ExchangeError;

impl Exchange {
    /// Copies every whole enclosure of a collected letter. One that fails stops no other; the
    /// first failure is told at the end.
    pub(super) async fn pull_enclosures(&self, done: &mut ExchangeTotals) -> Result<(), ExchangeError> {
        let mut failed = Ok(());
        for enclosure in self.resources.letterbox.announced().await? {
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

    /// True when it was copied now.
    async fn pull(&self, enclosure: PulledEnclosure) -> Result<bool, ExchangeError> {
        let here = self.note(enclosure, None).await?;
        if !enclosure.complete {
            return Ok(false);
        }
        let (row, whole) = here;
        if !whole {
            match self.copy(enclosure, row).await {
                // Parts of another enclosure under this row, as after a restore: away with them.
                Err(ExchangeError::Parts(PartsError::OtherContent)) => {
                    self.resources.enclosures.remove(row).await?;
                    self.copy(enclosure, row).await?;
                }
                copied => copied?,
            }
            self.note(enclosure, Some(true)).await?;
        }
        self.resources.letterbox.remove_collected(enclosure).await?;
        Ok(!whole)
    }

    async fn copy(&self, enclosure: PulledEnclosure, row: i64) -> Result<(), ExchangeError> {
        for number in 0..enclosure.size.parts() {
            let size = enclosure.size.part_size(number).ok_or(ExchangeError::Part)?;
            let part = self.resources.letterbox.part(enclosure, number, size).await?;
            self.resources.enclosures.put(row, number, part).await?;
        }
        Ok(())
    }

    /// Notes it, as whole if `whole` says so; gives its row here and whether it is whole.
    async fn note(&self, enclosure: PulledEnclosure, whole: Option<bool>) -> Result<(i64, bool), ExchangeError> {
        let (register, size) = (self.resources.register.clone(), enclosure.size.plain() as u64);
        let noted = blocking(move || {
            register.note_enclosure(enclosure.letter, size, whole.unwrap_or(false))?;
            register.enclosure(enclosure.letter)
        });
        noted.await?.ok_or(ExchangeError::Inside)
    }
}
