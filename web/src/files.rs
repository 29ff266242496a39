//! Files served from memory: rendered once at start, compressed, hashed. Every visitor gets equal pages, so anyone
//! can compare a received page with the signed manifest.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use actix_web::http::Method;
use actix_web::http::header::{self, ContentEncoding, HeaderMap};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest as _, Sha256, Sha384};

/// One file, with its compressed forms.
pub struct File {
    content_type: &'static str,
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
    sha256: [u8; 32],
}

/// All files of a site, by path.
#[derive(Default)]
pub struct Files(BTreeMap<String, File>);

impl File {
    /// Compresses and hashes a file. Fails only if compression fails.
    pub fn new(content_type: &'static str, content: Vec<u8>) -> io::Result<Self> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        gzip.write_all(&content)?;
        let mut brotli = Vec::new();
        // Quality 6 of 11: the highest one makes the start ten times slower for a tenth of the size.
        brotli::CompressorWriter::new(&mut brotli, 4096, 6, 22).write_all(&content)?;
        Ok(Self {
            content_type,
            sha256: Sha256::digest(&content).into(),
            plain: content.into(),
            gzip: gzip.finish()?.into(),
            brotli: brotli.into(),
        })
    }

    /// Size of the smallest compressed form, in bytes.
    #[must_use]
    pub fn smallest(&self) -> usize {
        self.brotli.len()
    }

    fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let (body, encoding) = match preferred(request.headers()) {
            ContentEncoding::Brotli => (&self.brotli, Some("br")),
            ContentEncoding::Gzip => (&self.gzip, Some("gzip")),
            _ => (&self.plain, None),
        };
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CONTENT_TYPE, self.content_type));
        response.insert_header((header::VARY, "accept-encoding"));
        if let Some(encoding) = encoding {
            response.insert_header((header::CONTENT_ENCODING, encoding));
        }
        response.body(body.clone())
    }
}

fn preferred(headers: &HeaderMap) -> ContentEncoding {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let offers = |name: &str| {
        accepted.split(',').any(|part| {
            let mut pieces = part.trim().split(';').map(str::trim);
            pieces.next() == Some(name) && !pieces.any(|weight| weight == "q=0")
        })
    };
    if offers("br") {
        ContentEncoding::Brotli
    } else if offers("gzip") {
        ContentEncoding::Gzip
    } else {
        ContentEncoding::Identity
    }
}

impl Files {
    /// Adds a file; it replaces an earlier file of this path.
    pub fn add(&mut self, path: &str, file: File) {
        self.0.insert(path.to_owned(), file);
    }

    /// The file of a path, if there is one.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }

    /// Answers a request for a file: GET and HEAD with the file, other methods with status 405; none if there is no
    /// such path.
    #[must_use]
    pub fn respond(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let file = self.0.get(request.path())?;
        if request.method() == Method::GET || request.method() == Method::HEAD {
            Some(file.respond(request))
        } else {
            Some(HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, "GET, HEAD")).finish())
        }
    }

    /// Each file's path with its SHA-256 in hexadecimal, ordered by path.
    pub fn digests(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|(path, file)| (path.as_str(), hex::encode(file.sha256)))
    }
}

/// The `integrity` attribute of a script or style, with SHA-384.
#[must_use]
pub fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(content)))
}
