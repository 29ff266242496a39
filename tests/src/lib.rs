//! The kit of the whole-system tests: a house with real programs in a temporary folder.
//!
//! Everything listens on port 0 of 127.0.0.1 or on Unix sockets, and talks to nothing else.

pub mod casework;
pub mod claims;
pub mod desk;
pub mod house;
pub mod page;
pub mod post;
pub mod program;
pub mod proxy;
pub mod recorded_pages;
pub mod reporters;
pub mod requests;
pub mod sites;
pub mod smtp;
mod start;
pub mod webdriver;
