//! From an approved award to its payment, in real Chromium for every person: with the claim note, read by the camera
//! and from a picture; and openly, with the custodian's slip.

use std::fs;
use std::path::Path;

use crypto::letters::claim_note::ClaimNote;
use fantoccini::{Client, Locator};
use kit::console_client::ConsoleClient;
use kit::installation::{Database, Installation};
use kit::page::{browser, browser_with, choose, click, picture, says, text_of, type_into, visible};
use kit::program::Running;
use kit::scenario::{DECIDED, decided_case, done, proposal};
use kit::sites::{look, report, sign_in};
use kit::webdriver::{ChromeDriver, Screen};

/// An installation in which the award of report 1 is approved and shown to its reporter.
struct Awarded {
    installation: Installation,
    portal: Running,
    _recorder: Running,
    console: Running,
    finance: String,
    /// Words of the reporter's receipt code.
    words: String,
}

async fn awarded(reporter: impl AsyncFnOnce(&str) -> String) -> Awarded {
    let installation = Installation::new(Database::Sqlite);
    let (portal, recorder, mut console) = (installation.portal(), installation.recorder(), installation.console());
    let (cases, finance) = (console.next_address(), console.next_address());
    let words = reporter(&portal.address).await;
    exchange(&installation);
    let desk = |door: &str, account: &str| ConsoleClient::signed_in(&installation, door, account);
    let (mut zhou, mut qian) = (desk(&console.address, "zhou"), desk(&cases, "qian"));
    decided_case(&mut zhou, &mut qian);
    assert_eq!(zhou.post("/zh/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
    done(
        &desk(&console.address, "he")
            .post("/zh/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]),
    );
    exchange(&installation);
    Awarded { installation, portal, _recorder: recorder, console, finance, words }
}

fn exchange(installation: &Installation) {
    tokio::task::block_in_place(|| installation.exchange(Some("zhou")).expect("exchanged"));
}

/// The officer opens the report's new letter and enters its choice.
async fn enter_choice(at: &Awarded, officer: &Client, chosen: &str) {
    let Awarded { installation, console, .. } = at;
    sign_in(officer, &console.address, "zh", "zhou", installation.password("zhou")).await;
    officer.goto(&format!("{}/zh/reports/1", console.address)).await.expect("a page");
    click(officer, "main form button[type=submit]").await;
    says(officer, "main", chosen).await;
    picture(officer, "zh-desktop-console-claim-letter").await;
    click(officer, ".enter-choice").await;
    says(officer, "#claim-state", "已选定领取方式").await;
    says(officer, "#chain", "兑付").await;
    picture(officer, "zh-desktop-console-claim-chain").await;
}

/// Writes a film of a note's QR code for Chromium's fake camera: one grey frame, which is repeated.
fn film(note: &ClaimNote, file: &Path) {
    let code = qrcode::QrCode::new(note.qr_text().as_bytes()).expect("a code");
    let (modules, square, border) = (code.width(), 10, 60);
    let side = modules * square + 2 * border;
    let colors = code.to_colors();
    let dark = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(border).map(|at| at / square).filter(|at| *at < modules);
        inside(x).zip(inside(y)).is_some_and(|(x, y)| colors[y * modules + x] == qrcode::Color::Dark)
    };
    let mut y4m = format!("YUV4MPEG2 W{side} H{side} F10:1 Ip A1:1 C420jpeg\nFRAME\n").into_bytes();
    y4m.extend((0..side * side).map(|at| if dark(at % side, at / side) { 0x10 } else { 0xeb }));
    y4m.extend(std::iter::repeat_n(0x80, side / 2 * (side / 2) * 2));
    fs::write(file, y4m).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn against_the_code_with_camera_and_picture() {
    let drivers = [(); 3].map(|()| ChromeDriver::start());
    let [telephone, isolated, counter] = &drivers;
    let reporter = browser(telephone, Screen::Phone).await;
    let at = awarded(async |portal: &str| report(&reporter, portal).await).await;
    look(&reporter, &at.portal.address, &at.words).await;
    says(&reporter, "#claim-state", "您可以领取 61,728.39 元").await;
    picture(&reporter, "zh-phone-mailbox-claim-open").await;
    click(&reporter, "#claim-form button").await;
    says(&reporter, "#claim-problem", "请先选择").await;
    choose(&reporter, "#claim-choice", "note").await;
    says(&reporter, "#claim-about-note", "谁持凭证到财务").await;
    click(&reporter, "#claim-send").await;
    says(&reporter, "#claim-sent", "您的选择已送达").await;
    picture(&reporter, "zh-phone-mailbox-claim-sent").await;
    exchange(&at.installation);
    let officer = browser(isolated, Screen::Desktop).await;
    enter_choice(&at, &officer, "选择：凭领取凭证领取").await;
    exchange(&at.installation);
    look(&reporter, &at.portal.address, &at.words).await;
    says(&reporter, "#claim-note", "金额 61,728.39 元").await;
    picture(&reporter, "zh-phone-mailbox-claim-note").await;
    let words = text_of(&reporter, "#note-words").await;
    let pictures = tempfile::tempdir().expect("a folder");
    let photograph = visible(&reporter, "#claim-note svg.qr").await.screenshot().await.expect("a picture");
    fs::write(pictures.path().join("note.png"), photograph).expect("written");

    let finance = pay(&at, counter, pictures.path(), &words).await;
    exchange(&at.installation);
    look(&reporter, &at.portal.address, &at.words).await;
    says(&reporter, "#claim-state", "奖励已兑付").await;
    picture(&reporter, "zh-phone-mailbox-claim-paid").await;
    for client in [reporter, officer, finance] {
        client.close().await.expect("closed");
    }
}

/// Finance pays the note whose picture is in the folder. It is read by the fake camera first, then from the picture; a
/// copy of the note is refused afterwards.
async fn pay(at: &Awarded, counter: &ChromeDriver, pictures: &Path, words: &str) -> Client {
    let note: ClaimNote = words.parse().expect("a note");
    film(&note, &pictures.join("note.y4m"));
    let flags = [
        "--use-fake-ui-for-media-stream".to_owned(),
        "--use-fake-device-for-media-stream".to_owned(),
        format!("--use-file-for-fake-video-capture={}", pictures.join("note.y4m").display()),
    ];
    let finance = browser_with(counter, Screen::Desktop, &flags).await;
    sign_in(&finance, &at.finance, "zh", "fang", at.installation.password("fang")).await;
    visible(&finance, "#scan").await;
    picture(&finance, "zh-desktop-finance-desk").await;
    click(&finance, "#scan-camera").await;
    read(&finance, &note).await;
    finance.refresh().await.expect("again");
    let file = finance.find(Locator::Css("#scan-file")).await.expect("a field");
    let empty = pictures.join("empty.png");
    fs::write(&empty, finance.screenshot().await.expect("a picture")).expect("written");
    file.send_keys(empty.to_str().expect("UTF-8")).await.expect("chosen");
    says(&finance, "#scan-problem", "没有找到二维码").await;
    file.send_keys(pictures.join("note.png").to_str().expect("UTF-8")).await.expect("chosen");
    read(&finance, &note).await;
    click(&finance, "#look").await;
    says(&finance, "#value", "61,728.39 元").await;
    picture(&finance, "zh-desktop-finance-good").await;
    click(&finance, "#pay").await;
    says(&finance, "#receipt", "-0001").await;
    picture(&finance, "zh-desktop-finance-receipt").await;
    finance.goto(&format!("{}/zh/desk", at.finance)).await.expect("a page");
    type_into(&finance, "#note", words).await;
    click(&finance, "#look").await;
    says(&finance, "#problem", "已于").await;
    picture(&finance, "zh-desktop-finance-paid").await;
    finance
}

/// Waits, at most 20 seconds, until the form has the text of the note's QR code.
async fn read(finance: &Client, note: &ClaimNote) {
    for _ in 0..200 {
        let value = visible(finance, "#note").await.prop("value").await.expect("read").unwrap_or_default();
        if value == *note.qr_text() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the code was not read; the page says {}", text_of(finance, "main").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn openly_on_a_slip() {
    let drivers = [(); 3].map(|()| ChromeDriver::start());
    let [telephone, isolated, counter] = &drivers;
    let reporter = browser(telephone, Screen::Phone).await;
    let at = awarded(async |portal: &str| report(&reporter, portal).await).await;
    look(&reporter, &at.portal.address, &at.words).await;
    choose(&reporter, "#claim-choice", "open").await;
    click(&reporter, "#claim-send").await;
    says(&reporter, "#claim-problem", "须填写姓名和账号").await;
    type_into(&reporter, "#payee-name", "王某某").await;
    type_into(&reporter, "#payee-account", "农行 6228 4800").await;
    picture(&reporter, "zh-phone-mailbox-claim-payee").await;
    click(&reporter, "#claim-send").await;
    says(&reporter, "#claim-sent", "您的选择已送达").await;
    exchange(&at.installation);
    let officer = browser(isolated, Screen::Desktop).await;
    enter_choice(&at, &officer, "选择：实名领取").await;
    assert!(!officer.source().await.expect("a page").contains("王某某"), "no officer sees the payee");
    click(&officer, "header form button").await;
    visible(&officer, "#password").await;

    sign_in(&officer, &at.console.address, "zh", "bao", at.installation.password("bao")).await;
    picture(&officer, "zh-desktop-custodian-list").await;
    click(&officer, ".reports a").await;
    let key = at.installation.at("root/custodian.key");
    let field = officer.find(Locator::Css("#key")).await.expect("a field");
    field.send_keys(key.to_str().expect("UTF-8")).await.expect("chosen");
    picture(&officer, "zh-desktop-custodian-request").await;
    click(&officer, "#consent").await;
    says(&officer, "#identity", "王某某").await;
    picture(&officer, "zh-desktop-custodian-slip").await;
    let slip = text_of(&officer, "#slip .words").await;
    let finance = browser(counter, Screen::Phone).await;
    sign_in(&finance, &at.finance, "en", "gao", at.installation.password("gao")).await;
    type_into(&finance, "#note", &slip).await;
    picture(&finance, "en-phone-finance-desk").await;
    click(&finance, "#look").await;
    says(&finance, "main", "the payee on the custodian").await;
    picture(&finance, "en-phone-finance-good").await;
    click(&finance, "#pay").await;
    visible(&finance, "#receipt").await;
    picture(&finance, "en-phone-finance-receipt").await;
    exchange(&at.installation);
    look(&reporter, &at.portal.address, &at.words).await;
    says(&reporter, "#claim-state", "奖励已兑付").await;
    says(&reporter, "#access-records", "打开身份信封").await;
    for client in [reporter, officer, finance] {
        client.close().await.expect("closed");
    }
}
