//! Actions that must be logged before they are performed, and the roles allowed to request them.

mod accounts;
mod audit;
mod cases;
mod exchange;
mod figures;
mod finance;
mod identity;
mod intake;
mod keys;
mod reports;
mod rewards;

use model::Role;
use serde::{Deserialize, Serialize};

pub use accounts::{CloseAccount, MakeAccount, ResetAccount};
pub use audit::{AcknowledgeLog, ConfirmKey, ExportLog, ReadLog, ReadRoster, RevokeKey};
pub use cases::{CrossSheet, EnterCase, ListCases, ReadCase, ReadEvidence, ReadSheets};
pub use exchange::{AcceptPortal, RenewSlots};
pub use figures::{PublishResults, ReadFigures};
pub use finance::{PayOrder, ReadOrder, ReadPayments, SetBudget};
pub use identity::{
    AskIdentity, HandIdentity, ListIdentityRequests, MakeSlip, OpenIdentity, ReadIdentity, RefuseIdentity,
};
pub use intake::ImportClues;
pub use keys::{GrantKeys, SignStatement};
pub use reports::{
    ChangeState, CompareReports, EraseReports, HandleReport, ListEnclosure, OpenLetter, ReadFile, ReadHandling,
    ReadReplies, ShowList, WriteReply,
};
pub use rewards::{DecideReward, FollowReward, ListClaims, ProposeReward, ReadClaim};

/// An action that [`Recorded`](crate::Recorded) can permit.
pub trait Action: Clone + PartialEq {
    /// Roles that may request it.
    const ROLES: &'static [Role];

    /// The action as it is signed and recorded.
    fn to_any(&self) -> AnyAction;
}

/// Declares an action: its type, and the roles that may request it. List it in [`AnyAction`] too.
macro_rules! action {
    ($(#[$doc:meta])* $name:ident by [$($role:ident),*] {
        $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl $crate::actions::Action for $name {
            const ROLES: &'static [model::Role] = &[$(model::Role::$role),*];

            fn to_any(&self) -> $crate::actions::AnyAction {
                $crate::actions::AnyAction::$name(self.clone())
            }
        }
    };
}
pub(crate) use action;

/// Declares the enum of all actions, and its codes.
macro_rules! any_action {
    ($($name:ident),* $(,)?) => {
        /// An action of any type, as signed and recorded.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::EnumDiscriminants)]
        #[serde(tag = "action", rename_all = "kebab-case")]
        #[strum_discriminants(name(ActionCode), doc = "The stable codes of actions.")]
        #[strum_discriminants(derive(strum::EnumString, strum::IntoStaticStr, strum::VariantArray))]
        #[strum_discriminants(strum(serialize_all = "kebab-case"))]
        pub enum AnyAction {
            $(#[doc = concat!("[`", stringify!($name), "`]")] #[strum_discriminants(doc = concat!("[`", stringify!($name), "`]"))] $name($name),)*
        }

        impl AnyAction {
            /// Whether this role may request it.
            #[must_use]
            pub fn allowed(&self, role: Role) -> bool {
                match self { $(Self::$name(_) => $name::ROLES.contains(&role),)* }
            }
        }
    };
}

any_action! {
    MakeAccount, ResetAccount, CloseAccount, AcknowledgeLog, ReadLog, ExportLog, ReadRoster, ConfirmKey, RevokeKey, OpenLetter, ShowList, ListEnclosure, ReadFile, WriteReply, ReadReplies, ChangeState, ReadHandling, HandleReport, CompareReports, EraseReports, CrossSheet, ReadSheets, ReadEvidence, ListCases, ReadCase, EnterCase, ListClaims, ReadClaim, ProposeReward, DecideReward, FollowReward, ReadOrder, PayOrder, ReadPayments, SetBudget, AskIdentity, ListIdentityRequests, OpenIdentity, HandIdentity, MakeSlip, RefuseIdentity, ReadIdentity, ImportClues, RenewSlots, AcceptPortal, ReadFigures, PublishResults, GrantKeys, SignStatement
}

impl AnyAction {
    /// The action's stable code, such as `open-letter`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        ActionCode::from(self).into()
    }
}
