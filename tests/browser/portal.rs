//! The reporter's path in real Chromium, on a telephone and a desktop, in both languages.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use crypto::keys::note_text::{RecorderKey, RootKey};
use crypto::keys::words::WordList;
use crypto::letters::letter::Body;
use crypto::letters::receipt::ReceiptCode;
use fantoccini::{Client, Locator};
use kit::installation::{Database, Installation};
use kit::page::{arrived, browser, choose, click, open_form, picture, says, text_of, type_into, visible};
use kit::post::{enclosed, opened};
use kit::proxy::Proxy;
use kit::webdriver::{ChromeDriver, Screen};
use opening::NoteSigningKey;

/// Collects the bytes of the installation's files, except for those that hold keys.
fn bytes_written(folder: &Path, found: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend_from_slice(path.to_str().expect("UTF-8").as_bytes());
            bytes_written(&path, found);
        } else if path.is_file() {
            found.extend_from_slice(path.to_str().expect("UTF-8").as_bytes());
            fs::File::open(&path).expect("a file").read_to_end(found).expect("read");
        }
    }
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    memchr::memmem::find(haystack, needle.as_bytes()).is_some()
}

/// Another receipt code with a valid checksum.
fn another_valid_code(words: &str) -> String {
    let chars: Vec<char> = words.chars().collect();
    let other = ReceiptCode::from_random([0x42; 16]).words(WordList::Chinese);
    for replacement in other.chars().chain("的一是在不了有和人这中大".chars()) {
        let mut changed = chars.clone();
        changed[0] = replacement;
        let text: String = changed.iter().collect();
        if text != words && ReceiptCode::parse(&text).is_ok() {
            return text;
        }
    }
    (*other).clone()
}

const SECRET: &str = "夜里两点-秘密暗管-7391";
const PHOTO: &str = "西墙暗管照片-884217093355.jpg";
const VIDEO: &str = "夜间视频-5523.mp4";

#[tokio::test(flavor = "multi_thread")]
async fn a_report_with_attachments_by_telephone_in_chinese() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let _recorder = installation.recorder();
    let proxy = Proxy::before(&portal.address);
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    let evidence = tempfile::tempdir().expect("a folder");
    let video: Vec<u8> = (0..21_000_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    fs::write(evidence.path().join(PHOTO), b"not really a photograph").expect("written");
    fs::write(evidence.path().join(VIDEO), &video).expect("written");

    open_form(&client, &format!("{}/zh/report/", proxy.url)).await;
    picture(&client, "zh-phone-report").await;
    // B04 of the review: browsers such as Firefox 115 have no such properties, and an empty report was sent.
    let older = "for (const name of Object.getOwnPropertyNames(Element.prototype)) \
                 if (name.startsWith('aria')) delete Element.prototype[name]";
    client.execute(older, vec![]).await.expect("done");
    click(&client, "#report-form button[type=submit]").await;
    assert_eq!(text_of(&client, "#what-problem").await, "请填写这一项。");
    choose(&client, "#category", "covert-discharge").await;
    type_into(&client, "#what", SECRET).await;
    type_into(&client, "#party", "东溪印染厂").await;
    choose(&client, "#town", "平桥镇").await;
    for file in [PHOTO, VIDEO] {
        let input = client.find(Locator::Css("#files")).await.expect("a field");
        input.send_keys(evidence.path().join(file).to_str().expect("UTF-8")).await.expect("chosen");
    }
    choose(&client, "#naming", "real-name").await;
    type_into(&client, "#identity-name", "王秘密").await;
    click(&client, "#report-form button[type=submit]").await;
    let answers = text_of(&client, "#answers").await;
    assert!(answers.contains(SECRET) && answers.contains(VIDEO) && answers.contains("偷排"));
    picture(&client, "zh-phone-check").await;
    click(&client, "#check-send").await;

    let words: String = text_of(&client, "#receipt-code").await.split_whitespace().collect();
    picture(&client, "zh-phone-code").await;
    let code = ReceiptCode::parse(&words).expect("a receipt code");
    retype(&client, &words, &code).await;

    let letters = opened(&installation);
    assert_eq!(letters.len(), 1);
    let letter = letters.values().next().expect("the report");
    let Body::Report(report) = &letter.body else { panic!("a report") };
    assert_eq!(
        (report.what.as_str(), report.category.as_str(), report.town.as_str()),
        (SECRET, "covert-discharge", "平桥镇")
    );
    let files = enclosed(&installation, letter);
    assert_eq!(files.keys().collect::<Vec<_>>(), [VIDEO, PHOTO]);
    assert!(files[VIDEO] == video);
    let envelope = letter.identity.as_ref().expect("an envelope");
    let custodian = installation.identity("root/custodian.key");
    let identity = opening::letter::open_identity(&custodian, envelope, &letter.mailbox()).expect("opens");
    assert_eq!(identity.identity.expect("a name").name, "王秘密");

    mailbox(&client, &proxy.url, &words, &installation).await;
    client.close().await.expect("closed");
    nothing_leaked(&installation, &proxy, &words, &code);
}

