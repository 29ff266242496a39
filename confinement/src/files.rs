//! Files and TCP, by Landlock.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible as _, PathBeneath, PathFd, Ruleset,
    RulesetAttr as _, RulesetCreatedAttr as _, RulesetStatus, Scope,
};

use std::path::PathBuf;

use crate::{NotConfined, Rights};

/// The newest rules that this program knows; an older kernel applies those that it knows.
const NEWEST: ABI = ABI::V6;

/// Restricts files to the rights, and TCP to nothing if the process may not connect. Returns whether each holds.
pub(crate) fn restrict(rights: &Rights) -> Result<(bool, bool), NotConfined> {
    let reading = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .scope(Scope::AbstractUnixSocket | Scope::Signal)?;
    let mut tcp: BitFlags<AccessNet> = AccessNet::BindTcp.into();
    if !rights.connects {
        tcp |= AccessNet::ConnectTcp;
    }
    ruleset = ruleset.handle_access(tcp)?;
    let mut created = ruleset.create()?;
    let all = AccessFs::from_all(NEWEST) & !AccessFs::Execute;
    let devices = ["/dev/null", "/dev/urandom", "/dev/random"].map(PathBuf::from).to_vec();
    for (paths, access) in [(&rights.reads, reading), (&rights.writes, all), (&devices, all)] {
        for path in paths {
            // A folder that is not there needs no rule.
            let Ok(opened) = PathFd::new(path) else { continue };
            let access = if path.is_dir() { access } else { access & AccessFs::from_file(NEWEST) };
            created = created.add_rule(PathBeneath::new(opened, access))?;
        }
    }
    let status = created.restrict_self()?;
    let holds = status.ruleset != RulesetStatus::NotEnforced;
    Ok((holds, holds && has_network_rules()))
}

/// Whether this kernel's Landlock knows TCP: since 6.7.
fn has_network_rules() -> bool {
    let asked = Ruleset::default().set_compatibility(CompatLevel::HardRequirement).handle_access(AccessNet::BindTcp);
    asked.is_ok()
}
