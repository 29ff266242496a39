//! What is entered in a claim.

use model::{Award, Day, Fen, codes};
use serde::{Deserialize, Serialize};

use crate::cases::Evidence;
use crate::signed_entry::{BadText, filled, line, short};

/// An entry of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[strum(serialize_all = "kebab-case")]
pub enum ClaimEntry {
    /// An amount with what it follows from; after an approval, a correction of it.
    Proposed(Box<Proposal>),
    /// Approved as proposed.
    Approved(Approved),
    /// Sent back.
    Returned {
        /// Why.
        note: String,
    },
    /// The reporter is told.
    Offered {
        /// The last day on which the reporter may choose.
        last_day: Day,
        /// The last day on which reconsideration may be asked for.
        reconsider_until: Day,
    },
    /// The reporter had said that no reward is wanted, and may still come until the last day.
    Waived {},
    /// The reporter refused it, and may still come until the last day.
    Refused {
        /// The day of the letter.
        asked_on: Day,
    },
    /// The reporter took it: an order to pay is out.
    OrderIssued {
        /// SHA-256 of the order, in hexadecimal.
        order: String,
        /// How it is paid.
        method: PaymentMethod,
        /// The amount: all that is due and not paid.
        amount: Fen,
        /// The last day on which it is paid.
        valid_until: Day,
        /// The day of the letter.
        asked_on: Day,
    },
    /// The order is withdrawn; the reporter chooses again.
    OrderWithdrawn {
        /// Why.
        note: String,
        /// The last day on which the reporter may choose now.
        last_day: Day,
    },
    /// Finance has paid.
    Paid {
        /// SHA-256 of the order, in hexadecimal.
        order: String,
        /// The receipt's number.
        receipt: String,
        /// The amount.
        amount: Fen,
        /// The day.
        on: Day,
        /// Who paid.
        payer: String,
    },
    /// Nobody came in time.
    Lapsed {
        /// The last day on which reconsideration may be asked for.
        reconsider_until: Day,
    },
    /// The reporter asks for it to be looked at again. The reasons stay in the letter.
    Asked {
        /// The day of the letter.
        asked_on: Day,
    },
    /// Nobody who had no part in it has looked at it again in time: everything stays, and the reporter may
    /// ask once more.
    Unanswered {
        /// The last day on which the reporter may choose, where there is something to choose.
        last_day: Day,
        /// The last day on which reconsideration may be asked for.
        reconsider_until: Day,
    },
    /// Somebody who had no part in it has looked at it again.
    Answered {
        /// What came of it.
        answer: ReconsiderationResult,
        /// Why.
        note: String,
        /// The last day on which the reporter may choose, where there is something to choose.
        last_day: Option<Day>,
    },
}

/// How the reporter wants to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentMethod {
    /// Against the code: whoever brings the claim note.
    ClaimNote,
    /// Openly: the custodian gives finance the payee on a slip.
    PayeeSlip,
}

codes! {
    /// What came of looking again.
    ReconsiderationResult {
        /// Everything stays.
        Upheld = "upheld",
        /// It is offered again.
        Reopened = "reopened",
        /// The amount is proposed anew.
        Recompute = "recompute",
    }
}

/// What is proposed. Frozen: a later rule set or fine does not change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The case.
    pub case: u64,
    /// The document number of the penalty decision whose fine is highest.
    pub document: String,
    /// Those of the other decisions, where the rules add their fines up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// SHA-256 of the rule set, in hexadecimal.
    pub rules: String,
    /// The amount and how it was reached.
    pub award: Award,
    /// Why the case is exceptionally grave; empty for an ordinary reward.
    pub grounds: String,
    /// How many must approve it, by those rules.
    pub approvers: u8,
    /// Whether the last of them attaches a document that consents.
    pub needs_consent: bool,
}

impl Proposal {
    /// A special award needs its grounds, an ordinary one has none.
    pub(super) fn check(&self) -> Result<(), BadText> {
        let grounds = [("grounds", self.grounds.as_str())];
        if self.award.is_special() { filled(&grounds) } else { short(&grounds) }
    }
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// SHA-256 of the proposal's entry, in hexadecimal.
    pub proposal: String,
    /// The government's consent to a special award.
    pub consent: Option<Consent>,
}

/// A document that consents to a special award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Its number.
    pub document: String,
    /// The file.
    pub file: Evidence,
}

impl Consent {
    pub(super) fn check(&self) -> Result<(), BadText> {
        filled(&[("document", self.document.as_str())])?;
        line(&[("document", &self.document), ("file", &self.file.name)])
    }
}

impl ClaimEntry {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The document of consent that an approval brought.
    #[must_use]
    pub fn consent(&self) -> Option<&Consent> {
        match self {
            Self::Approved(decided) => decided.consent.as_ref(),
            _ => None,
        }
    }

    /// Whether it is an approver's to enter.
    #[must_use]
    pub fn decides(&self) -> bool {
        matches!(self, Self::Approved(_) | Self::Returned { .. } | Self::Answered { .. })
    }
}
