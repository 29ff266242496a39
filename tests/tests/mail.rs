//! The daily mail in a real SMTP dialogue over TLS.

use std::fs;

use tests::house::{Database, House};
use tests::program::run;
use tests::reporters::{report, reporter, visit};
use tests::requests::{agent, send};
use tests::smtp::{Mail, MailServer};

fn configure(house: &House, server: &MailServer, certificate: &str) {
    fs::write(house.at("console/mail-ca.pem"), certificate).expect("written");
    fs::write(house.at("console/mail.secret"), "console\nmail-password-6612\n").expect("written");
    let section = format!(
        "[mail]\nserver = \"localhost\"\nport = {}\ncertificate = \"mail-ca.pem\"\ncredentials = \"mail.secret\"\n\
         from = \"console@county.example\"\nto = [\"zhou@county.example\", \"wu@county.example\"]\ncheckpoint_to = [\"shen@county.example\"]\nat = \"08:00\"\n",
        server.port
    );
    let file = house.at("console/console.toml");
    let before = fs::read_to_string(&file).expect("the configuration");
    let (without, _) = before.split_once("[mail]\nserver").map_or((before.as_str(), ""), |(a, b)| (a, b));
    fs::write(file, format!("{without}\n{section}")).expect("written");
}

fn mail(house: &House) -> Result<String, String> {
    run("reviewer-console", &["mail", "--folder", house.at("console").to_str().expect("UTF-8")])
}

/// What a mail says beside its date and its one recipient.
fn words(mail: &Mail) -> Vec<String> {
    mail.lines.iter().filter(|line| !line.starts_with("Date:") && !line.starts_with("To:")).cloned().collect()
}

#[test]
fn the_same_words_whether_anything_came_or_not() {
    let house = House::new(Database::Sqlite);
    let server = MailServer::start();
    configure(&house, &server, &server.certificate);
    mail(&house).expect("sent");
    let (portal, _recorder) = (house.portal(), house.recorder());
    let sealed = visit(&reporter(), report("secret-report-1188"), &house.keys());
    send(&agent(), "POST", &format!("{}/api/visits", portal.address), &sealed.request).expect("answered");
    house.exchange(Some("zhou")).expect("exchanged");
    mail(&house).expect("sent");
    let mut mails = server.mails();
    assert_eq!(mails.len(), 6, "to each of two and to whoever keeps checkpoints, on two days");
    let kept = |mail: &Mail| mail.commands.iter().any(|line| line == "RCPT TO:<shen@county.example>");
    let checkpoints: Vec<Mail> = mails.extract_if(.., |mail| kept(mail)).collect();
    for mail in &checkpoints {
        let text = mail.lines.join("\n");
        assert!(text.contains("demo.test/log"), "{text}");
    }
    let said = &mails[0].commands;
    assert_eq!(said[0], "EHLO console.invalid");
    assert!(said[1].starts_with("AUTH PLAIN "), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("MAIL FROM:<console@county.example>")), "{said:?}");
    assert!(said.iter().any(|line| line == "RCPT TO:<zhou@county.example>"), "{said:?}");
    assert!(mails[1].commands.iter().any(|line| line == "RCPT TO:<wu@county.example>"));
    for other in &mails[1..] {
        assert_eq!(words(&mails[0]), words(other));
    }
    let all = mails[3].lines.join("\n");
    assert!(!all.contains("Message-ID") && !all.contains("User-Agent"), "{all}");
}

#[test]
fn a_server_that_is_not_the_one_gets_nothing() {
    let house = House::new(Database::Sqlite);
    let (server, other) = (MailServer::start(), MailServer::start());
    configure(&house, &server, &other.certificate);
    let said = mail(&house).expect_err("refused");
    assert!(said.contains("the mail server did not take it"), "{said}");
    assert!(!said.contains("6612"));
    assert!(server.mails().is_empty());
}
