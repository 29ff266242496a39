//! Letters: their place in the order of first receipt, a key for each, and opening the outer layer.

use crypto::keys::signature::Signed;
use crypto::sealing::outer;
use jiff::Timestamp;
use logbook::{Accompanying, NewEntry};
use model::{Day, LetterDigest};
use recorder_protocol::{
    AnyAction, ArrivedLetter, Granted, InnerFile, OUTER_KEY_DESTROYED, Received, ReceivedLetter, Refusal, Response,
    SealedLetter,
};
use zeroize::Zeroizing;

use super::Recorder;
use super::records::opening;
use crate::accounts::RECORDER;
use crate::audit::append::append;
use crate::keys::periods::{OuterKey, UnwrappedContent};
use crate::refusals::{no_keys, not_recorded};

/// What the recorder sees of a letter that arrives.
enum Outside {
    /// It opens, and came through the mailbox that it names.
    Own(Box<UnwrappedContent>),
    /// It opens, and names another mailbox.
    Foreign,
    /// It does not open.
    Sealed,
}

impl Outside {
    fn of(letter: &ArrivedLetter, outer: &[OuterKey]) -> Self {
        match outer.iter().find_map(|key| key.open(letter.sealed.as_bytes())) {
            Some(inside) if inside.header.mailbox() == letter.mailbox => Self::Own(Box::new(inside)),
            Some(_) => Self::Foreign,
            None => Self::Sealed,
        }
    }
}

impl Recorder {
    /// Gives each letter a place, also one that does not open. Its outside names the mailbox that must later be shown
    /// an opening. A letter that opens is sealed again under a key of its own, which is durable on both disks before
    /// the answer. A letter that came through another mailbox than it names gets neither place nor key: a stranger could
    /// otherwise take the place of an honest letter.
    pub(super) fn receive(&self, letters: &[ArrivedLetter], now: Timestamp) -> Result<Response, Refusal> {
        let outer = self.periods.keys().map_err(|error| no_keys(&error))?;
        let opened: Vec<(LetterDigest, Outside)> = letters
            .iter()
            .map(|letter| (LetterDigest::of(letter.sealed.as_bytes()), Outside::of(letter, &outer)))
            .collect();
        let own = |(digest, outside): &(LetterDigest, Outside)| match outside {
            Outside::Own(inside) => Some((*digest, LetterDigest::of(&inside.plain))),
            Outside::Foreign | Outside::Sealed => None,
        };
        let new: Vec<_> = opened.iter().filter_map(own).collect();
        self.letter_keys.make(&new).map_err(|error| no_keys(&error))?;
        let own_or_sealed = |(digest, outside): &(LetterDigest, Outside)| match outside {
            Outside::Own(inside) => Some((*digest, Some(inside.header.mailbox()))),
            Outside::Sealed => Some((*digest, None)),
            Outside::Foreign => None,
        };
        let to_place = opened.iter().filter_map(own_or_sealed).collect();
        let mut places =
            self.logbook.receive(to_place, now.to_string()).map_err(|error| not_recorded(&error))?.into_iter();
        let received = opened.into_iter().map(|(digest, outside)| {
            let (sequence, header, rewrapped) = match outside {
                Outside::Own(inside) => {
                    (places.next(), Some(inside.header), Some(self.rewrap(&digest, &inside.plain)?))
                }
                Outside::Sealed => (places.next(), None, None),
                Outside::Foreign => (None, None, None),
            };
            Ok(ReceivedLetter { digest, sequence, header, rewrapped })
        });
        let received = Received { letters: received.collect::<Result<_, Refusal>>()? };
        if letters.is_empty() {
            self.end_periods(&outer, now);
        }
        Ok(Response::Received(received))
    }

    fn rewrap(&self, letter: &LetterDigest, plain: &[u8]) -> Result<SealedLetter, Refusal> {
        let key = self.letter_keys.find(letter).and_then(|key| key.map(|key| key.rewrap(plain)).transpose());
        let rewrapped = key.map_err(|error| no_keys(&error))?.ok_or(Refusal::NoKeys)?;
        SealedLetter::new(rewrapped).map_err(|_| Refusal::NoKeys)
    }

    /// Destroys outer keys whose period is over. Called when no more letters wait at the portal: such keys are no
    /// longer needed, and must not open an old recording of the traffic or an old copy of the portal.
    fn end_periods(&self, outer: &[OuterKey], now: Timestamp) {
        // The key that ends last remains until another one follows: a clock that is wrong by months must not destroy
        // a key that browsers still use.
        for key in outer.iter().skip(1).filter(|key| key.is_over(Day::of(now))) {
            let entry = NewEntry {
                at: now.to_string(),
                account: RECORDER.to_owned(),
                action: OUTER_KEY_DESTROYED.to_owned(),
                subject: key.name().to_owned(),
                ..NewEntry::default()
            };
            if append(&self.logbook, entry, Accompanying::Nothing).is_ok()
                && let Err(error) = self.periods.destroy(key)
            {
                tracing::error!(
                    code = "outer-key.not-destroyed",
                    "outer key not destroyed: {}",
                    program::chain(&error)
                );
            }
        }
    }

    pub(super) fn open_letter(
        &self,
        signed: &Signed,
        letter: &SealedLetter,
        now: Timestamp,
    ) -> Result<Response, Refusal> {
        let (ask, person) = self.verified(signed, now)?;
        let AnyAction::OpenLetter(action) = &ask.action else { return Err(Refusal::NotUnderstood) };
        // The letter is sealed under its own key since it was received. Without such a key, the bytes must be the
        // letter as received.
        let key = self.letter_keys.find(&action.letter).map_err(|error| no_keys(&error))?;
        if key.is_none() && LetterDigest::of(letter.as_bytes()) != action.letter {
            return Err(Refusal::UnknownLetter);
        }
        let sequence = self.append(&ask, signed, person, now)?;
        // Opened only now: the entry is durable.
        let plain = match key {
            Some(key) => key.unwrap(letter.as_bytes()),
            None => self.open_outer(letter)?,
        };
        let granted = match plain.and_then(|plain| outer::split(plain).ok()) {
            Some((header, inner)) => {
                let with = opening(&ask, person, action.purpose, now);
                let told = self.logbook.tell_opening(action.letter, header.mailbox(), with);
                told.map_err(|error| not_recorded(&error))?;
                Granted::Letter { header: Box::new(header), inner: InnerFile(inner) }
            }
            None => Granted::Unreadable {},
        };
        self.recorded(signed, sequence, granted)
    }

    fn open_outer(&self, letter: &SealedLetter) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
        let outer = self.periods.keys().map_err(|error| no_keys(&error))?;
        Ok(outer.iter().find_map(|key| key.open(letter.as_bytes())).map(|inside| inside.plain))
    }
}
