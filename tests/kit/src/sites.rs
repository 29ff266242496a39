//! Actions of people on the sites, page by page.

use std::fs;

use fantoccini::{Client, Locator};

use crate::installation::Installation;
use crate::page::{choose, click, open_form, says, text_of, type_into, visible};

/// Sends a report with an attachment; returns the receipt code without spaces.
pub async fn report(client: &Client, portal: &str) -> String {
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

/// Checks a mailbox by its receipt code.
pub async fn look(client: &Client, portal: &str, words: &str) {
    client.goto(&format!("{portal}/zh/mailbox/")).await.expect("a page");
    type_into(client, "#code-input", words).await;
    click(client, "#look-button").await;
    visible(client, "#mailbox-slot").await;
}

/// Signs in at a listener of the console.
pub async fn sign_in(client: &Client, console: &str, language: &str, account: &str, password: &str) {
    client.goto(&format!("{console}/{language}/")).await.expect("a page");
    type_into(client, "#account", account).await;
    type_into(client, "#password", password).await;
    click(client, "main button[type=submit]").await;
    visible(client, ".who").await;
}

/// Runs the exchange from its page and waits until the newest one has this outcome; the portal passes bundles before and
/// after it.
pub async fn exchange(client: &Client, console: &str, outcome: &str, installation: &Installation) {
    tokio::task::block_in_place(|| installation.pass()).expect("passed");
    exchange_only(client, console, outcome).await;
    tokio::task::block_in_place(|| installation.pass()).expect("passed");
}

async fn exchange_only(client: &Client, console: &str, outcome: &str) {
    client.goto(&format!("{console}/zh/exchange")).await.expect("a page");
    let listed = || client.find_all(Locator::Css("#exchanges li"));
    let before = listed().await.map_or(0, |exchanges| exchanges.len());
    click(client, "#run").await;
    // The page reloads itself while the exchange runs. Loading it at once could cancel the click.
    for _ in 0..300 {
        let after = listed().await.map_or(0, |exchanges| exchanges.len());
        if after > before && client.find(Locator::Css("#run")).await.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    says(client, "#exchanges li:first-child", outcome).await;
}
