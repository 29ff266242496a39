//! The table of all routes and the roles that may use them. The site is registered from this table, so a route without
//! a row does not exist.

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::{Route, web};
use console_services::accounts::audience::Audience;
use model::Role;

use crate::http::home;
use crate::pages::accounts::{account_list, password, sign_in};
use crate::pages::audit::{acknowledge, log, log_file};
use crate::pages::cases::{case, case_list, evidence, fact_sheet, fact_sheet_queue, sheet_review};
use crate::pages::exchange::{portal, runs};
use crate::pages::figures::tables;
use crate::pages::finance::{budget, desk, payments};
use crate::pages::identity::{custodian, requests};
use crate::pages::intake::{import, manual_entry};
use crate::pages::keys::{key_roster, post_key_grants};
use crate::pages::reports::{duplicates, enclosure, handling, inbox, locked, opened, reply, retention};
use crate::pages::rewards::{approval, approval_form, approvals, claim, consent, proposal};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteAccess {
    /// Everybody, also without a session.
    Anyone,
    /// Everybody who is signed in, also before the first password was changed.
    SignedIn,
    /// Accounts with this role. For all others the answer is "not found".
    Has(Role),
}

/// A row of the table.
pub(crate) struct RouteRow {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) who: RouteAccess,
    pub(crate) route: fn() -> Route,
}

fn get(path: &'static str, who: RouteAccess, route: fn() -> Route) -> RouteRow {
    RouteRow { method: Method::GET, path, who, route }
}

fn post(path: &'static str, who: RouteAccess, route: fn() -> Route) -> RouteRow {
    RouteRow { method: Method::POST, path, who, route }
}

/// The table of an audience.
pub(crate) fn table(audience: Audience) -> Vec<RouteRow> {
    let mut rows = everybody();
    match audience {
        Audience::Post => rows.extend(officers().into_iter().chain(others())),
        Audience::Cases => rows.extend(case_units()),
        Audience::Finance => rows.extend(finance()),
    }
    rows
}

/// Routes of all listeners: entry points, static files, sign-in, the lock, and one's own password.
#[rustfmt::skip]
fn everybody() -> Vec<RouteRow> {
    use RouteAccess::{Anyone, SignedIn};
    vec![
        get("/", Anyone, || web::get().to(home::start)),
        get("/static/{file}", Anyone, || web::get().to(home::file)),
        get("/{language:zh|en}", Anyone, || web::get().to(home::slash)),
        get("/{language:zh|en}/", Anyone, || web::get().to(sign_in::page)),
        post("/{language:zh|en}/sign-in", Anyone, || web::post().to(sign_in::sign_in)),
        post("/{language:zh|en}/lock", SignedIn, || web::post().to(sign_in::lock)),
        get("/{language:zh|en}/home", SignedIn, || web::get().to(home::home)),
        get("/{language:zh|en}/password", SignedIn, || web::get().to(password::page)),
        post("/{language:zh|en}/password", SignedIn, || web::post().to(password::change)),
    ]
}

