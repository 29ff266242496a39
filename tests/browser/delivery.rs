//! A report on a bad line, and pages that must not be trusted.

use fantoccini::{Client, Locator};
use kit::installation::{Database, Installation};
use kit::page::{arrived, browser, browser_with, choose, click, open_form, picture, text_of, type_into, visible};
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
    assert!(!text_of(&client, "#travel-problem").await.is_empty());
    let words = text_of(&client, "#receipt-code").await;
    assert_eq!(words.split_whitespace().collect::<String>().chars().count(), 12, "the code is there before its letter");
    assert!(asks_before_leaving(&client).await);
    installation.exchange(Some("zhou")).expect("exchanged");
    proxy.stop_lying();
    click(&client, "#travel-again").await;
    arrived(&client).await;
    assert_eq!(installation.collected().len(), 1, "one letter");
    client.close().await.expect("closed");
}

/// B11 of the review: a site that does not answer left the person with a sentence that was wrong, and no button.
#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_does_not_answer_is_told_and_there_is_a_way_on() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let proxy = Proxy::stalling(&portal.address, "POST /api/visits");
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    open_form(&client, &format!("{}/en/report/", proxy.url)).await;
    choose(&client, "#category", "other").await;
    type_into(&client, "#what", "a pipe").await;
    click(&client, "#report-form button[type=submit]").await;
    click(&client, "#check-send").await;
    visible(&client, "#receipt-code").await;
    visible(&client, "#travel-again").await;
    assert!(text_of(&client, "#travel-state").await.contains("No answer yet"));
    picture(&client, "en-phone-code-slow").await;
    proxy.stop_lying();
    click(&client, "#travel-again").await;
    arrived(&client).await;
    assert_eq!(installation.uncollected().len(), 1);
    client.close().await.expect("closed");
}

/// B03 and M7 of the review: attachments that were lost with the tab were gone for good, and nobody was told.
#[tokio::test(flavor = "multi_thread")]
async fn attachments_that_were_lost_with_the_page_are_sent_again_from_the_mailbox() {
    let installation = Installation::new(Database::Sqlite);
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let proxy = Proxy::stalling(&portal.address, "PUT /api/enclosure/1/parts/0");
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    let photo = installation.at("photo.jpg");
    std::fs::write(&photo, [7; 2000]).expect("written");
    let choose_photo = async |field: &str| {
        let input = client.find(Locator::Css(field)).await.expect("a field");
        input.send_keys(photo.to_str().expect("UTF-8")).await.expect("chosen");
    };
    open_form(&client, &format!("{}/zh/report/", proxy.url)).await;
    choose(&client, "#category", "other").await;
    type_into(&client, "#what", "夜里排放").await;
    choose_photo("#files").await;
    click(&client, "#report-form button[type=submit]").await;
    click(&client, "#check-send").await;
    let words: String = text_of(&client, "#receipt-code").await.split_whitespace().collect();
    arrived(&client).await;
    click(&client, "#code-noted").await;
    type_into(&client, "#receipt-retype", &words).await;
    click(&client, "#retype-form button[type=submit]").await;
    visible(&client, "#uploading").await;
    picture(&client, "zh-phone-uploading").await;
    assert!(asks_before_leaving(&client).await);
    // The tab is gone, in the middle of the first part.
    client.execute("window.onbeforeunload = null; location.replace('about:blank')", vec![]).await.expect("left");
    let _ = client.accept_alert().await;
    installation.exchange(Some("zhou")).expect("exchanged");
    let look = async || {
        client.goto(&format!("{}/zh/mailbox/", proxy.url)).await.expect("a page");
        type_into(&client, "#code-input", &words).await;
        click(&client, "#look-button").await;
        text_of(&client, "#slot-result").await
    };
    look().await;
    visible(&client, "#again").await;
    picture(&client, "zh-phone-mailbox-again").await;
    choose_photo("#again-files").await;
    click(&client, "#again-send").await;
    visible(&client, "#again-sent").await;
    installation.exchange(Some("zhou")).expect("exchanged");
    assert!(look().await.contains("附件已送达专岗的来信：1 封"));
    let enclosure = installation.collected()[0].enclosure.expect("announced");
    assert!(enclosure.whole, "the officer reads the same");
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
