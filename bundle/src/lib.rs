//! Bundles: the files by which portal and console exchange everything. There is no other way between them.
//!
//! An inward bundle brings letters and enclosures from the portal; an outward bundle brings slots, acknowledgements and
//! notes back. Each is signed by its side, numbered, and names the bundle before it, so that a loss, a repetition and a
//! foreign hand are noticed. It does not stop a portal that leaves letters out. docs/formats/bundle.md has the format.

mod chain;
mod direction;
mod error;
mod folder;
mod head;
mod reader;
mod record;
mod writer;

pub use chain::{BadChain, Chain, Place, RESTORED};
pub use direction::{Direction, Inward, Outward};
pub use error::{BundleError, WrongBundle};
pub use folder::BundleFolder;
pub use head::{BundleHead, BundleName, Epoch, MailboxRange};
pub use reader::{BundleFile, CheckedBundle, Records};
pub use record::{InwardRecord, OutwardRecord, Taken};
pub use writer::{BundleWriter, FinishedBundle};

/// Most bytes of a file. FAT32, which most sticks have, ends at 4 GiB; a file that is copied in a minute is easily copied
/// again.
pub const LARGEST: u64 = 1024 * 1024 * 1024;
