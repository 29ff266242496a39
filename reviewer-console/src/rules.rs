//! The rule sets of the house, newest last. They are part of the program: which amounts it can
//! compute is what its version says.

use casework::policy::{BadPolicy, RuleSets};

/// A later rule set is a further file; none is ever changed.
const TEXTS: &[&str] = &[include_str!("../../policy/2022-01-30.toml")];

/// Reads them all, strictly.
pub(crate) fn load() -> Result<RuleSets, BadPolicy> {
    RuleSets::parse(TEXTS)
}
