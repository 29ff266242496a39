//! The portal's API and its durability.

mod api;
mod durability;
mod floods;
mod killed_senders;
