//! Why something of a report was opened.

crate::codes! {
    /// Why a letter was opened. Codes, not free text: free text would leak content to auditors.
    Purpose {
        /// To learn which new letters say something at all; looking is a letter too.
        Sort = "sort",
        /// To judge what is reported.
        Review = "review",
        /// To check it.
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

#[cfg(test)]
mod tests {
    use super::Purpose;

    #[test]
    fn what_is_no_purpose_has_no_value() {
        assert_eq!(Purpose::of_code("curiosity"), None);
        assert_eq!(Purpose::of_code("sort"), Some(Purpose::Sort));
    }
}
