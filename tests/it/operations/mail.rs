//! The daily mail in a real SMTP dialogue over TLS.

use std::fs;

use kit::installation::{Database, Installation};
use kit::program::run;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use kit::smtp::{Mail, MailServer};

fn configure(installation: &Installation, server: &MailServer, certificate: &str) {
    fs::write(installation.at("console/mail-ca.pem"), certificate).expect("written");
    fs::write(installation.at("console/mail.secret"), "console\nmail-password-6612\n").expect("written");
    let section = format!(
        "[mail]\nserver = \"localhost\"\nport = {}\ncertificate = \"mail-ca.pem\"\ncredentials = \"mail.secret\"\n\
         from = \"console@county.example\"\nto = [\"zhou@county.example\", \"wu@county.example\"]\ncheckpoint_to = [\"shen@county.example\"]\nat = \"08:00\"\n",
        server.port
    );
    let file = installation.at("console/console.toml");
    let before = fs::read_to_string(&file).expect("the configuration");
    let (without, _) = before.split_once("[mail]\nserver").map_or((before.as_str(), ""), |(a, b)| (a, b));
    fs::write(file, format!("{without}\n{section}")).expect("written");
}

fn mail(installation: &Installation) -> Result<String, String> {
    run("reviewer-console", &["mail", "--folder", installation.at("console").to_str().expect("UTF-8")])
}

/// Lines of a mail without its date and its one recipient.
fn words(mail: &Mail) -> Vec<String> {
    mail.lines.iter().filter(|line| !line.starts_with("Date:") && !line.starts_with("To:")).cloned().collect()
}

#[test]
fn the_same_words_whether_anything_came_or_not() {
    let installation = Installation::new(Database::Sqlite);
    let server = MailServer::start();
    configure(&installation, &server, &server.certificate);
    mail(&installation).expect("sent");
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let sealed = visit(&reporter(), report("secret-report-1188"), &installation.keys());
    send(&agent(), "POST", &format!("{}/api/visits", portal.address), &sealed.request).expect("answered");
    installation.exchange(Some("zhou")).expect("exchanged");
    mail(&installation).expect("sent");
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
    let installation = Installation::new(Database::Sqlite);
    let (server, other) = (MailServer::start(), MailServer::start());
    configure(&installation, &server, &other.certificate);
    let said = mail(&installation).expect_err("refused");
    assert!(said.contains("the mail server did not take it"), "{said}");
    assert!(!said.contains("6612"));
    assert!(server.mails().is_empty());
}
