//! Actions on accounts, and the roles that may request them.

use model::Role;

use super::action;

action!(
    /// Creating an account with a first password.
    MakeAccount by [Administrator] {
        /// Name of the new account.
        account: String,
        /// The roles it may act in.
        roles: Vec<Role>,
        /// The unit whose cases it may read; empty for other roles.
        unit: String,
    }
);

action!(
    /// Giving an account a new first password; its keys are lost.
    ResetAccount by [Administrator] {
        /// Name of the account that is reset.
        account: String,
    }
);

action!(
    /// Closing an account; its keys are erased.
    CloseAccount by [Administrator] {
        /// Name of the account that is closed.
        account: String,
    }
);
