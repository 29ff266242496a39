//! Audiences, each with its own listener. The case units' listener has no page of the post; finance's has no page of
//! either.

use model::Role;

/// The group of users that a listener serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Officers, custodians, approvers, auditors, administrators.
    Post,
    /// Case units, and nobody else.
    Cases,
    /// Finance, and nobody else.
    Finance,
}

impl Audience {
    /// All audiences, in the order of their discriminants.
    pub const ALL: [Self; 3] = [Self::Post, Self::Cases, Self::Finance];

    /// The audience of a role.
    #[must_use]
    pub fn of(role: Role) -> Self {
        match role {
            Role::CaseUnit => Self::Cases,
            Role::Finance => Self::Finance,
            _ => Self::Post,
        }
    }

    /// Whether an account with any of these roles may sign in at this listener.
    #[must_use]
    pub fn admits(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| Self::of(*role) == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_one_audience() {
        for role in Role::ALL {
            let audiences = Audience::ALL.into_iter().filter(|audience| audience.admits(&[*role]));
            assert_eq!(audiences.collect::<Vec<_>>(), [Audience::of(*role)], "{role:?}");
        }
        assert_eq!([Audience::of(Role::CaseUnit), Audience::of(Role::Finance)], [Audience::Cases, Audience::Finance]);
    }
}
