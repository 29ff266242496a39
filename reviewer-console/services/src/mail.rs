//! The daily mail: its text is the same every working day, whether anything came or not, so that nobody who sees it in
//! transit learns anything.

use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport as _};
use serde::Deserialize;

use crate::schedule::TimeOfDay;

/// Text of every reminder: two languages, no names, no numbers.
const SUBJECT: &str = "请查看举报奖励专岗审阅台 / Please look into the reward post's console";
const BODY: &str = "这是每个工作日自动发送的提醒，与是否有新来信无关。请登录审阅台查看。\r\n\
This reminder is sent every working day, whether anything came or not. Please sign in to the console.\r\n";

/// Text of the mail that carries the log's newest checkpoint.
const CHECKPOINT_SUBJECT: &str = "访问日志检查点 / Checkpoint of the access log";
const CHECKPOINT_BODY: &str = "请保存本邮件：它证明访问日志此刻的样子，今后任何改动都可据此发现。\r\n\
Please keep this mail: it shows what the access log is now, and any later change can be found by it.\r\n\r\n";

/// Settings of the daily mail: the `[mail]` section of the configuration.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    server: String,
    #[serde(default = "submissions")]
    port: u16,
    certificate: Option<PathBuf>,
    credentials: Option<PathBuf>,
    from: String,
    to: Vec<String>,
    #[serde(default)]
    checkpoint_to: Vec<String>,
    /// Time of day at which the mails are sent.
    pub at: TimeOfDay,
}

impl MailSettings {
    /// The files that sending reads.
    pub(crate) fn files(&self, folder: &Path) -> Vec<PathBuf> {
        [&self.certificate, &self.credentials].into_iter().flatten().map(|path| folder.join(path)).collect()
    }
}

/// RFC 8314: submission with TLS from the first byte.
fn submissions() -> u16 {
    465
}

/// Why a mail was not sent. For the operator only.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// A file of the settings cannot be read.
    #[error("mail.{0} cannot be read")]
    Read(&'static str, #[source] std::io::Error),
    /// The credentials file does not have two lines.
    #[error("mail.credentials is a file with two lines, name and password")]
    Credentials,
    /// The address of a sender or recipient is malformed.
    #[error("mail.from and mail.to are addresses")]
    Address(#[from] lettre::address::AddressError),
    /// The mail cannot be composed.
    #[error("the mail cannot be written")]
    Write(#[from] lettre::error::Error),
    /// The server refused the mail or could not be reached.
    #[error("the mail server did not take it")]
    Send(#[from] lettre::transport::smtp::Error),
}

impl MailSettings {
    /// Sends the reminder to each recipient in a mail of its own, and the log's checkpoint to the addresses of
    /// `checkpoint_to`. Paths are relative to `folder`. Blocks.
    pub fn send(&self, folder: &Path, checkpoint: Option<&str>) -> Result<(), MailError> {
        let transport = self.transport(folder)?;
        for to in &self.to {
            transport.send(&self.message(to, SUBJECT, BODY.to_owned())?)?;
        }
        let Some(checkpoint) = checkpoint else { return Ok(()) };
        for to in &self.checkpoint_to {
            let body = format!("{CHECKPOINT_BODY}{}", checkpoint.replace('\n', "\r\n"));
            transport.send(&self.message(to, CHECKPOINT_SUBJECT, body)?)?;
        }
        Ok(())
    }

    fn message(&self, to: &str, subject: &str, body: String) -> Result<Message, MailError> {
        let from: Mailbox = self.from.parse()?;
        let message = Message::builder().from(from).to(to.parse()?).subject(subject);
        Ok(message.header(ContentType::TEXT_PLAIN).body(body)?)
    }

    fn transport(&self, folder: &Path) -> Result<SmtpTransport, MailError> {
        let mut tls = TlsParameters::builder(self.server.clone());
        if let Some(path) = &self.certificate {
            let pem = std::fs::read(folder.join(path)).map_err(|error| MailError::Read("certificate", error))?;
            // Trusts only the configured authority, instead of the public ones.
            tls = tls.certificate_store(CertificateStore::None).add_root_certificate(Certificate::from_pem(&pem)?);
        }
        // The default greeting contains this machine's name; a fixed one reveals nothing.
        let hello = lettre::transport::smtp::extension::ClientId::Domain("console.invalid".to_owned());
        let mut transport = SmtpTransport::builder_dangerous(self.server.clone())
            .port(self.port)
            .hello_name(hello)
            .tls(Tls::Wrapper(tls.build()?));
        if let Some(path) = &self.credentials {
            let text =
                std::fs::read_to_string(folder.join(path)).map_err(|error| MailError::Read("credentials", error))?;
            let mut lines = text.lines();
            let (Some(name), Some(password)) = (lines.next(), lines.next()) else {
                return Err(MailError::Credentials);
            };
            transport = transport.credentials(Credentials::new(name.to_owned(), password.to_owned()));
        }
        Ok(transport.build())
    }
}
