//! What a program gives up after its start, so that whoever takes it over from inside gets little: files outside its own
//! folders (Landlock), system calls that it never needs (seccomp), the network beyond its need, other processes' memory,
//! core dumps. Everything holds for the whole process, and nothing of it can be taken back.
//!
//! To be called before a program starts a thread: Landlock holds for the calling thread and those that it starts.

mod attempts;
mod files;
mod system_calls;

use std::io;
use std::path::{Path, PathBuf};

use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use rustix::thread::set_no_new_privs;

pub use attempts::{Attempt, attempts};

/// The variable by which a unit says that it filters addresses (`IPAddressDeny=`), on a kernel without rules for TCP.
pub const ADDRESS_FILTER: &str = "QINGNIAO_ADDRESS_FILTER";

/// What a program may still do after its start.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    /// Files, and folders with all that is below them, that it may read.
    pub reads: Vec<PathBuf>,
    /// Folders in which it may read, write, make and remove files.
    pub writes: Vec<PathBuf>,
    /// Whether it may open connections to other machines, or to other ports of this one.
    pub connects: bool,
}

/// Which parts hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each part holds or does not, apart from the others")]
pub struct Confined {
    /// Landlock restricts files.
    pub files: bool,
    /// Landlock restricts TCP connections; kernels before 6.7 cannot. A program that may make no Internet socket needs it
    /// not.
    pub network: bool,
    /// Seccomp restricts system calls.
    pub system_calls: bool,
    /// Memory is kept out of the swap.
    pub memory: bool,
}

/// Why a program is not confined.
#[derive(Debug, thiserror::Error)]
pub enum NotConfined {
    /// The system refused.
    #[error("the process cannot be confined")]
    System(#[from] io::Error),
    /// Landlock refused a rule, such as for a folder that is not there.
    #[error("its files cannot be restricted")]
    Files(#[from] landlock::RulesetError),
    /// Seccomp refused the filter.
    #[error("its system calls cannot be restricted")]
    Filter(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An attempt to leave the confinement succeeded.
    #[error("{0} was possible from inside")]
    Escaped(&'static str),
    /// A part that was demanded does not hold.
    #[error(
        "--require-confinement: {0} is not restricted here. Files need Landlock (Linux 5.13), the network Landlock of Linux 6.7 or a unit that filters addresses and sets {ADDRESS_FILTER}"
    )]
    Required(&'static str),
}

impl Rights {
    /// The right to a folder that may be a mount, such as a stick that comes later: then a rule must stand on the folder
    /// above it, since one on the mount point does not cover what is mounted there afterwards.
    #[must_use]
    pub fn mount(path: &Path) -> PathBuf {
        let device = |path: &Path| rustix::fs::stat(path).ok().map(|stat| stat.st_dev);
        let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let is_plain = device(path).is_some() && device(path) == device(above);
        if is_plain { path.to_owned() } else { above.to_owned() }
    }

    /// Adds what name resolution and certificates of public authorities need.
    #[must_use]
    pub fn with_names(mut self) -> Self {
        const NAMES: [&str; 12] = [
            "/etc/resolv.conf",
            "/etc/hosts",
            "/etc/nsswitch.conf",
            "/etc/host.conf",
            "/etc/gai.conf",
            "/etc/services",
            "/etc/ssl",
            "/etc/ca-certificates",
            "/usr/share/ca-certificates",
            "/run/systemd/resolve",
            "/lib",
            "/usr/lib",
        ];
        for path in NAMES {
            if Path::new(path).exists() {
                self.reads.push(path.into());
            }
        }
        self.connects = true;
        self
    }
}

/// Confines the calling process. With `require` it fails unless files and system calls are restricted, and the network of
/// a program that may not connect; otherwise it does what the kernel can, and the log says what holds.
pub fn confine(rights: &Rights, require: bool) -> Result<Confined, NotConfined> {
    set_no_new_privs(true).map_err(io::Error::from)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(io::Error::from)?;
    let memory = keep_out_of_swap();
    let (files, network) = files::restrict(rights)?;
    let system_calls = match system_calls::restrict(rights.connects) {
        Ok(()) => true,
        Err(error) if require => return Err(error),
        Err(_) => false,
    };
    let confined = Confined { files, network, system_calls, memory };
    if require {
        confined.required(rights)?;
    }
    confined.tell(rights);
    Ok(confined)
}

/// Confines this process and tries to leave the confinement from inside; prints a line for each attempt. Fails if one
/// succeeds.
pub fn check(rights: &Rights) -> Result<(), NotConfined> {
    let confined = confine(rights, false)?;
    println!("{confined:?}");
    let mut escaped = None;
    for Attempt { name, refused } in attempts(rights.connects) {
        println!("{name}: {}", if refused { "refused" } else { "DONE" });
        escaped = escaped.or((!refused).then_some(name));
    }
    escaped.map_or(Ok(()), |name| Err(NotConfined::Escaped(name)))
}

impl Confined {
    fn required(self, rights: &Rights) -> Result<(), NotConfined> {
        let parts = [(self.files, "access to files"), (self.system_calls, "the set of system calls")];
        if let Some((_, part)) = parts.into_iter().find(|(holds, _)| !holds) {
            return Err(NotConfined::Required(part));
        }
        let is_filtered = self.network || std::env::var_os(ADDRESS_FILTER).is_some();
        if rights.connects && !is_filtered { Err(NotConfined::Required("the network")) } else { Ok(()) }
    }

    fn tell(self, rights: &Rights) {
        let word = |holds: bool| if holds { "restricted" } else { "NOT restricted" };
        let network = match (rights.connects, self.network) {
            (false, _) => "no Internet socket can be made",
            (true, true) => "only what the configuration names listens; connections go out",
            (true, false) => {
                "connections go out; this kernel has no rules for them, so the unit's address filter must be there"
            }
        };
        let memory = if self.memory { "locked" } else { "may be swapped: raise LimitMEMLOCK, or encrypt the swap" };
        tracing::info!(
            code = "process.confined",
            "files {}, system calls {}, network: {network}, memory {memory}",
            word(self.files),
            word(self.system_calls)
        );
    }
}

/// Locks all memory, now and later, if the limit allows it: with a low one later allocations would fail.
fn keep_out_of_swap() -> bool {
    use rustix::mm::{MlockAllFlags, mlockall};
    use rustix::process::{Resource, getrlimit};
    // No limit is no number.
    getrlimit(Resource::Memlock).current.is_none()
        && mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT).is_ok()
}
