//! The header of files that are offered for download.

use actix_web::http::header::HeaderValue;

use crate::http::response::PageError;

/// `Content-Disposition: attachment` with the file name in the encoding of RFC 8187, which all browsers read alike, and
/// the plain name `otherwise` for other clients.
pub(crate) fn saved_as(otherwise: &str, name: &str) -> Result<HeaderValue, PageError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let encoded: String = name
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let text = format!("attachment; filename=\"{otherwise}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&text).map_err(PageError::inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let header = saved_as("file-3", "暗\"管;\r\n x.jpg").expect("a header");
        assert_eq!(
            header.to_str().expect("ASCII"),
            "attachment; filename=\"file-3\"; filename*=UTF-8''%E6%9A%97%22%E7%AE%A1%3B%0D%0A%20x.jpg"
        );
    }
}
