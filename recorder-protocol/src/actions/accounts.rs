//! Accounts of people: what is recorded before it may be done.

use model::Role;

use super::action;

action!(
    /// Making an account.
    MakeAccount by [Administrator] {
        /// Its name.
        account: String,
        /// Its roles.
        roles: Vec<Role>,
        /// The unit whose cases it sees; empty for other roles.
        unit: String,
    }
);

action!(
    /// Giving an account a new first password; its keys are lost.
    ResetAccount by [Administrator] {
        /// Its name.
        account: String,
    }
);

action!(
    /// Closing an account; its keys are erased.
    CloseAccount by [Administrator] {
        /// Its name.
        account: String,
    }
);
