//! Types that all crates share: days, roles and purposes, money, awards, digests, and the codes used in letters,
//! tables, the log and addresses.
//!
//! No keys, no ciphers, no I/O: a crate that needs only these types (the rules in `casework`) links nothing else.

mod award;
mod codes;
mod day;
mod digest;
mod due;
mod exact;
mod money;
mod purpose;
mod role;
mod step_code;

pub use award::{Award, Line};
pub use day::{BEIJING, Day, NotADay};
pub use digest::{BadId, Digest, LetterDigest};
pub use due::Due;
pub use exact::Exact;
pub use human_text::BadAmount;
pub use money::{Fen, Overflow};
pub use purpose::Purpose;
pub use role::Role;
pub use step_code::StepCode;
