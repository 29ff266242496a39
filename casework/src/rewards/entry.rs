//! Entries of a claim, and the checks on their texts.

use model::{Award, Day, Fen, codes};
use serde::{Deserialize, Serialize};

use crate::cases::Evidence;
use crate::signed_entry::{BadText, filled, line, short};

/// An entry of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[strum(serialize_all = "kebab-case")]
pub enum ClaimEntry {
    /// An amount is proposed with its basis; after an approval, as a correction of it.
    Proposed(Box<Proposal>),
    /// The proposal is approved as it is.
    Approved(Approved),
    /// The proposal is sent back to the post.
    Returned {
        /// Why it is sent back.
        note: String,
    },
    /// The reporter is informed and may choose.
    Offered {
        /// The last day on which the reporter may choose.
        last_day: Day,
        /// The last day on which reconsideration may be asked for.
        reconsider_until: Day,
    },
    /// The reporter had stated that no reward is wanted, and may still claim it until the last day.
    Waived {},
    /// The reporter refused the reward, and may still claim it until the last day.
    Refused {
        /// The day on which the letter was received.
        asked_on: Day,
    },
    /// The reporter took the reward: an order to pay is issued.
    OrderIssued {
        /// SHA-256 of the order, in hexadecimal.
        order: String,
        /// How the reporter is paid.
        method: PaymentMethod,
        /// The amount: all that is due and not paid.
        amount: Fen,
        /// The last day on which it may be paid.
        valid_until: Day,
        /// The day on which the letter was received.
        asked_on: Day,
    },
    /// The order is withdrawn; the reporter chooses again.
    OrderWithdrawn {
        /// Why it is withdrawn.
        note: String,
        /// The new last day on which the reporter may choose.
        last_day: Day,
    },
    /// Finance has paid the order.
    Paid {
        /// SHA-256 of the order, in hexadecimal.
        order: String,
        /// Number of the payment receipt.
        receipt: String,
        /// The amount that was paid.
        amount: Fen,
        /// The day of the payment.
        on: Day,
        /// The account that paid.
        payer: String,
    },
    /// The last day passed without a claim or a payment.
    Lapsed {
        /// The last day on which reconsideration may be asked for.
        reconsider_until: Day,
    },
    /// The reporter asks for reconsideration. The reasons stay in the letter.
    Asked {
        /// The day on which the letter was received.
        asked_on: Day,
    },
    /// No person without another part in the claim has answered the request in time. Everything stays as it was, and
    /// the reporter may ask once more.
    Unanswered {
        /// The new last day on which the reporter may choose, where there is something to choose.
        last_day: Day,
        /// The last day on which reconsideration may be asked for.
        reconsider_until: Day,
    },
    /// A person without another part in the claim has answered the request for reconsideration.
    Answered {
        /// The result of the reconsideration.
        answer: ReconsiderationResult,
        /// The reasons for the result.
        note: String,
        /// The new last day on which the reporter may choose, where there is something to choose.
        last_day: Option<Day>,
    },
}

/// How the reporter wants to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentMethod {
    /// Against the code: to the bearer of the claim note.
    ClaimNote,
    /// Openly: the custodian gives finance the payee on a slip.
    PayeeSlip,
}

codes! {
    /// The result of a reconsideration.
    ReconsiderationResult {
        /// Everything stays as it was.
        Upheld = "upheld",
        /// The reward is offered again.
        Reopened = "reopened",
        /// The amount is to be proposed anew.
        Recompute = "recompute",
    }
}

/// A proposal of a reward. It is frozen: a later rule set or fine does not change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Number of the case.
    pub case: u64,
    /// Document number of the penalty decision with the highest fine.
    pub document: String,
    /// Document numbers of the other decisions, if the rules add up their fines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// SHA-256 of the rule set, in hexadecimal.
    pub rules: String,
    /// The amount and its explanation.
    pub award: Award,
    /// Why the case is exceptionally grave; empty for an ordinary reward.
    pub grounds: String,
    /// Number of approvals that it needs, by those rules.
    pub approvers: u8,
    /// Whether the last approver must attach a document of consent.
    pub needs_consent: bool,
}

impl Proposal {
    /// A special award needs grounds; an ordinary one may have none.
    pub(super) fn check(&self) -> Result<(), BadText> {
        let grounds = [("grounds", self.grounds.as_str())];
        if self.award.is_special() { filled(&grounds) } else { short(&grounds) }
    }
}

/// An approval of a proposal.
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
    /// Its document number, 1 to 200 characters.
    pub document: String,
    /// The file of the document; its name has at most 200 characters.
    pub file: Evidence,
}

impl Consent {
    pub(super) fn check(&self) -> Result<(), BadText> {
        filled(&[("document", self.document.as_str())])?;
        line(&[("document", &self.document), ("file", &self.file.name)])
    }
}

impl ClaimEntry {
    /// The stable code of its kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The document of consent, if this is an approval that has one.
    #[must_use]
    pub fn consent(&self) -> Option<&Consent> {
        match self {
            Self::Approved(decided) => decided.consent.as_ref(),
            _ => None,
        }
    }

    /// Whether only an approver may enter it.
    #[must_use]
    pub fn decides(&self) -> bool {
        matches!(self, Self::Approved(_) | Self::Returned { .. } | Self::Answered { .. })
    }
}