/// Types the code again: too short, another valid one, and at last the right one in the other language.
async fn retype(client: &Client, words: &str, code: &ReceiptCode) {
    click(client, "#code-noted").await;
    type_into(client, "#receipt-retype", "不是回执码").await;
    click(client, "#retype-form button[type=submit]").await;
    says(client, "#receipt-retype-problem", "这里读到 5 个").await;
    type_into(client, "#receipt-retype", &another_valid_code(words)).await;
    click(client, "#retype-form button[type=submit]").await;
    says(client, "#receipt-retype-problem", "这是一个有效的回执码，但不是您的").await;
    // B01: with its label.
    let labelled = format!("回执码：{}", code.words(WordList::English).to_uppercase());
    type_into(client, "#receipt-retype", &labelled).await;
    click(client, "#retype-form button[type=submit]").await;
    visible(client, "#done").await;
    picture(client, "zh-phone-done").await;
}

/// Returns to the mailbox at once, mistypes the code, and adds to the report.
async fn mailbox(client: &Client, url: &str, words: &str, installation: &Installation) {
    let look = |words: String| async move {
        client.goto(&format!("{url}/zh/mailbox/")).await.expect("a page");
        type_into(client, "#code-input", &words).await;
        click(client, "#look-button").await;
        text_of(client, "#mailbox-slot").await
    };
    let waiting = look(words.chars().flat_map(|c| [c, ' ']).collect()).await;
    assert!(waiting.contains("专岗尚未收取"), "{waiting}");
    picture(client, "zh-phone-mailbox").await;
    type_into(client, "#follow-up", "补充：今晚又排了。").await;
    click(client, "#follow-up-send").await;
    says(client, "#follow-up-sent", "已发送。专岗下次收取时会看到。").await;
    let letters = opened(installation);
    let follow_up = letters.values().find_map(|letter| match &letter.body {
        Body::FollowUp { text } => Some((text.clone(), letter.sequence, letter.previous)),
        _ => None,
    });
    let (text, sequence, previous) = follow_up.expect("the follow-up");
    assert_eq!((text.as_str(), sequence), ("补充：今晚又排了。", 1));
    let report = letters.values().find(|letter| matches!(letter.body, Body::Report(_)));
    assert_eq!(previous, report.map(|letter| letter.letter));
    let none = look(another_valid_code(words)).await;
    assert!(none.contains("这些字词下没有任何内容"), "{none}");
    picture(client, "zh-phone-mailbox-none").await;
    client.goto(&format!("{url}/zh/mailbox/")).await.expect("a page");
    type_into(client, "#code-input", "的一是在不了有和人这中鼂").await;
    click(client, "#look-button").await;
    assert!(text_of(client, "#code-input-problem").await.contains("第 12 个字不在字表里"));
    // L10 of the review: a code with one character taken for another; its reader is shown which to compare.
    client.find(Locator::Css("#code-input")).await.expect("the field").clear().await.expect("cleared");
    type_into(client, "#code-input", "的一是在不了有和人这中未").await;
    click(client, "#look-button").await;
    says(client, "#code-input-problem", "未/末/本").await;
}

