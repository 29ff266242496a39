//! The purposes for which something of a report is opened.

crate::codes! {
    /// Why a letter was opened. Codes, not free text, because free text would leak content to auditors.
    Purpose {
        /// To judge what is reported.
        Review = "review",
        /// To check what is reported.
        Verify = "verify",
        /// To write an answer.
        Answer = "answer",
        /// To act on what the reporter chose about an award.
        Claim = "claim",
        /// An officer asked the custodian to open the identity envelope.
        AskIdentity = "ask-identity",
        /// The custodian opened the identity envelope.
        OpenIdentity = "open-identity",
        /// An officer read what the custodian had opened.
        ReadIdentity = "read-identity",
    }
}

impl Purpose {
    /// Whether it shows somebody who the reporter is.
    #[must_use]
    pub fn opens_identity(self) -> bool {
        matches!(self, Self::OpenIdentity | Self::ReadIdentity)
    }
}

#[cfg(test)]
mod tests {
    use super::Purpose;

    #[test]
    fn what_is_no_purpose_has_no_value() {
        assert_eq!(Purpose::of_code("curiosity"), None);
        assert_eq!(Purpose::of_code("review"), Some(Purpose::Review));
    }
}
