//! What the sites look like: one style, one picture.

/// The style of both sites.
pub const STYLE: &str = include_str!("../assets/site.css");
/// The bird.
pub const BIRD: &[u8] = include_bytes!("../assets/bird.svg");
