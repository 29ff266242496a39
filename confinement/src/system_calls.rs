//! System calls that no program of ours needs, refused by seccomp.

use std::collections::BTreeMap;

use nix::libc;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use crate::NotConfined;

/// What starts programs, looks into other processes, or changes the system.
const NEVER: &[libc::c_long] = &[
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_quotactl,
    libc::SYS_acct,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setgroups,
];

/// Installs the filter. Without the right to connect no socket but a local one can be made.
pub(crate) fn restrict(connects: bool) -> Result<(), NotConfined> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| NotConfined::Filter(error);
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = NEVER.iter().map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_socket, vec![foreign_sockets(connects).map_err(|error| failed(error.into()))?]);
    let refuse = SeccompAction::Errno(u32::try_from(libc::EPERM).unwrap_or(1));
    let architecture =
        std::env::consts::ARCH.try_into().map_err(|error: seccompiler::BackendError| failed(error.into()))?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, architecture);
    let program: BpfProgram = filter.and_then(TryInto::try_into).map_err(|error| failed(error.into()))?;
    seccompiler::apply_filter_all_threads(&program).map_err(|error| failed(error.into()))
}

/// Matches sockets of other families than the process needs.
fn foreign_sockets(connects: bool) -> Result<SeccompRule, seccompiler::BackendError> {
    let not = |family: libc::c_int| {
        let family = u64::try_from(family).unwrap_or_default();
        SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, family)
    };
    let mut families = vec![libc::AF_UNIX];
    if connects {
        // Name resolution asks the kernel which addresses there are.
        families.extend([libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK]);
    }
    SeccompRule::new(families.into_iter().map(not).collect::<Result<_, _>>()?)
}