#[rustfmt::skip]
fn officers() -> Vec<RouteRow> {
    use Role::Officer;
    use RouteAccess::Has;
    vec![
        get("/{language:zh|en}/inbox", Has(Officer), || web::get().to(inbox::page)),
        post("/{language:zh|en}/inbox/search", Has(Officer), || web::post().to(inbox::search)),
        get("/{language:zh|en}/unreadable", Has(Officer), || web::get().to(inbox::unreadable)),
        get("/{language:zh|en}/reports/{number}", Has(Officer), || web::get().to(locked::page)),
        post("/{language:zh|en}/reports/{number}/open", Has(Officer), || web::post().to(opened::open)),
        post("/{language:zh|en}/reports/{number}/enclosure", Has(Officer), || web::post().to(enclosure::list)),
        post("/{language:zh|en}/reports/{number}/file", Has(Officer), || web::post().to(enclosure::file)),
        get("/{language:zh|en}/reports/{number}/reply", Has(Officer), || web::get().to(reply::page)),
        post("/{language:zh|en}/reports/{number}/reply", Has(Officer), || web::post().to(reply::edit)),
        post("/{language:zh|en}/reports/{number}/preview", Has(Officer), || web::post().to(reply::preview)),
        post("/{language:zh|en}/reports/{number}/send", Has(Officer), || web::post().to(reply::send)),
        get("/{language:zh|en}/reports/{number}/handling", Has(Officer), || web::get().to(handling::page)),
        post("/{language:zh|en}/reports/{number}/handling", Has(Officer), || web::post().to(handling::take)),
        get("/{language:zh|en}/reports/{number}/fact-sheet", Has(Officer), || web::get().to(fact_sheet::page)),
        post("/{language:zh|en}/reports/{number}/fact-sheet", Has(Officer), || web::post().to(fact_sheet::edit)),
        post("/{language:zh|en}/reports/{number}/fact-sheet/preview", Has(Officer), || web::post().to(fact_sheet::preview)),
        post("/{language:zh|en}/reports/{number}/fact-sheet/cross", Has(Officer), || web::post().to(fact_sheet::cross)),
        get("/{language:zh|en}/reports/{number}/reward", Has(Officer), || web::get().to(proposal::page)),
        post("/{language:zh|en}/reports/{number}/reward", Has(Officer), || web::post().to(proposal::propose)),
        get("/{language:zh|en}/reports/{number}/claim", Has(Officer), || web::get().to(claim::page)),
        post("/{language:zh|en}/reports/{number}/claim", Has(Officer), || web::post().to(claim::enter)),
        get("/{language:zh|en}/reports/{number}/identity", Has(Officer), || web::get().to(requests::page)),
        post("/{language:zh|en}/reports/{number}/identity", Has(Officer), || web::post().to(requests::ask)),
        get("/{language:zh|en}/reports/{number}/draft", Has(Officer), || web::get().to(sheet_review::page)),
        post("/{language:zh|en}/reports/{number}/draft", Has(Officer), || web::post().to(sheet_review::decide)),
        get("/{language:zh|en}/reports/{number}/same", Has(Officer), || web::get().to(duplicates::page)),
        post("/{language:zh|en}/reports/{number}/same", Has(Officer), || web::post().to(duplicates::compare)),
        post("/{language:zh|en}/reports/{number}/join", Has(Officer), || web::post().to(duplicates::join)),
        get("/{language:zh|en}/enter", Has(Officer), || web::get().to(manual_entry::page)),
        post("/{language:zh|en}/enter", Has(Officer), || web::post().to(manual_entry::enter)),
        get("/{language:zh|en}/import", Has(Officer), || web::get().to(import::page)),
        post("/{language:zh|en}/import", Has(Officer), || web::post().to(import::take)),
        get("/{language:zh|en}/figures", Has(Officer), || web::get().to(tables::page)),
        get("/{language:zh|en}/figures.csv", Has(Officer), || web::get().to(tables::csv)),
        get("/{language:zh|en}/cases", Has(Officer), || web::get().to(case_list::page)),
        get("/{language:zh|en}/cases/waiting", Has(Officer), || web::get().to(fact_sheet_queue::page)),
        post("/{language:zh|en}/cases/waiting", Has(Officer), || web::post().to(fact_sheet_queue::release)),
        get("/{language:zh|en}/cases/new", Has(Officer), || web::get().to(fact_sheet::page)),
        post("/{language:zh|en}/cases/new", Has(Officer), || web::post().to(fact_sheet::edit)),
        post("/{language:zh|en}/cases/new/preview", Has(Officer), || web::post().to(fact_sheet::preview)),
        post("/{language:zh|en}/cases/new/cross", Has(Officer), || web::post().to(fact_sheet::cross)),
        get("/{language:zh|en}/cases/{number}", Has(Officer), || web::get().to(case::page)),
        post("/{language:zh|en}/cases/{number}", Has(Officer), || web::post().to(case::enter)),
        get("/{language:zh|en}/cases/{number}/files/{digest}", Has(Officer), || web::get().to(evidence::file)),
        get("/{language:zh|en}/exchange", Has(Officer), || web::get().to(runs::page)),
        post("/{language:zh|en}/exchange", Has(Officer), || web::post().to(runs::run)),
        get("/{language:zh|en}/retention", Has(Officer), || web::get().to(retention::page)),
        post("/{language:zh|en}/retention", Has(Officer), || web::post().to(retention::erase)),
        get("/{language:zh|en}/officers", Has(Officer), || web::get().to(post_key_grants::page)),
        post("/{language:zh|en}/officers/grant", Has(Officer), || web::post().to(post_key_grants::grant)),
    ]
}

