//! A report on a bad line, and pages that must not be trusted.

use fantoccini::{Client, Locator};
use kit::installation::{Database, Installation};
use kit::page::{browser, browser_with, choose, click, open_form, picture, text_of, type_into, visible};
use kit::proxy::Proxy;
use kit::webdriver::{ChromeDriver, Screen};

/// Whether the browser would ask before the page is left.
async fn asks_before_leaving(client: &Client) -> bool {
    let leave = "const event = new Event('beforeunload', { cancelable: true }); dispatchEvent(event); \
                 return event.defaultPrevented";
    client.execute(leave, vec![]).await.expect("asked").as_bool().expect("yes or no")
}

/// M4 of the review: the answer is lost, and an exchange collects the letter before it is sent again. The reporter never
/// saw the code of a report that the post had.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_was_collected_before_its_answer_came_shows_its_code() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let proxy = Proxy::losing(&portal.address, "POST /api/visits", 503, r#"{"code":"busy"}"#);
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    open_form(&client, &format!("{}/zh/report/", proxy.url)).await;
    assert!(!asks_before_leaving(&client).await, "nothing was typed");
    choose(&client, "#category", "other").await;
    assert!(asks_before_leaving(&client).await, "B07 of the review: a choice is lost too");
    type_into(&client, "#what", "夜里排放").await;
    click(&client, "#report-form button[type=submit]").await;
    click(&client, "#check-send").await;
    assert!(!text_of(&client, "#check-problem").await.is_empty());
    installation.exchange(Some("zhou")).expect("exchanged");
    proxy.stop_lying();
    click(&client, "#check-send").await;
    visible(&client, "#receipt-code").await;
    assert_eq!(installation.collected().len(), 1, "one letter");
    client.close().await.expect("closed");
}

/// M10 of the review: over plain http anybody on the line could change the page.
#[tokio::test(flavor = "multi_thread")]
async fn over_plain_http_nothing_can_be_written() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let driver = ChromeDriver::start();
    // A name that is not this machine's, for which the browser makes no exception.
    let names = ["--host-resolver-rules=MAP portal.test 127.0.0.1".to_owned()];
    let client = browser_with(&driver, Screen::Phone, &names).await;
    let site = portal.address.replace("127.0.0.1", "portal.test");
    for language in ["zh", "en"] {
        client.goto(&format!("{site}/{language}/report/")).await.expect("a page");
        assert!(text_of(&client, "#ready-problem").await.contains("https"));
        picture(&client, &format!("{language}-phone-insecure")).await;
        let fields = client.find(Locator::Css("#fields")).await.expect("the form");
        assert!(fields.attr("disabled").await.expect("an attribute").is_some());
        client.goto(&format!("{site}/{language}/mailbox/")).await.expect("a page");
        assert!(text_of(&client, "#code-input-problem").await.contains("https"));
    }
    client.close().await.expect("closed");
}
