//! Mutual TLS between two machines. Each side has one certificate and pins the other's; there is no certificate
//! authority. TLS 1.3 only, with a post-quantum key exchange: what the recorder sends must stay as confidential in
//! transit as it was before.

use std::fs;
use std::io::{self, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::version::TLS13;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

const KEY: &str = "tls.key";
const CERTIFICATE: &str = "tls.cert";
/// The name in every recorder's certificate. The certificate itself identifies the recorder.
const RECORDER: &str = "recorder.invalid";
/// The name in every console's certificate.
const CONSOLE: &str = "console.invalid";

/// A TLS connection to a recorder.
pub type ClientStream = StreamOwned<ClientConnection, TcpStream>;
/// A TLS connection from a console.
pub type ServerStream = StreamOwned<ServerConnection, TcpStream>;

/// A side of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The console, which sends requests.
    Console,
    /// The recorder, which answers requests.
    Recorder,
}

/// Why a connection between machines cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("{0} cannot be read or written")]
    Io(String, #[source] io::Error),
    /// A key exists already, and the other side has its certificate. It is not replaced.
    #[error("{0} is there already; it is not replaced")]
    Exists(String),
    /// A file holds no certificate or key.
    #[error("{0} holds no certificate or key")]
    Pem(String),
    /// A certificate could not be made.
    #[error("a certificate cannot be made")]
    Make(#[from] rcgen::Error),
    /// The TLS library refused the certificates or the other side.
    #[error("the connection is refused")]
    Refused(#[from] rustls::Error),
    /// The other side's certificate cannot be used for verification.
    #[error("the other side's certificate cannot be used")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
    /// The address is invalid, or the other machine cannot be reached.
    #[error("the other machine cannot be reached")]
    Connect(#[source] io::Error),
}

/// Makes a key and a self-signed certificate in a folder; returns the path of the certificate, for the other side.
pub fn make(folder: &Path, side: Side) -> Result<PathBuf, TlsError> {
    let name = match side {
        Side::Console => CONSOLE,
        Side::Recorder => RECORDER,
    };
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()])?;
    let (key, certificate) = (folder.join(KEY), folder.join(CERTIFICATE));
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&key);
    let mut file = file.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => TlsError::Exists(key.display().to_string()),
        _ => TlsError::Io(key.display().to_string(), error),
    })?;
    let text = zeroize::Zeroizing::new(made.signing_key.serialize_pem());
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| TlsError::Io(key.display().to_string(), error))?;
    fs::write(&certificate, made.cert.pem()).map_err(|error| TlsError::Io(certificate.display().to_string(), error))?;
    Ok(certificate)
}

/// This side's key and certificate, and the other side's certificate.
struct Pair {
    key: PrivateKeyDer<'static>,
    own: CertificateDer<'static>,
    other: RootCertStore,
}

impl Pair {
    fn read(folder: &Path, other: &Path) -> Result<Self, TlsError> {
        let (key, own) = (folder.join(KEY), folder.join(CERTIFICATE));
        let bad = |path: &Path| TlsError::Pem(path.display().to_string());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(other).map_err(|_| bad(other))?)?;
        Ok(Self {
            key: PrivateKeyDer::from_pem_file(&key).map_err(|_| bad(&key))?,
            own: CertificateDer::from_pem_file(&own).map_err(|_| bad(&own))?,
            other: roots,
        })
    }
}

fn provider() -> Arc<CryptoProvider> {
    // Only the post-quantum key exchange: both sides run this code.
    let kx_groups = vec![aws_lc_rs::kx_group::X25519MLKEM768];
    Arc::new(CryptoProvider { kx_groups, ..aws_lc_rs::default_provider() })
}

/// A recorder's configuration: it accepts only the console with this certificate.
pub fn server(folder: &Path, console: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let pair = Pair::read(folder, console)?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(pair.other), provider()).build()?;
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![pair.own], pair.key)?;
    Ok(Arc::new(config))
}

