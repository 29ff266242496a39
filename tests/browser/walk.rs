//! A walkthrough in real Chromium for every person: a report, its collection, the recorded opening, the answer, the
//! case, the fine, the reward, and the reporter's view of it. Writes pictures of every page of the console.

use fantoccini::{Client, Locator};
use kit::console_client::ConsoleClient;
use kit::installation::{Database, Installation, UNIT};
use kit::page::{browser, choose, click, opened_beside, picture, pictures, says, set_day, text_of, type_into, visible};
use kit::program::Running;
use kit::scenario::{CALL, DECIDED, decided_case, done, proposal};
use kit::sites::{exchange, look, report, sign_in};
use kit::webdriver::{ChromeDriver, Screen};

/// An installation with a report sent from a telephone, and the officer who has collected it.
struct Begun {
    installation: Installation,
    portal: Running,
    /// Witness and recorder, which stop when this is dropped.
    _others: [Running; 2],
    console: Running,
    /// The address of the case units' listener.
    cases: String,
    reporter: Client,
    words: String,
    officer: Client,
    /// One browser driver for each person: reporter, officer, and two more.
    drivers: [ChromeDriver; 4],
}

async fn begun() -> Begun {
    let installation = Installation::new(Database::Sqlite);
    let (witness, portal, recorder) = (installation.witness(), installation.portal(), installation.recorder());
    let mut console = installation.console();
    let cases = console.next_address();
    let drivers = [(); 4].map(|()| ChromeDriver::start());
    let reporter = browser(&drivers[0], Screen::Phone).await;
    let words = report(&reporter, &portal.address).await;
    let officer = browser(&drivers[1], Screen::Desktop).await;
    sign_in(&officer, &console.address, "zh", "zhou", installation.password("zhou")).await;
    says(&officer, "main", "没有新来信").await;
    picture(&officer, "zh-desktop-console-inbox-empty").await;
    exchange(&officer, &console.address, "来信 1，另行存放 0，附件 1，更新信箱 1", &installation).await;
    picture(&officer, "zh-desktop-console-exchange").await;
    Begun { installation, portal, _others: [witness, recorder], console, cases, reporter, words, officer, drivers }
}