#[rustfmt::skip]
fn others() -> Vec<RouteRow> {
    use Role::{Administrator, Approver, Auditor, Custodian};
    use RouteAccess::Has;
    vec![
        get("/{language:zh|en}/approvals", Has(Approver), || web::get().to(approvals::list)),
        get("/{language:zh|en}/approvals/claims/{number}", Has(Approver), || web::get().to(approval::page)),
        post("/{language:zh|en}/approvals/claims/{number}", Has(Approver), || web::post().to(approval::decide)),
        get("/{language:zh|en}/approvals/claims/{number}/files/{digest}", Has(Approver), || web::get().to(consent::file)),
        get("/{language:zh|en}/approvals/claims/{number}/form", Has(Approver), || web::get().to(approval_form::page)),
        get("/{language:zh|en}/approvals/cases/{number}", Has(Approver), || web::get().to(case::page)),
        post("/{language:zh|en}/approvals/cases/{number}", Has(Approver), || web::post().to(case::enter)),
        get("/{language:zh|en}/approvals/cases/{number}/files/{digest}", Has(Approver), || web::get().to(evidence::file)),

        get("/{language:zh|en}/identity", Has(Custodian), || web::get().to(custodian::list)),
        get("/{language:zh|en}/identity/{number}", Has(Custodian), || web::get().to(custodian::page)),
        post("/{language:zh|en}/identity/{number}", Has(Custodian), || web::post().to(custodian::decide)),

        get("/{language:zh|en}/log", Has(Auditor), || web::get().to(log::page)),
        get("/{language:zh|en}/log/file.csv", Has(Auditor), || web::get().to(log_file::csv)),
        get("/{language:zh|en}/log/file.json", Has(Auditor), || web::get().to(log_file::json)),
        post("/{language:zh|en}/log/acknowledge", Has(Auditor), || web::post().to(acknowledge::acknowledge)),
        get("/{language:zh|en}/portal", Has(Auditor), || web::get().to(portal::page)),
        post("/{language:zh|en}/portal", Has(Auditor), || web::post().to(portal::accept)),
        get("/{language:zh|en}/keys", Has(Auditor), || web::get().to(key_roster::page)),
        post("/{language:zh|en}/keys/confirm", Has(Auditor), || web::post().to(key_roster::confirm)),
        post("/{language:zh|en}/keys/revoke", Has(Auditor), || web::post().to(key_roster::revoke)),

        get("/{language:zh|en}/accounts", Has(Administrator), || web::get().to(account_list::page)),
        post("/{language:zh|en}/accounts/make", Has(Administrator), || web::post().to(account_list::make)),
        post("/{language:zh|en}/accounts/reset", Has(Administrator), || web::post().to(account_list::reset)),
        post("/{language:zh|en}/accounts/close", Has(Administrator), || web::post().to(account_list::close)),
    ]
}

#[rustfmt::skip]
fn case_units() -> Vec<RouteRow> {
    use Role::CaseUnit;
    use RouteAccess::Has;
    vec![
        get("/{language:zh|en}/cases", Has(CaseUnit), || web::get().to(case_list::page)),
        get("/{language:zh|en}/cases/{number}", Has(CaseUnit), || web::get().to(case::page)),
        post("/{language:zh|en}/cases/{number}", Has(CaseUnit), || web::post().to(case::enter)),
        get("/{language:zh|en}/cases/{number}/files/{digest}", Has(CaseUnit), || web::get().to(evidence::file)),
    ]
}

#[rustfmt::skip]
fn finance() -> Vec<RouteRow> {
    use Role::Finance;
    use RouteAccess::Has;
    vec![
        get("/{language:zh|en}/desk", Has(Finance), || web::get().to(desk::page)),
        post("/{language:zh|en}/desk", Has(Finance), || web::post().to(desk::look)),
        post("/{language:zh|en}/desk/pay", Has(Finance), || web::post().to(desk::pay)),
        get("/{language:zh|en}/help", Has(Finance), || web::get().to(desk::help)),
        get("/{language:zh|en}/payments", Has(Finance), || web::get().to(payments::page)),
        post("/{language:zh|en}/payments", Has(Finance), || web::post().to(payments::count)),
        get("/{language:zh|en}/budget", Has(Finance), || web::get().to(budget::page)),
        post("/{language:zh|en}/budget", Has(Finance), || web::post().to(budget::enter)),
    ]
}

/// Registers every row of an audience.
pub(crate) fn register(audience: Audience, config: &mut web::ServiceConfig) {
    config.app_data(audience);
    for row in table(audience) {
        config.route(row.path, (row.route)());
    }
}

/// Whether an account with these roles may send a form to a path.
pub(crate) fn may_send(audience: Audience, roles: &[Role], path: &str) -> bool {
    table(audience).iter().any(|row| {
        let theirs = matches!(row.who, RouteAccess::Has(role) if roles.contains(&role));
        theirs && row.method == Method::POST && ResourceDef::new(row.path).is_match(path)
    })
}
