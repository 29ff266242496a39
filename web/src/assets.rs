//! The assets of both sites: one style sheet and one picture.

/// The style sheet of both sites, CSS.
pub const STYLE: &str = include_str!("../assets/site.css");
/// The picture of the bird, SVG.
pub const BIRD: &[u8] = include_bytes!("../assets/bird.svg");
