//! Identities, opened by the custodian.

mod custodian;
