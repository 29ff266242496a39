//! Calls, clues and duplicates.

mod channels;
