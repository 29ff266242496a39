//! The whole way in real Chromium on both sides: a report, its collection, the recorded opening,
//! the answer, and what the reporter sees of it. Leaves pictures of every page of the console.

use std::fs;

use fantoccini::{Client, Locator};
use tests::house::{Database, House};
use tests::page::{browser, choose, click, open_form, picture, says, text_of, type_into, visible};
use tests::webdriver::{ChromeDriver, Screen};

/// Reports with an attachment on a telephone; gives the receipt code.
async fn report(client: &Client, portal: &str) -> String {
    let evidence = tempfile::tempdir().expect("a folder");
    fs::write(evidence.path().join("西墙暗管.jpg"), b"not really a photograph").expect("written");
    open_form(client, &format!("{portal}/zh/report/")).await;
    choose(client, "#category", "covert-discharge").await;
    type_into(client, "#what", "西墙外有一根暗管，夜里排黑水。").await;
    type_into(client, "#party", "东溪印染厂").await;
    choose(client, "#town", "平桥镇").await;
    let input = client.find(Locator::Css("#files")).await.expect("a field");
    input.send_keys(evidence.path().join("西墙暗管.jpg").to_str().expect("UTF-8")).await.expect("chosen");
    click(client, "#report-form button[type=submit]").await;
    click(client, "#check-send").await;
    let words: String = text_of(client, "#receipt-code").await.split_whitespace().collect();
    click(client, "#code-noted").await;
    type_into(client, "#receipt-retype", &words).await;
    click(client, "#retype-form button[type=submit]").await;
    visible(client, "#done").await;
    words
}

async fn look(client: &Client, portal: &str, words: &str) {
    client.goto(&format!("{portal}/zh/mailbox/")).await.expect("a page");
    type_into(client, "#code-input", words).await;
    click(client, "#look-button").await;
    visible(client, "#mailbox-slot").await;
}

async fn sign_in(client: &Client, console: &str, language: &str, account: &str, password: &str) {
    client.goto(&format!("{console}/{language}/")).await.expect("a page");
    type_into(client, "#account", account).await;
    type_into(client, "#password", password).await;
    click(client, "main button[type=submit]").await;
    visible(client, ".who").await;
}

/// Runs the exchange from its page and waits for its outcome.
async fn exchange(client: &Client, console: &str, outcome: &str) {
    client.goto(&format!("{console}/zh/exchange")).await.expect("a page");
    click(client, "#run").await;
    for _ in 0..100 {
        client.goto(&format!("{console}/zh/exchange")).await.expect("a page");
        if client.find(Locator::Css("#run")).await.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    says(client, "#exchanges li:first-child", outcome).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn report_exchange_open_reply_exchange_and_the_reporter_sees_who_looked() {
    let house = House::new(Database::Sqlite);
    let (portal, _recorder, console) = (house.portal(), house.recorder(), house.console());
    let (public, isolated) = (ChromeDriver::start(), ChromeDriver::start());
    let reporter = browser(&public, Screen::Phone).await;
    let words = report(&reporter, &portal.address).await;

    let officer = browser(&isolated, Screen::Desktop).await;
    sign_in(&officer, &console.address, "zh", "zhou", house.password("zhou")).await;
    says(&officer, "main", "没有新来信").await;
    picture(&officer, "zh-desktop-console-inbox-empty").await;
    exchange(&officer, &console.address, "来信 1，另行存放 0，附件 1，更新信箱 1").await;
    picture(&officer, "zh-desktop-console-exchange").await;
    look(&reporter, &portal.address, &words).await;
    says(&reporter, "#mailbox-slot", "专岗已收取您的举报，还没有人阅读").await;
    says(&reporter, "#mailbox-slot", "没有人打开过").await;

    open_and_answer(&officer, &console.address).await;
    exchange(&officer, &console.address, "完成").await;

    look(&reporter, &portal.address, &words).await;
    says(&reporter, "#mailbox-slot", "专岗已答复").await;
    says(&reporter, "#mailbox-slot", "谢谢您，我们正在核实。").await;
    let record = text_of(&reporter, "#access-records").await;
    assert!(record.contains("第 1 条") && record.contains("专岗人员 1 号打开，用途：审阅举报"), "{record}");
    picture(&reporter, "zh-phone-mailbox-answered").await;
    reporter.goto(&format!("{}/en/mailbox/", portal.address)).await.expect("a page");
    type_into(&reporter, "#code-input", &words).await;
    click(&reporter, "#look-button").await;
    says(&reporter, "#mailbox-slot", "opened by officer 1 of the reward post to judge the report").await;
    picture(&reporter, "en-phone-mailbox-answered").await;

    officer.find(Locator::Css("header form button")).await.expect("the lock").click().await.expect("locked");
    visible(&officer, "#password").await;
    officer.back().await.expect("back");
    officer.refresh().await.ok();
    let page = officer.source().await.expect("a page");
    assert!(!page.contains("谢谢您") && !page.contains("东溪印染厂"), "nothing is left behind the lock");
    reporter.close().await.expect("closed");
    officer.close().await.expect("closed");
}

/// From the inbox to a sent answer, with a look at everything on the way.
async fn open_and_answer(officer: &Client, console: &str) {
    officer.goto(&format!("{console}/zh/inbox")).await.expect("a page");
    says(officer, ".reports", "1 封新来信").await;
    picture(officer, "zh-desktop-console-inbox").await;
    click(officer, ".reports a").await;
    says(officer, "main", "附件已到").await;
    picture(officer, "zh-desktop-console-report").await;
    click(officer, "main form button[type=submit]").await;
    says(officer, "dl", "西墙外有一根暗管").await;
    picture(officer, "zh-desktop-console-opened").await;
    click(officer, "article form button").await;
    says(officer, ".reports", "西墙暗管.jpg").await;
    says(officer, ".reports", "23 字节").await;
    picture(officer, "zh-desktop-console-enclosure").await;
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

#[tokio::test(flavor = "multi_thread")]
async fn the_console_photographed_on_telephone_and_desktop() {
    let house = House::new(Database::Sqlite);
    let (portal, _recorder, console) = (house.portal(), house.recorder(), house.console());
    let driver = ChromeDriver::start();
    let reporter = browser(&driver, Screen::Phone).await;
    report(&reporter, &portal.address).await;
    reporter.close().await.expect("closed");
    house.exchange(Some("zhou")).expect("exchanged");
    let desks: [(&str, &[&str]); 3] = [
        (
            "zhou",
            &[
                "inbox",
                "inbox?show=all",
                "reports/1",
                "reports/1/reply",
                "exchange",
                "officers",
                "password",
                "unreadable",
            ],
        ),
        ("shen", &["log", "keys"]),
        ("lin", &["accounts"]),
    ];
    for (screen, size) in [(Screen::Phone, "phone"), (Screen::Desktop, "desktop")] {
        let driver = ChromeDriver::start();
        let client = browser(&driver, screen).await;
        for language in ["zh", "en"] {
            client.goto(&format!("{}/{language}/", console.address)).await.expect("a page");
            picture(&client, &format!("{language}-{size}-console-sign-in")).await;
            for (account, pages) in desks {
                sign_in(&client, &console.address, language, account, house.password(account)).await;
                for page in pages {
                    client.goto(&format!("{}/{language}/{page}", console.address)).await.expect("a page");
                    visible(&client, "h1").await;
                    let name = page.replace(['/', '?', '='], "-");
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
    }
}
