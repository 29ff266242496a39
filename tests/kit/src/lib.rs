//! The kit of the whole-system tests: an installation with real programs in a temporary folder.
//!
//! Everything listens on free ports of 127.0.0.1 or on Unix sockets, and connects to nothing else.

pub mod claims;
pub mod console_client;
mod enclosure_upload;
mod file_in_hand;
pub mod html;
pub mod installation;
pub mod lossy_line;
pub mod page;
pub mod post;
pub mod program;
pub mod proxy;
pub mod recorded_pages;
pub mod reporters;
pub mod requests;
pub mod scenario;
pub mod sentences;
mod setup;
pub mod sites;
pub mod smtp;
mod start;
mod stores;
mod template;
pub mod webdriver;
