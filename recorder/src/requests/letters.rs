//! Letters: their place in the order of first receipt, a key for each, and opening the outer layer.

use crypto::keys::signature::Signed;
use crypto::sealing::outer::{self, Header};
use jiff::Timestamp;
use logbook::{Accompanying, NewEntry};
use model::{Day, LetterDigest};
use recorder_protocol::{
    AnyAction, ArrivedLetter, Granted, InnerFile, LetterOutside, OUTER_KEY_DESTROYED, Received, ReceivedLetter,
    Refusal, Response, SealedLetter,
};

use super::Recorder;
use crate::accounts::RECORDER;
use crate::audit::append::append;
use crate::keys::periods::{OuterKey, Periods, UnwrappedContent};
use crate::refusals::{no_keys, not_recorded};

/// What the recorder sees of a letter that arrives.
enum Outside {
    /// It opens, says something, and came through the mailbox that it names.
    Own(Box<UnwrappedContent>),
    /// It opens and says nothing.
    Cover(Box<Header>),
    /// It opens, and names another mailbox.
    Foreign,
    /// It does not open.
    Sealed,
}

impl Outside {
    fn of(letter: &ArrivedLetter, outer: &[OuterKey]) -> Self {
        match outer.iter().find_map(|key| key.open(letter.sealed.as_bytes())) {
            Some(inside) if inside.header.mailbox() != letter.mailbox => Self::Foreign,
            Some(inside) if inside.header.cover => Self::Cover(Box::new(inside.header)),
            Some(inside) => Self::Own(Box::new(inside)),
            None => Self::Sealed,
        }
    }
}

impl Recorder {
    /// Gives each letter that says something a place. A letter is sealed again under a key of its own, which is durable
    /// on both disks before the answer. Nothing is kept of cover letters, of letters that do not open, which anybody
    /// can send, and of letters that came through another mailbox than they name: a stranger could otherwise take the
    /// place of an honest letter.
    pub(super) fn receive(
        &self,
        letters: &[ArrivedLetter],
        complete_on: Option<Day>,
        now: Timestamp,
    ) -> Result<Response, Refusal> {
        let outer = self.periods.keys().map_err(|error| no_keys(&error))?;
        // Without any key every letter would count as one that does not open.
        if outer.is_empty() {
            return Err(Refusal::NoKeys);
        }
        let opened: Vec<(LetterDigest, Outside)> = letters
            .iter()
            .map(|letter| (LetterDigest::of(letter.sealed.as_bytes()), Outside::of(letter, &outer)))
            .collect();
        let own = |(digest, outside): &(LetterDigest, Outside)| match outside {
            Outside::Own(inside) => {
                Some(((*digest, LetterDigest::of(&inside.plain)), (*digest, inside.header.mailbox())))
            }
            Outside::Cover(_) | Outside::Foreign | Outside::Sealed => None,
        };
        let (new, to_place): (Vec<_>, Vec<_>) = opened.iter().filter_map(own).unzip();
        self.letter_keys.make(&new).map_err(|error| no_keys(&error))?;
        let mut places =
            self.logbook.receive(to_place, now.to_string()).map_err(|error| not_recorded(&error))?.into_iter();
        let received = opened.into_iter().map(|(digest, outside)| {
            let outside = match outside {
                Outside::Own(inside) => {
                    let rewrapped = self.rewrap(&digest, &inside.plain)?;
                    let sequence = places.next().ok_or(Refusal::NotRecorded)?;
                    LetterOutside::Own { sequence, header: Box::new(inside.header), rewrapped }
                }
                Outside::Cover(header) => LetterOutside::Cover { header },
                Outside::Foreign => LetterOutside::Foreign {},
                Outside::Sealed => LetterOutside::Sealed {},
            };
            Ok(ReceivedLetter { digest, outside })
        });
        let letters_received = received.collect::<Result<_, Refusal>>()?;
        if let Some(made_on) = complete_on {
            self.end_periods(&outer, made_on, now);
        }
        let outer_keys = Periods::names(&outer);
        Ok(Response::Received(Received { letters: letters_received, outer_keys }))
    }

    fn rewrap(&self, letter: &LetterDigest, plain: &[u8]) -> Result<SealedLetter, Refusal> {
        let key = self.letter_keys.find(letter).and_then(|key| key.map(|key| key.rewrap(plain)).transpose());
        let rewrapped = key.map_err(|error| no_keys(&error))?.ok_or(Refusal::NoKeys)?;
        SealedLetter::new(rewrapped).map_err(|_| Refusal::NoKeys)
    }

    /// Destroys outer keys whose period was over some days before a bundle was made. That bundle and all before it were
    /// taken in: such keys are no longer needed, and must not open an old recording of the traffic or an old copy of the
    /// portal. A day later than today is not believed.
    fn end_periods(&self, outer: &[OuterKey], made_on: Day, now: Timestamp) {
        let upto = made_on.min(Day::of(now));
        // The key that ends last remains until another one follows: a clock that is wrong by months must not destroy
        // a key that browsers still use.
        for key in outer.iter().skip(1).filter(|key| key.is_over(upto)) {
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
        // The letter is sealed under its own key since it was received.
        let key = self.letter_keys.find(&action.letter).map_err(|error| no_keys(&error))?;
        let key = key.ok_or(Refusal::UnknownLetter)?;
        let sequence = self.append(&ask, signed, person, now)?;
        // Opened only now: the entry is durable.
        let plain = key.unwrap(letter.as_bytes());
        let granted = match plain.and_then(|plain| outer::split(plain).ok()) {
            Some((header, inner)) => Granted::Letter { header: Box::new(header), inner: InnerFile(inner) },
            None => Granted::Unreadable {},
        };
        self.recorded(signed, sequence, granted)
    }
}
