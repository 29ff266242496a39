//! The intake: clues of other systems as `CloudEvents` over mutual TLS, on a listener of its own that serves nothing
//! else. A sender is identified by its certificate; an acknowledged clue is durable.

use std::any::Any;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::Extensions;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Bytes, Data, PayloadConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use casework::reports::Origin;
use console_services::intake::clues::ClueFields;
use console_services::intake::seal::NotSealed;
use console_services::intake::settings::IntakeSettings;
use console_services::intake::take_clues::take_clue;
use console_services::resources::Resources;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::version::TLS13;
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use serde::Deserialize;

/// Bytes of a request. A clue fits a letter, so this is far more than one needs.
const BODY: usize = 64 * 1024;
/// One event loop: the work is done on blocking threads.
const WORKERS: usize = 1;
/// Events a minute for one sender on average, and in one burst. The limit is per sender, so a station that alarms every
/// second delays no other.
// Unwrap safety: computed when this is compiled.
const A_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
/// Events a day for one sender, and in one burst: each is stored for as long as a report, and a county's stations and
/// patrols send far fewer.
// Unwrap safety: computed when this is compiled.
const A_DAY: NonZeroU32 = NonZeroU32::new(2000).expect("not zero");
/// Events of the daily limit that are allowed again each hour.
// Unwrap safety: computed when this is compiled.
const AN_HOUR: NonZeroU32 = NonZeroU32::new(2000 / 24).expect("not zero");
/// Seconds in `Retry-After`.
const AGAIN: &str = "60";

/// Why the intake listener cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadIntake {
    #[error("intake.senders: the origin of {0} is none of patrol, organisation, hotline, alarm")]
    Origin(String),
    #[error("intake.senders: {0} is named twice, or its certificate is another's too")]
    Twice(String),
    #[error("intake: {0} cannot be read, or holds no certificate or key")]
    File(String),
    #[error("intake: the certificate cannot be used")]
    Tls(#[from] rustls::Error),
    #[error("intake: cannot listen on its address")]
    Listen(#[from] io::Error),
}

/// A sender, identified by its certificate.
struct Sender {
    name: String,
    origin: Origin,
    a_minute: DefaultDirectRateLimiter,
    a_day: DefaultDirectRateLimiter,
}

type Senders = BTreeMap<Vec<u8>, Arc<Sender>>;

/// An intake that is ready to serve.
pub(crate) struct Intake {
    listener: TcpListener,
    config: ServerConfig,
    senders: Arc<Senders>,
}

impl Intake {
    /// Reads certificates and listens. Paths are relative to the console's folder.
    pub(crate) fn open(settings: &IntakeSettings, folder: &Path) -> Result<Self, BadIntake> {
        let bad = |path: &Path| BadIntake::File(path.display().to_string());
        let certificate = |path: &PathBuf| CertificateDer::from_pem_file(folder.join(path)).map_err(|_| bad(path));
        let mut senders = Senders::new();
        for sender in &settings.senders {
            let origin = Origin::of_code(&sender.origin).filter(|origin| Origin::FEEDS.contains(origin));
            let origin = origin.ok_or_else(|| BadIntake::Origin(sender.name.clone()))?;
            let a_minute = RateLimiter::direct(Quota::per_minute(A_MINUTE));
            let a_day = RateLimiter::direct(Quota::per_hour(AN_HOUR).allow_burst(A_DAY));
            let named = senders.values().any(|other| other.name == sender.name);
            let known = Sender { name: sender.name.clone(), origin, a_minute, a_day };
            if named || senders.insert(certificate(&sender.certificate)?.to_vec(), Arc::new(known)).is_some() {
                return Err(BadIntake::Twice(sender.name.clone()));
            }
        }
        let senders = Arc::new(senders);
        let provider = Arc::new(aws_lc_rs::default_provider());
        let key = PrivateKeyDer::from_pem_file(folder.join(&settings.key)).map_err(|_| bad(&settings.key))?;
        let pem = fs::read(folder.join(&settings.certificate)).map_err(|_| bad(&settings.certificate))?;
        let chain = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>();
        let verifier = Known { senders: Arc::clone(&senders), provider: Arc::clone(&provider) };
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])?
            .with_client_cert_verifier(Arc::new(verifier))
            .with_single_cert(chain.map_err(|_| bad(&settings.certificate))?, key)?;
        Ok(Self { listener: TcpListener::bind(&settings.listen)?, config, senders })
    }

    /// The address that the intake listens on, as a URL.
    pub(crate) fn name(&self) -> io::Result<String> {
        Ok(format!("https://{}", self.listener.local_addr()?))
    }

    /// Serves until the console stops.
    pub(crate) async fn serve(self, resources: Arc<Resources>) -> io::Result<()> {
        let (senders, resources) = (self.senders, Data::from(resources));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(resources.clone())
                .app_data(PayloadConfig::new(BODY))
                .route("/clues", web::post().to(clue))
                .default_service(web::to(|| async { HttpResponse::NotFound().finish() }))
        });
        server
            .on_connect(move |connection, data| note_sender(&senders, connection, data))
            .workers(WORKERS)
            .disable_signals()
            .listen_rustls_0_23(self.listener, self.config)?
            .run()
            .await
    }
}

