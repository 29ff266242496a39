//! Which roles one account may hold together.

use model::Role;

/// Pairs that would break the separation of duties, each with its reason. Auditors, administrators and case units hold
/// no second role at all.
const APART: &[(Role, Role)] = &[
    // An officer reads reports and must not be able to open identity envelopes.
    (Role::Officer, Role::Custodian),
    // Finance must not learn whether there is a report behind a case.
    (Role::Officer, Role::Finance),
    (Role::Custodian, Role::Finance),
    // An approver of payments must not pay them out.
    (Role::Approver, Role::Finance),
];

/// The first two roles that one account may not hold together; none when the set is allowed. (That nobody approves
/// their own proposal is a rule for each claim, not for accounts.)
pub(crate) fn conflict(roles: &[Role]) -> Option<(Role, Role)> {
    for (index, one) in roles.iter().enumerate() {
        for other in &roles[index + 1..] {
            let alone = |role: &Role| matches!(role, Role::Auditor | Role::Administrator | Role::CaseUnit);
            let apart = APART.contains(&(*one, *other)) || APART.contains(&(*other, *one));
            if apart || alone(one) || alone(other) {
                return Some((*one, *other));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_that_break_the_separation_are_refused() {
        let refused = [
            [Role::Administrator, Role::Officer],
            [Role::Officer, Role::Custodian],
            [Role::Finance, Role::Approver],
            [Role::Auditor, Role::Officer],
            [Role::CaseUnit, Role::Officer],
            // Approvers know which cases come from reports.
            [Role::CaseUnit, Role::Approver],
        ];
        for pair in refused {
            assert!(conflict(&pair).is_some(), "{pair:?}");
            assert!(conflict(&[pair[1], pair[0]]).is_some(), "{pair:?}");
        }
        assert_eq!(conflict(&[Role::Officer, Role::Approver]), None);
        assert_eq!(conflict(&[Role::Auditor]), None);
        assert_eq!(conflict(&[Role::Officer, Role::Officer]), None, "said twice is said once");
    }
}
