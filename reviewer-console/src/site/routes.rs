//! Every route and who may use it, in one table. The site is registered from this table, so a
//! route without a row does not exist.

use actix_web::http::Method;
use actix_web::{Route, web};
use crypto::access::Role;

use super::{accounts, enclosure, exchange, inbox, keys, letter, log, officers, password, reply, report, sign_in};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Also somebody who is not signed in.
    Anyone,
    /// Everybody who is signed in, also before the first password was changed.
    SignedIn,
    /// Whoever has this role. For everybody else the page does not exist.
    Has(Role),
}

/// A row of the table.
pub(crate) struct Row {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) who: Who,
    pub(crate) route: fn() -> Route,
}

fn get(path: &'static str, who: Who, route: fn() -> Route) -> Row {
    Row { method: Method::GET, path, who, route }
}

fn post(path: &'static str, who: Who, route: fn() -> Route) -> Row {
    Row { method: Method::POST, path, who, route }
}

/// The table.
#[rustfmt::skip]
pub(crate) fn table() -> Vec<Row> {
    use Role::{Administrator, Auditor, Officer};
    use Who::{Anyone, Has, SignedIn};
    vec![
        get("/", Anyone, || web::get().to(sign_in::start)),
        get("/static/{file}", Anyone, || web::get().to(sign_in::file)),
        get("/{language:zh|en}", Anyone, || web::get().to(sign_in::slash)),
        get("/{language:zh|en}/", Anyone, || web::get().to(sign_in::page)),
        post("/{language:zh|en}/sign-in", Anyone, || web::post().to(sign_in::sign_in)),
        post("/{language:zh|en}/lock", SignedIn, || web::post().to(sign_in::lock)),
        get("/{language:zh|en}/home", SignedIn, || web::get().to(sign_in::home)),
        get("/{language:zh|en}/password", SignedIn, || web::get().to(password::page)),
        post("/{language:zh|en}/password", SignedIn, || web::post().to(password::change)),

        get("/{language:zh|en}/inbox", Has(Officer), || web::get().to(inbox::page)),
        post("/{language:zh|en}/inbox/search", Has(Officer), || web::post().to(inbox::search)),
        post("/{language:zh|en}/inbox/sort", Has(Officer), || web::post().to(inbox::sort)),
        get("/{language:zh|en}/unreadable", Has(Officer), || web::get().to(inbox::unreadable)),
        get("/{language:zh|en}/reports/{number}", Has(Officer), || web::get().to(report::page)),
        post("/{language:zh|en}/reports/{number}/open", Has(Officer), || web::post().to(letter::open)),
        post("/{language:zh|en}/reports/{number}/enclosure", Has(Officer), || web::post().to(enclosure::list)),
        post("/{language:zh|en}/reports/{number}/file", Has(Officer), || web::post().to(enclosure::file)),
        get("/{language:zh|en}/reports/{number}/reply", Has(Officer), || web::get().to(reply::page)),
        post("/{language:zh|en}/reports/{number}/reply", Has(Officer), || web::post().to(reply::edit)),
        post("/{language:zh|en}/reports/{number}/preview", Has(Officer), || web::post().to(reply::preview)),
        post("/{language:zh|en}/reports/{number}/send", Has(Officer), || web::post().to(reply::send)),
        get("/{language:zh|en}/exchange", Has(Officer), || web::get().to(exchange::page)),
        post("/{language:zh|en}/exchange", Has(Officer), || web::post().to(exchange::run)),
        get("/{language:zh|en}/officers", Has(Officer), || web::get().to(officers::page)),
        post("/{language:zh|en}/officers/grant", Has(Officer), || web::post().to(officers::grant)),

        get("/{language:zh|en}/log", Has(Auditor), || web::get().to(log::page)),
        get("/{language:zh|en}/keys", Has(Auditor), || web::get().to(keys::page)),
        post("/{language:zh|en}/keys/confirm", Has(Auditor), || web::post().to(keys::confirm)),
        post("/{language:zh|en}/keys/revoke", Has(Auditor), || web::post().to(keys::revoke)),

        get("/{language:zh|en}/accounts", Has(Administrator), || web::get().to(accounts::page)),
        post("/{language:zh|en}/accounts/make", Has(Administrator), || web::post().to(accounts::make)),
        post("/{language:zh|en}/accounts/reset", Has(Administrator), || web::post().to(accounts::reset)),
        post("/{language:zh|en}/accounts/close", Has(Administrator), || web::post().to(accounts::close)),
    ]
}

/// Registers every row.
pub(crate) fn register(config: &mut web::ServiceConfig) {
    for row in table() {
        config.route(row.path, (row.route)());
    }
}
