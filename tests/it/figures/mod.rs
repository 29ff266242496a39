//! Figures for the post, and results published every quarter.

mod published;
