//! Actions of a person on a page in a browser: reading, clicking, typing, choosing.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;

use crate::recorded_pages;
use crate::webdriver::{ChromeDriver, Screen};

/// Longest wait for an element: enough for sealing in a slow browser on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often a page is checked while waiting.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A new browser with a clean profile.
pub async fn browser(driver: &ChromeDriver, screen: Screen) -> Client {
    browser_with(driver, screen, &[]).await
}

/// A new browser with a clean profile and further command-line flags.
pub async fn browser_with(driver: &ChromeDriver, screen: Screen, flags: &[String]) -> Client {
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(driver.capabilities(screen, flags)).connect(&driver.url).await.expect("a browser")
}

/// Waits until an element is shown.
pub async fn visible(client: &Client, css: &str) -> Element {
    for _ in 0..1800 {
        let element =
            client.wait().at_most(PATIENCE).every(LOOK_AGAIN).for_element(Locator::Css(css)).await.expect(css);
        // The element may belong to a page that is just being replaced: try again.
        if element.is_displayed().await.unwrap_or(false) {
            return element;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    panic!("{css} is not shown; the page says: {}", page_text(client).await);
}

async fn page_text(client: &Client) -> String {
    client.find(Locator::Css("main")).await.expect("a page").text().await.expect("text")
}

/// Clicks an element once it is shown.
pub async fn click(client: &Client, css: &str) {
    visible(client, css).await.click().await.expect(css);
}

/// Replaces the content of a field.
pub async fn type_into(client: &Client, css: &str, text: &str) {
    let field = visible(client, css).await;
    field.clear().await.expect(css);
    field.send_keys(text).await.expect(css);
}

/// Chooses an option of a list by its value.
pub async fn choose(client: &Client, css: &str, value: &str) {
    visible(client, css).await.select_by_value(value).await.expect(css);
}

/// Sets a day by script: the calendar from which people choose it looks different in every language.
pub async fn set_day(client: &Client, css: &str, day: &str) {
    visible(client, css).await;
    let set = format!("document.querySelector({css:?}).value = {day:?}");
    client.execute(&set, vec![]).await.expect(css);
}

/// The text of an element, once it is shown.
pub async fn text_of(client: &Client, css: &str) -> String {
    visible(client, css).await.text().await.expect(css)
}

/// Waits until the text of an element contains this.
pub async fn says(client: &Client, css: &str, text: &str) {
    for _ in 0..600 {
        // The element may be replaced while its text is read.
        if visible(client, css).await.text().await.unwrap_or_default().contains(text) {
            return;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    panic!("{css} does not say {text}, but {}", text_of(client, css).await);
}

/// Opens a report page and waits for its form, which opens once keys and room are verified.
pub async fn open_form(client: &Client, url: &str) {
    client.goto(url).await.expect("a page");
    visible(client, "#report-form[data-ready=true]").await;
}

/// Waits until the page says that the report has arrived.
pub async fn arrived(client: &Client) {
    visible(client, "#travel[data-state=arrived]").await;
}

/// The folder for pictures, which `make pictures` names; none in tests, since painting a page takes longer than reading
/// it.
#[must_use]
pub fn pictures() -> Option<PathBuf> {
    std::env::var_os("QINGNIAO_PICTURES").map(PathBuf::from)
}

/// Stores a screenshot for people to look at, and the page's text for a comparison, if either is wanted.
pub async fn picture(client: &Client, name: &str) {
    if let Some(folder) = pictures() {
        fs::create_dir_all(&folder).expect("a folder");
        let png = client.screenshot().await.expect("a picture");
        fs::write(folder.join(format!("{name}.png")), png).expect("written");
    }
    if recorded_pages::wanted() {
        let url = client.current_url().await.expect("an address");
        recorded_pages::keep("VIEW", url.as_str(), &client.source().await.expect("a page"));
    }
}

/// The window that was opened beside another one.
pub async fn opened_beside(client: &Client, window: &WindowHandle) -> WindowHandle {
    loop {
        let windows = client.windows().await.expect("windows");
        if let Some(other) = windows.into_iter().find(|one| one != window) {
            return other;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
