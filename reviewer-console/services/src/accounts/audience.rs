//! Audiences, each with a listener of its own: the post's; the case units', which has no page of the post; and
//! finance's, which has no page of either.

use model::Role;

/// The people that a listener is for.
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
    /// All of them.
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

    /// Whether somebody with these roles may come in here.
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
