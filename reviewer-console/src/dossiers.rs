//! Cases and claims as the rules see them: read from the register by replaying their entries,
//! entered only with the recorder's permission.

use casework::case::{self, Case};
use casework::claim::{self, Claim};
use casework::entered::Entered;
use crypto::mailbox::LetterDigest;
use recording::{DecideReward, EnterCase, ProposeReward, Recorded};
use register::{Dossier, Dossiers, Entering, NotEntered, Register};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// A dossier with what its entries lead to.
pub(crate) struct File<Now, Entry> {
    pub(crate) number: u64,
    pub(crate) now: Now,
    /// Its entries, oldest first.
    pub(crate) entries: Vec<Entered<Entry>>,
}

/// A case.
pub(crate) type CaseFile = File<Case, case::Entry>;
/// A claim.
pub(crate) type ClaimFile = File<Claim, claim::Entry>;

impl<Now, Entry> File<Now, Entry> {
    /// How many entries were seen.
    pub(crate) fn seen(&self) -> u64 {
        self.entries.len() as u64
    }
}

/// A case by its number.
pub(crate) fn case(register: &Register, number: u64) -> Result<Option<CaseFile>, Fault> {
    register.dossier(Dossiers::Cases, number)?.map(case_of).transpose()
}

/// A stored case, replayed.
pub(crate) fn case_of(dossier: Dossier) -> Result<CaseFile, Fault> {
    let (number, entries) = (dossier.number, entered(dossier)?);
    Ok(File { number, now: Case::replay(&entries).map_err(Fault::inside)?, entries })
}

/// A claim by its number.
pub(crate) fn claim(register: &Register, number: u64) -> Result<Option<ClaimFile>, Fault> {
    register.dossier(Dossiers::Claims, number)?.map(claim_of).transpose()
}

/// A stored claim, replayed.
pub(crate) fn claim_of(dossier: Dossier) -> Result<ClaimFile, Fault> {
    let (number, entries) = (dossier.number, entered(dossier)?);
    Ok(File { number, now: Claim::replay(&entries).map_err(Fault::inside)?, entries })
}

fn entered<T: DeserializeOwned>(dossier: Dossier) -> Result<Vec<Entered<T>>, Fault> {
    let one = |stored: register::StoredEntry| {
        let what = serde_json::from_str(&stored.entry).map_err(Fault::inside)?;
        Ok(Entered { by: stored.author, on: stored.on, what })
    };
    dossier.entries.into_iter().map(one).collect()
}

/// An entry as it is kept, and the digest by which its record in the log names it.
pub(crate) fn written(entry: &impl Serialize) -> Result<(String, LetterDigest), Fault> {
    let text = serde_json::to_string(entry).map_err(Fault::inside)?;
    let digest = LetterDigest::of(text.as_bytes());
    Ok((text, digest))
}

/// What is entered in a case, once that is recorded.
pub(crate) fn case_entering(
    recorded: Recorded<EnterCase>,
    seen: u64,
    entered: &Entered<case::Entry>,
    after: &Case,
) -> Result<Entering, Fault> {
    let (deed, _) = recorded.use_up();
    Ok(Entering {
        series: Dossiers::Cases,
        dossier: deed.case,
        number: seen + 1,
        on: entered.on,
        author: entered.by.clone(),
        entry: checked(&entered.what, deed.digest)?,
        state: after.state.code(),
        unit: after.assignment.as_ref().map(|to| to.unit.clone()),
        document: after.decision.as_ref().map(|decision| decision.document.clone()),
    })
}

/// The proposal of a reward, once that is recorded.
pub(crate) fn proposal_entering(
    recorded: Recorded<ProposeReward>,
    seen: u64,
    entered: &Entered<claim::Entry>,
    after: &Claim,
) -> Result<Entering, Fault> {
    let (deed, _) = recorded.use_up();
    claim_entering(deed.claim, deed.digest, seen, entered, after)
}

/// Decides a claim, once that is recorded.
pub(crate) fn decide(
    recorded: Recorded<DecideReward>,
    register: &Register,
    seen: u64,
    entered: &Entered<claim::Entry>,
    after: &Claim,
) -> Result<Result<(), NotEntered>, Fault> {
    let (deed, _) = recorded.use_up();
    Ok(register.enter(claim_entering(deed.claim, deed.digest, seen, entered, after)?)?)
}

fn claim_entering(
    number: u64,
    digest: LetterDigest,
    seen: u64,
    entered: &Entered<claim::Entry>,
    after: &Claim,
) -> Result<Entering, Fault> {
    Ok(Entering {
        series: Dossiers::Claims,
        dossier: number,
        number: seen + 1,
        on: entered.on,
        author: entered.by.clone(),
        entry: checked(&entered.what, digest)?,
        state: after.state.code(),
        unit: None,
        document: None,
    })
}

/// The entry's text, if it is the one that was recorded.
fn checked(entry: &impl Serialize, recorded: LetterDigest) -> Result<String, Fault> {
    let (text, digest) = written(entry)?;
    if digest == recorded { Ok(text) } else { Err(Fault::NotUnderstood) }
}
