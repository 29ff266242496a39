//! Roles of the people of a post.

crate::codes! {
    /// What a person of an installation may do.
    Role {
        /// Reads reports of the post and answers them.
        Officer = "officer",
        /// Holds the second key of identity envelopes.
        Custodian = "custodian",
        /// Approves rewards.
        Approver = "approver",
        /// Handles cases.
        CaseUnit = "case-unit",
        /// Pays.
        Finance = "finance",
        /// Reads the access log and confirms keys.
        Auditor = "auditor",
        /// Keeps accounts.
        Administrator = "administrator",
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn codes_are_the_same_in_tables_and_in_json() {
        for role in Role::ALL {
            assert_eq!(Role::of_code(role.code()), Some(*role));
            assert_eq!(serde_json::to_value(role).expect("JSON"), role.code());
        }
        assert_eq!(Role::of_code("boss"), None);
    }
}
