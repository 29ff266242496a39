//! The doors of the house, each a listener of its own: the post's; the case units', which has no page of
//! the post; and finance's, which has no page of either.

use model::Role;

/// Through which listener a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Officers, custodians, approvers, auditors, administrators.
    Post,
    /// Case units, and nobody else.
    Cases,
    /// Finance, and nobody else.
    Finance,
}

impl Door {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 3] = [Self::Post, Self::Cases, Self::Finance];

    /// The session's cookie. `__Host-`: this host alone, this path, only over what the browser
    /// trusts, which loopback is. A name each, since browsers do not tell ports apart.
    pub(crate) fn cookie(self) -> &'static str {
        match self {
            Self::Post => "__Host-session",
            Self::Cases => "__Host-case-session",
            Self::Finance => "__Host-finance-session",
        }
    }

    /// The door of a role.
    pub(crate) fn of(role: Role) -> Self {
        match role {
            Role::CaseUnit => Self::Cases,
            Role::Finance => Self::Finance,
            _ => Self::Post,
        }
    }

    /// Whether somebody with these roles may come in here.
    pub(crate) fn admits(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| Self::of(*role) == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_one_door() {
        for role in Role::ALL {
            let doors = Door::ALL.into_iter().filter(|door| door.admits(&[*role]));
            assert_eq!(doors.collect::<Vec<_>>(), [Door::of(*role)], "{role:?}");
        }
        assert_eq!([Door::of(Role::CaseUnit), Door::of(Role::Finance)], [Door::Cases, Door::Finance]);
    }
}
