//! HTTP: listeners, routes with their access rules, forms, and the layout of every page. Officers, custodians,
//! approvers, auditors and administrators use the post's listener; case units and finance have listeners of their own.
//! Pages are rendered for each request, from plain text; the one script reads codes at finance's desk.

pub(crate) mod app_state;
pub(crate) mod connection;
pub(crate) mod download;
pub(crate) mod fields;
pub(crate) mod form;
mod home;
mod intake;
pub(crate) mod layout;
mod listener;
mod middleware;
pub(crate) mod problem;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod resumed_form;
mod routes;
pub(crate) mod serve;
mod stop;
pub(crate) mod words;

#[cfg(test)]
mod test_site;
#[cfg(test)]
mod tests;