impl Begun {
    /// Opens the mailbox on the English page.
    async fn look_in_english(&self) {
        self.reporter.goto(&format!("{}/en/mailbox/", self.portal.address)).await.expect("a page");
        type_into(&self.reporter, "#code-input", &self.words).await;
        click(&self.reporter, "#look-button").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_report_to_an_answer() {
    let at = begun().await;
    let Begun { installation, reporter, officer, words, portal, console, .. } = &at;
    look(reporter, &portal.address, words).await;
    says(reporter, "#mailbox-slot", "专岗已收取用这些字发来的内容，还没有人阅读").await;
    says(reporter, "#mailbox-slot", "没有人打开过").await;

    open_report(officer, &console.address).await;
    answer(officer, &console.address).await;
    exchange(officer, &console.address, "完成", installation).await;

    look(reporter, &portal.address, words).await;
    says(reporter, "#mailbox-slot", "专岗已答复").await;
    says(reporter, "#mailbox-slot", "谢谢您，我们正在核实。").await;
    let record = text_of(reporter, "#access-records").await;
    assert!(record.contains("第 1 条") && record.contains("专岗人员 1 号打开，用途：审阅举报"), "{record}");
    assert!(record.contains("✓ 已证实在日志中"), "the browser has checked the proof: {record}");
    says(reporter, "#mailbox-slot", "独立的见证人签名确认").await;
    picture(reporter, "zh-phone-mailbox-answered").await;
    at.look_in_english().await;
    says(reporter, "#mailbox-slot", "opened by officer 1 of the reward post to judge the report").await;
    picture(reporter, "en-phone-mailbox-answered").await;

    officer.find(Locator::Css("header form button")).await.expect("the lock").click().await.expect("locked");
    visible(officer, "#password").await;
    officer.back().await.expect("back");
    officer.refresh().await.ok();
    let page = officer.source().await.expect("a page");
    assert!(!page.contains("谢谢您") && !page.contains("东溪印染厂"), "nothing is left behind the lock");
    for client in [at.reporter, at.officer] {
        client.close().await.expect("closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_report_to_a_case_a_reward_and_its_closure() {
    let at = begun().await;
    let Begun { installation, reporter, officer, words, portal, console, cases, drivers, .. } = &at;
    open_report(officer, &console.address).await;
    let unit = browser(&drivers[2], Screen::Desktop).await;
    sign_in(&unit, cases, "zh", "qian", installation.password("qian")).await;
    let approver = browser(&drivers[3], Screen::Desktop).await;
    sign_in(&approver, &console.address, "zh", "he", installation.password("he")).await;
    open_case(officer, &console.address).await;
    fine(&unit, cases).await;
    propose(officer, &console.address).await;
    exchange(officer, &console.address, "完成", installation).await;
    look(reporter, &portal.address, words).await;
    assert!(reporter.find(Locator::Css("#outcome")).await.is_err(), "nothing is told before it is decided");
    approve(&approver, &console.address).await;
    rectify(&unit, cases).await;
    close(officer, &approver, &console.address).await;
    exchange(officer, &console.address, "完成", installation).await;
    look(reporter, &portal.address, words).await;
    says(reporter, "#award-due", "您的奖励：61,728.39 元").await;
    says(reporter, "#mailbox-slot", "您的举报已有结果").await;
    says(reporter, "#outcome", "罚款 1,234,567.89 元，按 5 % 计算").await;
    says(reporter, "#outcome", "案件已销号").await;
    picture(reporter, "zh-phone-mailbox-award").await;
    at.look_in_english().await;
    says(reporter, "#award-due", "Your reward: 61,728.39 yuan").await;
    picture(reporter, "en-phone-mailbox-award").await;
    for client in [at.reporter, at.officer, unit, approver] {
        client.close().await.expect("closed");
    }
}

/// Opens the form of one kind of entry on a case's page.
async fn entry(client: &Client, kind: &str) {
    click(client, &format!("#enter-{kind} summary")).await;
}

async fn note(client: &Client, kind: &str, text: &str) {
    entry(client, kind).await;
    type_into(client, &format!("#note-{kind}"), text).await;
    click(client, &format!("#enter-{kind} button")).await;
    // Wait for the page that shows the entry before the next step.
    says(client, "main", text).await;
}

/// From triage to an assigned case.
async fn open_case(officer: &Client, console: &str) {
    officer.goto(&format!("{console}/zh/reports/1/handling")).await.expect("a page");
    picture(officer, "zh-desktop-console-handling").await;
    officer.find(Locator::Css("details summary")).await.expect("a step").click().await.expect("opened");
    type_into(officer, "#note-verify", "周、吴明日到现场。").await;
    click(officer, "details[open] button").await;
    says(officer, "#stage", "核查中").await;
    click(officer, "main p.actions a.button").await;
    choose(officer, "#category", "covert-discharge").await;
    type_into(officer, "#party", "东溪印染厂").await;
    choose(officer, "#town", "平桥镇").await;
    type_into(officer, "#found", "厂区西侧围墙外发现暗管一根，正在排放废水。").await;
    set_day(officer, "#found-on", "2022-01-30").await;
    click(officer, "#urgent").await;
    picture(officer, "zh-desktop-console-fact-sheet").await;
    click(officer, "main form button").await;
    says(officer, "article", "厂区西侧围墙外发现暗管一根").await;
    says(officer, "main", "立案后事实清单不能修改").await;
    says(officer, "main", "没有发现重复的词句").await;
    click(officer, "#looked").await;
    picture(officer, "zh-desktop-console-fact-sheet-preview").await;
    click(officer, "main form button").await;
    says(officer, "#opened", "已立案").await;
    click(officer, "main p.actions a.button").await;
    entry(officer, "assigned").await;
    choose(officer, "#unit", UNIT).await;
    type_into(officer, "#responsible", "钱某").await;
    type_into(officer, "#measures", "拆除暗管，封堵排口。").await;
    set_day(officer, "#deadline", "2099-12-31").await;
    type_into(officer, "#standard", "无排放，恢复原状。").await;
    picture(officer, "zh-desktop-console-case-assign").await;
    click(officer, "#enter-assigned button").await;
    says(officer, "#case-state", "已交办").await;
}

/// The unit enters the penalty decision.
async fn fine(unit: &Client, cases: &str) {
    unit.goto(&format!("{cases}/zh/cases")).await.expect("a page");
    says(unit, ".reports", "东溪印染厂").await;
    picture(unit, "zh-desktop-cases-list").await;
    click(unit, ".reports a").await;
    entry(unit, "decided").await;
    type_into(unit, "#document", "台环罚〔2026〕17 号").await;
    type_into(unit, "#fine", "1,234,567.89").await;
    set_day(unit, "#decided-on", "2022-01-30").await;
    click(unit, "#enter-decided button").await;
    says(unit, "main", "1,234,567.89 元").await;
    picture(unit, "zh-desktop-cases-case").await;
}

async fn propose(officer: &Client, console: &str) {
    officer.goto(&format!("{console}/zh/reports/1/reward")).await.expect("a page");
    says(officer, "#due", "奖励：61,728.39 元").await;
    picture(officer, "zh-desktop-console-reward").await;
    click(officer, "main form > p.actions button").await;
    visible(officer, "#proposed").await;
}

async fn approve(approver: &Client, console: &str) {
    approver.goto(&format!("{console}/zh/approvals")).await.expect("a page");
    picture(approver, "zh-desktop-console-approvals").await;
    click(approver, ".reports a").await;
    says(approver, "#due", "奖励：61,728.39 元").await;
    picture(approver, "zh-desktop-console-claim").await;
    click(approver, "#approve").await;
    says(approver, "#claim-state", "已批准").await;
}

async fn rectify(unit: &Client, cases: &str) {
    unit.goto(&format!("{cases}/zh/cases/1")).await.expect("a page");
    entry(unit, "started").await;
    click(unit, "#enter-started button").await;
    note(unit, "progress", "暗管已挖出。").await;
    note(unit, "applied", "整改完成，申请销号。").await;
    says(unit, "#case-state", "已申请销号").await;
}

/// An officer checks on the spot, and an approver signs the case off.
async fn close(officer: &Client, approver: &Client, console: &str) {
    officer.goto(&format!("{console}/zh/cases/1")).await.expect("a page");
    note(officer, "verified", "现场核验，已恢复原状。").await;
    says(officer, "#case-state", "已现场核验").await;
    approver.goto(&format!("{console}/zh/approvals/cases/1")).await.expect("a page");
    note(approver, "closed", "同意销号。").await;
    says(approver, "#case-state", "已销号").await;
    picture(approver, "zh-desktop-console-case-closed").await;
}

/// From the inbox to the opened report and its attachments.
async fn open_report(officer: &Client, console: &str) {
    officer.goto(&format!("{console}/zh/inbox")).await.expect("a page");
    says(officer, ".reports", "1 封新来信").await;
    picture(officer, "zh-desktop-console-inbox").await;
    click(officer, ".reports a").await;
    says(officer, "main", "附件已到").await;
    picture(officer, "zh-desktop-console-report").await;
    click(officer, "main form button[type=submit]").await;
    says(officer, "dl", "西墙外有一根暗管").await;
    picture(officer, "zh-desktop-console-opened").await;
    let letter = officer.window().await.expect("a window");
    click(officer, "article form button").await;
    // B18 of the review: after the list, "back" asked to open the report once more. Now the letter stays where it is.
    officer.switch_to_window(opened_beside(officer, &letter).await).await.expect("the list's window");
    says(officer, ".reports", "西墙暗管.jpg").await;
    says(officer, ".reports", "23 字节").await;
    picture(officer, "zh-desktop-console-enclosure").await;
    officer.close_window().await.expect("closed");
    officer.switch_to_window(letter).await.expect("the letter's window");
    says(officer, "dl", "西墙外有一根暗管").await;
}

/// Searches the opened letters, and sends an answer.
async fn answer(officer: &Client, console: &str) {
    officer.goto(&format!("{console}/zh/inbox?show=all")).await.expect("a page");
    says(officer, ".reports", "东溪印染厂").await;
    type_into(officer, "#search", "暗管").await;
    officer.find(Locator::Css("#search")).await.expect("a field").send_keys("\n").await.expect("searched");
    says(officer, ".reports", "东溪印染厂").await;
    picture(officer, "zh-desktop-console-search").await;
    officer.goto(&format!("{console}/zh/reports/1/reply")).await.expect("a page");
    type_into(officer, "#text", "谢谢您，我们正在核实。").await;
    picture(officer, "zh-desktop-console-reply").await;
    click(officer, "main button[type=submit]").await;
    says(officer, "main", "尚未保存任何内容").await;
    picture(officer, "zh-desktop-console-preview").await;
    click(officer, "main button[type=submit]").await;
    visible(officer, "#sent").await;
}

/// What fits a telephone fits a desktop too, so that one is opened only for pictures.
#[tokio::test(flavor = "multi_thread")]
async fn the_consoles_pages_fit_a_telephone() {
    if pictures().is_some() {
        photographed(&Installation::new(Database::Sqlite), Screen::Desktop, "desktop").await;
    }
    let installation = Installation::new(Database::Sqlite);
    installation.back_up_recorder("old");
    let (console, recorder) = photographed(&installation, Screen::Phone, "phone").await;
    rare_pages(&installation, console, recorder).await;
}

/// Pages of an officer.
const OFFICER: [&str; 21] = [
    "inbox",
    "inbox?show=all",
    "reports/1",
    "reports/1/reply",
    "reports/1/handling",
    "reports/1/same",
    "reports/1/claim",
    "reports/1/identity",
    "inbox?show=clues",
    "enter",
    "import",
    "cases",
    "cases/new",
    "cases/waiting",
    "cases/1",
    "figures",
    "exchange",
    "officers",
    "password",
    "unreadable",
    "retention",
];

/// Opens the console's pages for every role, in both languages, and takes pictures if they are wanted. Returns console
/// and recorder, still running.
async fn photographed(installation: &Installation, screen: Screen, size: &str) -> (Running, Running) {
    let (portal, recorder, mut console) = (installation.portal(), installation.recorder(), installation.console());
    let (cases, finance) = (console.next_address(), console.next_address());
    let driver = ChromeDriver::start();
    let reporter = browser(&driver, Screen::Phone).await;
    report(&reporter, &portal.address).await;
    reporter.close().await.expect("closed");
    installation.exchange(Some("zhou")).expect("exchanged");
    handled(installation, &console.address, &cases);
    let desks: [(&str, &str, &[&str]); 7] = [
        ("zhou", &console.address, &OFFICER),
        ("he", &console.address, &["approvals", "approvals/claims/1", "approvals/claims/1/form"]),
        ("bao", &console.address, &["identity"]),
        ("fang", &finance, &["desk", "payments", "budget", "help"]),
        ("qian", &cases, &["cases", "cases/1"]),
        ("shen", &console.address, &["log", "keys", "portal"]),
        ("lin", &console.address, &["accounts"]),
    ];
    let client = browser(&driver, screen).await;
    for language in ["zh", "en"] {
        client.goto(&format!("{}/{language}/", console.address)).await.expect("a page");
        picture(&client, &format!("{language}-{size}-console-sign-in")).await;
        for (account, door, pages) in desks {
            sign_in(&client, door, language, account, installation.password(account)).await;
            for page in pages {
                client.goto(&format!("{door}/{language}/{page}")).await.expect("a page");
                visible(&client, "h1").await;
                let name = format!("{account}-{}", page.replace(['/', '?', '='], "-"));
                picture(&client, &format!("{language}-{size}-console-{name}")).await;
                let wide = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
                let wide = client.execute(wide, vec![]).await.expect("measured");
                assert_eq!(wide, serde_json::json!(false), "{page} is wider than a {size}");
            }
            if account == "zhou" {
                client.goto(&format!("{}/{language}/reports/1", console.address)).await.expect("a page");
                click(&client, "main form button[type=submit]").await;
                visible(&client, "dl").await;
                picture(&client, &format!("{language}-{size}-console-opened")).await;
            }
            click(&client, "header form button").await;
            visible(&client, "#password").await;
        }
    }
    client.close().await.expect("closed");
    (console, recorder)
}

/// Rare pages: a report whose retention period is over (91 days for one that was not the office's), and a log that
/// contradicts itself, because the recorder was restored from the backup `old`.
async fn rare_pages(installation: &Installation, mut console: Running, mut recorder: Running) {
    console.terminate();
    recorder.terminate();
    installation.sleep_for_days(91);
    let (mut recorder, console) = (installation.recorder(), installation.console());
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    let pages = [("wu", "retention", "form input[type=checkbox]"), ("shen", "log", "#contradiction")];
    for (account, page, shown) in pages {
        if page == "log" {
            recorder.terminate();
            installation.restore_recorder("old");
            recorder = installation.recorder();
            let stopped = installation.exchange(None).expect_err("it finds the contradiction");
            assert!(stopped.contains("the exchange stopped: log"), "{stopped}");
        }
        for language in ["zh", "en"] {
            sign_in(&client, &console.address, language, account, installation.password(account)).await;
            client.goto(&format!("{}/{language}/{page}", console.address)).await.expect("a page");
            visible(&client, shown).await;
            picture(&client, &format!("{language}-phone-console-rare-{page}")).await;
            click(&client, "header form button").await;
            visible(&client, "#password").await;
        }
    }
    client.close().await.expect("closed");
}

/// Report 1 with a case, a fine and a reward that waits for approval; report 2, entered by hand, was not the office's.
fn handled(installation: &Installation, console: &str, cases: &str) {
    let mut zhou = ConsoleClient::signed_in(installation, console, "zhou");
    let mut qian = ConsoleClient::signed_in(installation, cases, "qian");
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    assert_eq!(zhou.post("/en/enter", CALL).status, 200);
    assert_eq!(zhou.post("/en/reports/2/open", &[("purpose", "review")]).status, 200);
    done(&zhou.post("/en/reports/2/handling", &[("expected-version", "1"), ("step", "not-ours"), ("note", "city")]));
}