/// Searches every byte that portal and recorder wrote, and every request, for planted secrets.
fn nothing_leaked(installation: &Installation, proxy: &Proxy, words: &str, code: &ReceiptCode) {
    let mut written = proxy.seen();
    assert!(written.len() > 21_000_000 && contains(&written, "POST /api/visits"), "the proxy saw the requests");
    for folder in ["portal", "recorder", "temporary"] {
        bytes_written(&installation.at(folder), &mut written);
    }
    for log in ["portal.log", "recorder.log"] {
        written.extend(fs::read(installation.at(log)).expect("a log"));
    }
    assert!(contains(&written, "127.0.0.1"), "the search finds what is there");
    let english = code.words(WordList::English);
    let secrets = [
        words,
        &english,
        SECRET,
        PHOTO,
        VIDEO,
        "884217093355",
        "秘密暗管",
        "东溪印染厂",
        "covert-discharge",
        "王秘密",
        "今晚又排了",
        "not really a photograph",
    ];
    for secret in secrets {
        assert!(!contains(&written, secret), "{secret} was found");
        let escaped: Vec<String> = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        assert!(!contains(&written, &escaped.concat()));
    }
    let logs = fs::read_to_string(installation.at("portal.log")).expect("a log");
    assert!(!logs.contains("mailbox") && !logs.contains("POST"), "{logs}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_by_desktop_in_english_and_its_calculator() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Desktop).await;
    for page in ["", "safety/", "rules/", "report/", "mailbox/"] {
        client.goto(&format!("{}/en/{page}", portal.address)).await.expect("a page");
        picture(&client, &format!("en-desktop-{}", page.trim_end_matches('/'))).await;
    }
    client.goto(&format!("{}/en/rules/", portal.address)).await.expect("a page");
    type_into(&client, "#fine", "1,234,567.89").await;
    click(&client, "#calculator button").await;
    let computed = text_of(&client, "#reward").await;
    assert!(
        computed.contains("61,728.39 yuan") && computed.contains("5 % of it, rounded down to the fen"),
        "{computed}"
    );
    type_into(&client, "#fine", "lots").await;
    click(&client, "#calculator button").await;
    assert!(text_of(&client, "#fine-problem").await.contains("amount in yuan"));

    open_form(&client, &format!("{}/en/report/", portal.address)).await;
    choose(&client, "#category", "other").await;
    let long = "return document.querySelector('#what').value = '水'.repeat(20000)";
    client.execute(long, vec![]).await.expect("typed");
    click(&client, "#report-form button[type=submit]").await;
    click(&client, "#check-send").await;
    assert!(text_of(&client, "#travel-problem").await.contains("too long together"));
    click(&client, "#travel-change").await;
    click(&client, "#check-back").await;
    type_into(&client, "#what", "Tanks at the old quarry.").await;
    click(&client, "#report-form button[type=submit]").await;
    click(&client, "#check-send").await;
    let words = text_of(&client, "#receipt-code").await.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words.split(' ').count(), 12);
    picture(&client, "en-desktop-code").await;
    click(&client, "#code-noted").await;
    type_into(&client, "#receipt-retype", &words).await;
    click(&client, "#retype-form button[type=submit]").await;
    visible(&client, "#done").await;
    assert_eq!(opened(&installation).len(), 1, "the letter that was too long never left the page");
    client.close().await.expect("closed");
}

/// A portal serves altered, foreign, expired or no keys: the form is closed, and nothing is sealed to them.
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_do_not_verify_close_the_form() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let statement = fs::read_to_string(installation.at("statement.json")).expect("a statement");
    let expired = expired_statement(&installation);
    let other = Installation::with_other_keys(Database::Sqlite);
    let foreign = fs::read_to_string(other.at("statement.json")).expect("a statement");
    let cases = [
        (statement.replace("serial 1", "serial 2"), "could not be verified"),
        (foreign, "could not be verified"),
        (expired, "out of date"),
        ("{}".to_owned(), "could not be read"),
    ];
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    for (lie, reason) in cases {
        let proxy = Proxy::lying(&portal.address, "GET /keys/statement.json", 200, &lie);
        client.goto(&format!("{}/en/report/", proxy.url)).await.expect("a page");
        let said = text_of(&client, "#ready-problem").await;
        assert!(said.contains(reason), "{said}");
        let fields = client.find(Locator::Css("#fields")).await.expect("the form");
        assert!(fields.attr("disabled").await.expect("an attribute").is_some());
        assert!(!contains(&proxy.seen(), "POST /api/visits"));
    }
    picture(&client, "en-phone-refused").await;
    client.close().await.expect("closed");
}

/// A portal serves another sealing script than the page names, which no attribute of a worker would notice.
#[tokio::test(flavor = "multi_thread")]
async fn another_sealing_script_is_never_run() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let page = Proxy::before(&portal.address);
    let script = include_str!("../../browser/dist/seal-worker.name").trim();
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    client.goto(&format!("{}/en/report/", page.url)).await.expect("a page");
    visible(&client, "#fields:enabled").await;
    let proxy =
        Proxy::lying(&portal.address, &format!("GET /static/{script}"), 200, "onmessage = () => fetch('/stolen')");
    client.goto(&format!("{}/en/report/", proxy.url)).await.expect("a page");
    let said = text_of(&client, "#ready-problem").await;
    assert!(said.contains("could not load the sealing script"), "{said}");
    assert!(client.find(Locator::Css("#fields:disabled")).await.is_ok());
    assert!(!contains(&proxy.seen(), "/stolen"));
    client.close().await.expect("closed");
}