/// Attaches the sender to its connection, by the certificate that TLS has checked.
fn note_sender(senders: &Senders, connection: &dyn Any, data: &mut Extensions) {
    let Some(stream) = connection.downcast_ref::<TlsStream<TcpStream>>() else { return };
    let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
    if let Some(sender) = certificates.first().and_then(|certificate| senders.get(certificate.as_ref())) {
        data.insert(Arc::clone(sender));
    }
}

/// Accepts exactly these certificates. The sender must hold the private key of one of them; issuer and expiry are not
/// checked.
#[derive(Debug)]
struct Known {
    senders: Arc<Senders>,
    provider: Arc<CryptoProvider>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl ClientCertVerifier for Known {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if self.senders.contains_key(certificate.as_ref()) {
            return Ok(ClientCertVerified::assertion());
        }
        Err(rustls::CertificateError::UnknownIssuer.into())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.3 alone".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A `CloudEvent` 1.0 in structured mode, with the attributes that are used. Other attributes are ignored.
#[derive(Deserialize)]
struct CloudEvent {
    specversion: String,
    id: String,
    source: String,
    data: ClueFields,
}

async fn clue(request: HttpRequest, resources: Data<Resources>, body: Bytes) -> HttpResponse {
    let Some(sender) = request.conn_data::<Arc<Sender>>().cloned() else {
        return said(StatusCode::FORBIDDEN, "unknown-sender");
    };
    if sender.a_minute.check().is_err() || sender.a_day.check().is_err() {
        return wait(StatusCode::TOO_MANY_REQUESTS, "too-many");
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/cloudevents+json") {
        return said(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-cloudevents-json");
    }
    let event = match serde_json::from_slice::<CloudEvent>(&body) {
        Ok(event) if event.specversion == "1.0" && !event.id.is_empty() => event,
        // Senders are known systems, so the answer names the error.
        Err(error) => return said(StatusCode::BAD_REQUEST, &error.to_string()),
        Ok(_) => return said(StatusCode::BAD_REQUEST, "not a CloudEvent 1.0"),
    };
    // `CloudEvents` ids are unique only within a source.
    let id = format!("{} {}", event.source, event.id);
    let found = match event.data.with_id(id).check(sender.origin) {
        Ok(found) => found,
        Err(wrong) => return said(StatusCode::BAD_REQUEST, &format!("{wrong:?}")),
    };
    match take_clue(resources.into_inner(), sender.name.clone(), found).await {
        Ok(Ok(())) => said(StatusCode::ACCEPTED, "taken"),
        Ok(Err(NotSealed::TooLong(_))) => said(StatusCode::BAD_REQUEST, "too-long"),
        Ok(Err(NotSealed::NoKeys(_))) => wait(StatusCode::SERVICE_UNAVAILABLE, "no-keys"),
        Err(error) => {
            tracing::error!(code = "clue.not-taken", "clue not taken in: {}", program::chain(&error));
            wait(StatusCode::SERVICE_UNAVAILABLE, "not-taken")
        }
    }
}

fn said(status: StatusCode, what: &str) -> HttpResponse {
    HttpResponse::build(status).json(serde_json::json!({ "result": what }))
}

fn wait(status: StatusCode, what: &str) -> HttpResponse {
    let mut response = said(status, what);
    response.headers_mut().insert(RETRY_AFTER, actix_web::http::header::HeaderValue::from_static(AGAIN));
    response
}
