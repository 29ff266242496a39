//! Figures for the post and results for the public: nothing small, nothing too soon, nothing forged.

use crypto::letter::{Body, Report};
use tests::casework::{ASSIGNMENT, SHEET, Work, done, with};
use tests::desk::{Desk, text};
use tests::reporters::{reporter, visit};
use tests::requests::{agent, send};

/// Reports of one town and category.
fn tell(work: &Work, count: usize, town: &str, category: &str) {
    for _ in 0..count {
        let fields = Report {
            category: category.to_owned(),
            party: "某厂".to_owned(),
            town: town.to_owned(),
            what: "x".to_owned(),
            ..Report::default()
        };
        let sealed = visit(&reporter(), Body::Report(Box::new(fields)), &work.house.keys());
        let url = format!("{}/api/visits", work.portal.address);
        assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
    }
    work.house.exchange(Some("zhou")).expect("exchanged");
}

/// Takes reports to a step.
fn judge(zhou: &mut Desk, reports: std::ops::RangeInclusive<u32>, step: &str) {
    for report in reports {
        zhou.post(&format!("/en/reports/{report}/open"), &[("purpose", "review")]);
        let path = format!("/en/reports/{report}/handling");
        done(&zhou.post(&path, &[("seen", "0"), ("step", step), ("note", "x")]));
    }
}

#[test]
fn small_numbers_are_hidden_and_the_public_learns_of_a_quarter_once_and_late() {
    let mut work = Work::begin();
    // Report 1 is there already, of no town.
    tell(&work, 6, "平桥镇", "covert-discharge");
    tell(&work, 2, "白鹤镇", "hazardous-dumping");
    tell(&work, 5, "白鹤镇", "covert-discharge");
    let mut zhou = work.desk("zhou");
    judge(&mut zhou, 2..=14, "verify");
    let sheet = with(SHEET, "town", "白鹤镇");
    assert!(
        text(&zhou.post("/en/reports/2/fact-sheet/cross", &[&[("seen", "1")], &sheet[..]].concat()))
            .contains("cases/1")
    );
    done(&zhou.post("/en/cases/1", &[&[("seen", "1")], ASSIGNMENT].concat()));

    let page = text(&zhou.get("/en/figures"));
    assert!(page.contains("once somebody has judged them") && page.contains("<svg"), "{page}");
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
    let log = text(&work.desk("shen").get("/en/log?action=draw-figures"));
    assert!(log.contains("drew figures"), "{log}");

    let public = |work: &Work| {
        text(&send(&agent(), "GET", &format!("{}/en/results/", work.portal.address), b"").expect("answered"))
    };
    work.house.exchange(Some("zhou")).expect("exchanged");
    assert!(public(&work).contains("No quarter has been published yet"), "{}", public(&work));
    assert_eq!(
        send(&agent(), "GET", &format!("{}/results/note", work.portal.address), b"").expect("answered").status,
        404
    );

    // A quarter and its delay later.
    work.console.terminate();
    work.recorder.terminate();
    work.house.sleep_for_days(130);
    work.recorder = work.house.recorder();
    work.console = work.house.console();
    let mut wu = work.desk("wu");
    wu.exchange();
    let told = public(&work);
    assert!(told.contains("1 cases were opened, 0 closed") && told.contains("Covert discharge"), "{told}");
    assert!(told.contains("Numbers of reports below 5"), "{told}");
    let main = told.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a page");
    for small in 1..5 {
        assert!(!main.contains(&format!("<td>{small}</td>")), "{small} is told: {main}");
    }
    // What was told stays, whatever is decided afterwards.
    let note =
        || text(&send(&agent(), "GET", &format!("{}/results/note", work.portal.address), b"").expect("answered"));
    let before = note();
    judge_again(&mut wu);
    wu.exchange();
    assert_eq!(note(), before);
    // Nor can whoever can write the register: it stays unpublished, and what was told stays.
    work.house.in_register("UPDATE results SET figures = replace(figures, '\"cases_opened\":1', '\"cases_opened\":9')");
    wu.exchange();
    assert_eq!(note(), before);
    let log = text(&work.desk("shen").get("/en/log?action=publish-results"));
    assert!(log.contains("published results"), "{log}");
    // Whoever can write the letterbox cannot tell the public anything.
    let forged = before.replace("\"cases_opened\":1", "\"cases_opened\":9");
    assert_ne!(forged, before);
    work.house.in_letterbox(&format!("UPDATE notes SET note = '{forged}' WHERE id = 2"));
    let shown = public(&work);
    assert!(shown.contains("No quarter has been published yet") && !shown.contains("9 cases were opened"), "{shown}");
}

fn judge_again(wu: &mut Desk) {
    wu.post("/en/reports/3/open", &[("purpose", "review")]);
    done(&wu.post("/en/reports/3/handling", &[("seen", "1"), ("step", "not-confirmed"), ("note", "x")]));
}
