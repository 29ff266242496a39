//! What people see and do: Debian's Chromium with a clean profile against the real programs.

mod claim;
mod portal;
mod walk;
