//! Figures for the post and results for the public: small numbers are hidden, nothing is published before its day, and
//! forged results are not shown.

use crypto::letters::letter::{Body, Report};
use kit::console_client::{ConsoleClient, text};
use kit::html;
use kit::reporters::{reporter, visit};
use kit::requests::{agent, send};
use kit::scenario::{ASSIGNMENT, SHEET, Scenario, done, with};
use kit::sentences::{says, says_with};

/// Sends and collects reports of one town and category.
fn tell(scenario: &Scenario, count: usize, town: &str, category: &str) {
    for _ in 0..count {
        let fields = Report {
            category: category.to_owned(),
            party: "某厂".to_owned(),
            town: town.to_owned(),
            what: "x".to_owned(),
            ..Report::default()
        };
        let sealed = visit(&reporter(), Body::Report(Box::new(fields)), &scenario.installation.keys());
        let url = format!("{}/api/visits", scenario.portal.address);
        assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
    }
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
}

/// Opens reports and enters one step of handling for each.
fn judge(zhou: &mut ConsoleClient, reports: std::ops::RangeInclusive<u32>, step: &str) {
    for report in reports {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
        let path = format!("/en/reports/{report}/handling");
        done(&zhou.post(&path, &[("expected-version", "0"), ("step", step), ("note", "x")]));
    }
}

/// A scenario with fourteen reports of two towns, and a case.
fn counted() -> Scenario {
    let scenario = Scenario::begin();
    // Report 1 is there already, of no town.
    tell(&scenario, 6, "平桥镇", "covert-discharge");
    tell(&scenario, 2, "白鹤镇", "hazardous-dumping");
    tell(&scenario, 5, "白鹤镇", "covert-discharge");
    let mut zhou = scenario.client("zhou");
    judge(&mut zhou, 2..=14, "verify");
    let sheet = with(SHEET, "town", "白鹤镇");
    assert!(
        text(&zhou.post("/en/reports/2/fact-sheet/cross", &[&[("expected-version", "1")], &sheet[..]].concat()))
            .contains("cases/1")
    );
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    scenario
}

#[test]
fn small_numbers_are_hidden() {
    let scenario = counted();
    let mut zhou = scenario.client("zhou");
    let page = text(&zhou.get("/en/figures"));
    assert!(says(&page, "figures-unfiled") && page.contains("<svg"), "{page}");
    assert!(!page.contains(" style="), "the policy forbids it");
    let file = text(&zhou.get("/en/figures.csv"));
    let count = |table: &str, row: &str, column: &str| {
        let start = format!("{table},{row},{column},");
        let line = file.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("{start} in {file}")).to_owned()
    };
    let by_town = |row, column| count("reports-by-town-and-category", row, column);
    assert_eq!(by_town("白鹤镇", "hazardous-dumping"), "", "two are hidden");
    assert_eq!(by_town("all", "hazardous-dumping"), "", "and their sum");
    assert_eq!(by_town("all", "all"), "13");
    let shown: Vec<String> = ["白鹤镇", "平桥镇", "all"]
        .iter()
        .flat_map(|row| ["hazardous-dumping", "covert-discharge", "all"].map(|column| by_town(row, column)))
        .collect();
    let small = |cell: &String| cell.parse::<u32>().is_ok_and(|count| (1..5).contains(&count));
    assert!(!shown.iter().any(small), "{shown:?}");
    assert_eq!(count("cases-by-town", "白鹤镇", "open"), "1");
    assert_eq!(count("cases-by-town", "白鹤镇", "days-to-assignment"), "0");
    let log = scenario.client("shen").log("action=read-figures");
    assert!(says(&log, "action-read-figures"), "{log}");
}

/// The public page of results.
fn public(scenario: &Scenario) -> String {
    text(&send(&agent(), "GET", &format!("{}/en/results/", scenario.portal.address), b"").expect("answered"))
}

#[test]
fn the_public_learns_of_a_quarter_once_and_late() {
    let mut scenario = counted();
    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    assert!(says(&public(&scenario), "results-none"), "{}", public(&scenario));
    assert_eq!(
        send(&agent(), "GET", &format!("{}/results/note", scenario.portal.address), b"").expect("answered").status,
        404
    );

    // A quarter and its delay later.
    scenario.days_later(130);
    let mut wu = scenario.client("wu");
    wu.exchange();
    let told = public(&scenario);
    assert!(
        says_with(&told, "results-cases", &[("opened", "1"), ("closed", "0")])
            && says(&told, "category-covert-discharge"),
        "{told}"
    );
    assert!(says_with(&told, "results-hidden", &[("smallest", "5")]), "{told}");
    let cells = html::texts(&told, "main td");
    assert!(!cells.is_empty() && cells.iter().all(|cell| !matches!(cell.as_str(), "1" | "2" | "3" | "4")), "{cells:?}");
    // Published results do not change with later decisions.
    let note =
        || text(&send(&agent(), "GET", &format!("{}/results/note", scenario.portal.address), b"").expect("answered"));
    let before = note();
    judge_again(&mut wu);
    wu.exchange();
    assert_eq!(note(), before);
    // A row that somebody with the console's disk forged is not published, and the published results stay.
    scenario.installation.tamper_with_register(
        "UPDATE results SET figures = replace(figures, '\"cases_opened\":1', '\"cases_opened\":9')",
    );
    wu.exchange();
    assert_eq!(note(), before);
    let log = scenario.client("shen").log("action=publish-results");
    assert!(says(&log, "action-publish-results"), "{log}");
    // A note that somebody with the portal's database forged is not shown to the public.
    let forged = before.replace("\"cases_opened\":1", "\"cases_opened\":9");
    assert_ne!(forged, before);
    scenario.installation.tamper_with_letterbox(&format!("UPDATE notes SET note = '{forged}' WHERE id = 2"));
    let shown = public(&scenario);
    assert!(says(&shown, "results-none") && !says_with(&shown, "results-cases", &[("opened", "9")]), "{shown}");
}

fn judge_again(wu: &mut ConsoleClient) {
    wu.post("/en/reports/3/open", &[("purpose", "review")]);
    done(&wu.post("/en/reports/3/handling", &[("expected-version", "1"), ("step", "not-confirmed"), ("note", "x")]));
}
