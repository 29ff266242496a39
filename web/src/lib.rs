//! Code shared by both sites: headers, files served from memory, languages, the document around a page, assets.

pub mod assets;
pub mod files;
pub mod headers;
pub mod language;
pub mod layout;
