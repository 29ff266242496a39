//! Headers of every response, errors included.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

/// Content security policy of pages with scripts: they may load their own style, script, worker and pictures, and
/// connect to their own site. The worker is a blob, made by the page from bytes whose integrity was checked. Nothing
/// inline, no frames, no forms that are sent.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src blob:; style-src 'self'; \
img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Content security policy of a site without scripts, whose forms are sent to itself.
pub const FORM_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
form-action 'self'; frame-ancestors 'none'";

/// Content security policy of finance's desk, whose one script reads codes with the camera.
const DESK_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Content security policy of a downloaded file: whatever it is, it may do nothing.
pub const DOWNLOAD_POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// Names and values of all headers except the content security policy.
const FIXED: &[(&str, &str)] = &[
    // A cached page or script on a shared computer would be a trace.
    ("cache-control", "no-store"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    // No script runs whose hash is not in the page.
    ("integrity-policy", "blocked-destinations=(script)"),
    ("origin-agent-cluster", "?1"),
    (
        "permissions-policy",
        "accelerometer=(), ambient-light-sensor=(), attribution-reporting=(), autoplay=(), battery=(), bluetooth=(), \
browsing-topics=(), camera=(), clipboard-read=(), clipboard-write=(), compute-pressure=(), \
cross-origin-isolated=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), \
gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), interest-cohort=(), keyboard-map=(), \
local-fonts=(), magnetometer=(), microphone=(), midi=(), otp-credentials=(), payment=(), picture-in-picture=(), \
publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), speaker-selection=(), \
storage-access=(), sync-xhr=(), usb=(), web-share=(), window-management=(), xr-spatial-tracking=()",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-dns-prefetch-control", "off"),
    ("x-frame-options", "DENY"),
    ("x-robots-tag", "noarchive"),
];

/// Middleware that adds the headers with [`CONTENT_POLICY`] to every response.
pub async fn add_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    set(response.headers_mut(), CONTENT_POLICY);
    Ok(response)
}

/// Sets the headers of finance's desk, which may use the camera.
pub fn set_at_desk(headers: &mut HeaderMap) {
    set(headers, DESK_POLICY);
    let name = HeaderName::from_static("permissions-policy");
    let Some(policy) = headers.get(&name).and_then(|value| value.to_str().ok()) else { return };
    if let Ok(policy) = HeaderValue::from_str(&policy.replace("camera=()", "camera=(self)")) {
        headers.insert(name, policy);
    }
}

/// Sets the headers with the given content security policy.
pub fn set(headers: &mut HeaderMap, policy: &'static str) {
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
}
