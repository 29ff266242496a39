//! HTTP: listeners, routes and who may use them, forms, the page around every page. For officers,
//! custodians, approvers, auditors and administrators at the post's listener, for case units and for finance at their
//! own. Pages are made anew for each request, from plain text; the one script reads codes at finance's desk.

pub(crate) mod app_state;
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
pub(crate) mod words;

#[cfg(test)]
mod test_site;
#[cfg(test)]
mod tests;
