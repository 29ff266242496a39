//! Roles of the people of an installation.

crate::codes! {
    /// The role of a person, which decides what they may do.
    Role {
        /// Reads reports of the post and answers them.
        Officer = "officer",
        /// Opens identity envelopes, with a key that nobody else has.
        Custodian = "custodian",
        /// Approves rewards, and signs cases off.
        Approver = "approver",
        /// Handles the cases of its unit.
        CaseUnit = "case-unit",
        /// Pays the orders for rewards.
        Finance = "finance",
        /// Reads the access log and confirms keys.
        Auditor = "auditor",
        /// Manages the accounts of people.
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
