//! A mail server for SMTP over TLS, which stores every dialogue.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A server on a free port of 127.0.0.1, under the name `localhost`.
pub struct MailServer {
    /// TCP port of the server on 127.0.0.1.
    pub port: u16,
    /// The server's self-signed certificate, in PEM.
    pub certificate: String,
    mails: Arc<Mutex<Vec<Mail>>>,
}

/// Commands and mail of one dialogue.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// The client's commands, in order.
    pub commands: Vec<String>,
    /// Lines of the mail, with its headers.
    pub lines: Vec<String>,
}

impl MailServer {
    /// Starts the server on a thread.
    #[must_use]
    pub fn start() -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a configuration");
        let (config, mails) = (Arc::new(config), Arc::new(Mutex::new(Vec::new())));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let kept = Arc::clone(&mails);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let _ended = talk(stream, &config, &kept);
            }
        });
        Self { port, certificate: cert.pem(), mails }
    }

    /// The dialogues so far in which a mail was accepted.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Runs one dialogue. A mail is kept before the sender is told so: the test may look at once. None if the dialogue ends
/// before a mail is accepted.
fn talk(stream: TcpStream, config: &Arc<ServerConfig>, mails: &Mutex<Vec<Mail>>) -> Option<()> {
    let connection = ServerConnection::new(Arc::clone(config)).ok()?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    let mut mail = Mail::default();
    stream.get_mut().write_all(b"220 localhost ESMTP\r\n").ok()?;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let command = line.trim_end().to_owned();
        mail.commands.push(command.clone());
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n",
            "AUTH" => "235 welcome\r\n",
            "DATA" => {
                stream.get_mut().write_all(b"354 go on\r\n").ok()?;
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
                    if line == ".\r\n" {
                        break;
                    }
                    mail.lines.push(line.trim_end().to_owned());
                }
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
                "250 taken\r\n"
            }
            "QUIT" => "221 goodbye\r\n",
            _ => "250 yes\r\n",
        };
        stream.get_mut().write_all(answer.as_bytes()).ok()?;
        stream.get_mut().flush().ok()?;
        // The sender may keep the connection for another mail, or just hang up.
        if answer.starts_with("250 taken") {
            let _ = stream.read_line(&mut String::new());
            return Some(());
        }
    }
}