/// A statement of the installation's own keys, correctly signed, for days long past.
fn expired_statement(installation: &Installation) -> String {
    let read = |file: &str| fs::read_to_string(installation.at(file)).expect("a key");
    let root = NoteSigningKey::<RootKey>::parse(&read("root/root.key")).expect("a key");
    let recorder = NoteSigningKey::<RecorderKey>::parse(&read("recorder/signing.key")).expect("a key");
    let mut keys = installation.keys();
    let past = "2020-01-01".parse().expect("a day");
    (keys.keys.from, keys.statement.from, keys.statement.until) = (past, past, past);
    keys.keys.until = past;
    let bundle = crypto::keys::statement::KeyStatement {
        keys: root.sign_note(&keys.keys).expect("signed"),
        statement: recorder
            .cosign_statement(&installation.post_keys().statement.sign_note(&keys.statement).expect("signed"))
            .expect("cosigned"),
    };
    serde_json::to_string(&bundle).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_site_says_so_before_anything_is_typed_and_a_lost_one_loses_nothing() {
    let installation = Installation::new(Database::Sqlite);
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    let mut portal = installation.portal();
    open_form(&client, &format!("{}/zh/report/", portal.address)).await;
    choose(&client, "#category", "other").await;
    type_into(&client, "#what", "断网也不丢").await;
    click(&client, "#report-form button[type=submit]").await;
    portal.kill();
    click(&client, "#check-send").await;
    assert!(text_of(&client, "#travel-problem").await.contains("暂时连不上本站"));
    picture(&client, "zh-phone-code-lost-line").await;
    let address = portal.address.strip_prefix("http://").expect("http").to_owned();
    installation.reconfigure("127.0.0.1:0", &address);
    let mut portal = installation.portal();
    click(&client, "#travel-again").await;
    arrived(&client).await;
    assert_eq!(opened(&installation).len(), 1);
    client.back().await.expect("back");
    visible(&client, "#receipt-code").await;
    portal.kill();
    installation.reconfigure("keep_free = 64", "keep_free = 99999999999");
    let portal = installation.portal();
    let leave = client.goto(&format!("{}/zh/mailbox/", portal.address)).await;
    if leave.is_err() {
        client.accept_alert().await.expect("the page asks before it is left");
    }
    client.goto(&format!("{}/zh/report/", portal.address)).await.expect("a page");
    assert!(text_of(&client, "#ready-problem").await.contains("存储空间已满"));
    picture(&client, "zh-phone-full").await;
    client.close().await.expect("closed");
}

/// The first sending is answered with 503. The reporter changes the report and sends again: only the changed report
/// is stored.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_checked_last_is_what_is_sent() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let proxy = Proxy::lying(&portal.address, "POST /api/visits", 503, r#"{"code":"busy"}"#);
    let driver = ChromeDriver::start();
    let client = browser(&driver, Screen::Phone).await;
    open_form(&client, &format!("{}/en/report/", proxy.url)).await;
    choose(&client, "#category", "other").await;
    type_into(&client, "#what", "first version").await;
    click(&client, "#report-form button[type=submit]").await;
    click(&client, "#check-send").await;
    assert!(text_of(&client, "#travel-problem").await.contains("try again in a minute"));
    let words = text_of(&client, "#receipt-code").await;
    click(&client, "#travel-change").await;
    assert!(text_of(&client, "#check-lead").await.contains("not certain whether"));
    click(&client, "#check-back").await;
    type_into(&client, "#what", "second version").await;
    click(&client, "#report-form button[type=submit]").await;
    proxy.stop_lying();
    click(&client, "#check-send").await;
    arrived(&client).await;
    assert_eq!(text_of(&client, "#receipt-code").await, words, "a changed report keeps its code");
    let letters = opened(&installation);
    let letter = letters.values().next().expect("the report");
    let Body::Report(report) = &letter.body else { panic!("a report") };
    assert_eq!((letters.len(), report.what.as_str()), (1, "second version"));
    client.close().await.expect("closed");
}
