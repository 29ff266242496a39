//! What the sites share: headers, files served from memory, languages, assets.

pub mod assets;
pub mod files;
pub mod headers;
pub mod language;