/// Accepts a connection. When it returns, the console's certificate has been verified. Fails if a read or write of
/// the handshake takes longer than `patience`.
pub fn accept(config: &Arc<ServerConfig>, stream: TcpStream, patience: Duration) -> Result<ServerStream, TlsError> {
    stream.set_read_timeout(Some(patience)).map_err(TlsError::Connect)?;
    stream.set_write_timeout(Some(patience)).map_err(TlsError::Connect)?;
    let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(config))?, stream);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).map_err(TlsError::Connect)?;
    }
    Ok(stream)
}

/// A console's configuration: it connects only to the recorder with this certificate.
pub fn client(folder: &Path, recorder: &Path) -> Result<Arc<ClientConfig>, TlsError> {
    let pair = Pair::read(folder, recorder)?;
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_root_certificates(pair.other)
        .with_client_auth_cert(vec![pair.own], pair.key)?;
    Ok(Arc::new(config))
}

/// Connects to `HOST:PORT`, with this timeout for connecting and for each answer.
pub fn connect(config: &Arc<ClientConfig>, address: &str, patience: Duration) -> Result<ClientStream, TlsError> {
    let mut addresses = address.to_socket_addrs().map_err(TlsError::Connect)?;
    let address = addresses.next().ok_or_else(|| TlsError::Connect(io::ErrorKind::NotFound.into()))?;
    let stream = TcpStream::connect_timeout(&address, patience).map_err(TlsError::Connect)?;
    stream.set_read_timeout(Some(patience)).map_err(TlsError::Connect)?;
    stream.set_write_timeout(Some(patience)).map_err(TlsError::Connect)?;
    stream.set_nodelay(true).map_err(TlsError::Connect)?;
    let name = ServerName::try_from(RECORDER).map_err(|_| TlsError::Pem(RECORDER.to_owned()))?;
    let mut stream = StreamOwned::new(ClientConnection::new(Arc::clone(config), name)?, stream);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).map_err(TlsError::Connect)?;
    }
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::net::TcpListener;
    use std::thread;

    struct Installation {
        folder: tempfile::TempDir,
    }

    impl Installation {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            for (name, side) in [("recorder", Side::Recorder), ("console", Side::Console), ("other", Side::Console)] {
                fs::create_dir(folder.path().join(name)).expect("a folder");
                make(&folder.path().join(name), side).expect("made");
            }
            Self { folder }
        }

        fn at(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn certificate(&self, of: &str) -> PathBuf {
            self.at(of).join(CERTIFICATE)
        }
    }

    const PATIENCE: Duration = Duration::from_secs(10);

    /// What a console of this name reads from the recorder, which accepts only its own console.
    fn heard(installation: &Installation, console: &str, knows: &str) -> Result<Vec<u8>, TlsError> {
        let config = server(&installation.at("recorder"), &installation.certificate("console")).expect("a server");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let serving = thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a connection");
            if let Ok(mut stream) = accept(&config, stream, PATIENCE) {
                let _ = stream.write_all(b"secret");
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        let config = client(&installation.at(console), &installation.certificate(knows)).expect("a client");
        let heard = connect(&config, &address, PATIENCE).and_then(|mut stream| {
            let mut said = Vec::new();
            stream.read_to_end(&mut said).map_err(TlsError::Connect)?;
            let group = stream.conn.negotiated_key_exchange_group().map(rustls::crypto::SupportedKxGroup::name);
            assert_eq!(group, Some(rustls::NamedGroup::X25519MLKEM768));
            Ok(said)
        });
        serving.join().expect("served");
        heard
    }

    #[test]
    fn only_the_two_who_know_each_other_speak() {
        let installation = Installation::new();
        assert_eq!(heard(&installation, "console", "recorder").expect("heard"), b"secret");
        assert!(heard(&installation, "other", "recorder").is_err(), "a console that the recorder does not know");
        assert!(heard(&installation, "console", "other").is_err(), "a recorder that the console does not know");
        assert!(matches!(make(&installation.at("console"), Side::Console), Err(TlsError::Exists(_))));
        assert!(matches!(client(&installation.at("console"), &installation.at("nothing")), Err(TlsError::Pem(_))));
    }
}
