//! The two doors of the house, each a listener of its own: the post's, and the case units', which
//! has no page of the post.

use crypto::access::Role;

/// Through which listener a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Officers, approvers, auditors, administrators.
    Post,
    /// Case units, and nobody else.
    Cases,
}

impl Door {
    /// The session's cookie. `__Host-`: this host alone, this path, only over what the browser
    /// trusts, which loopback is. Two names, since browsers do not tell ports apart.
    pub(crate) fn cookie(self) -> &'static str {
        match self {
            Self::Post => "__Host-session",
            Self::Cases => "__Host-case-session",
        }
    }

    /// Whether somebody with these roles may come in here.
    pub(crate) fn admits(self, roles: &[Role]) -> bool {
        match self {
            Self::Post => roles.iter().any(|role| *role != Role::CaseUnit),
            Self::Cases => roles.contains(&Role::CaseUnit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_units_have_a_door_of_their_own() {
        assert!(Door::Cases.admits(&[Role::CaseUnit]) && !Door::Post.admits(&[Role::CaseUnit]));
        for role in Role::ALL.iter().filter(|role| **role != Role::CaseUnit) {
            assert!(Door::Post.admits(&[*role]) && !Door::Cases.admits(&[*role]), "{role:?}");
        }
    }
}
