//! Browser tests: Debian's Chromium with a clean profile against the real programs.

mod claim;
mod delivery;
mod portal;
mod walk;
