//! The site's files: every page in both languages, rendered once, and the files that pages load.

use std::io;

use crypto::keys::manifest::Manifest;
use web::assets::{BIRD, STYLE};
use web::files::{File, Files};
use web::headers::CONTENT_POLICY;
use web::language::{Language, NoSentences};

use crate::config::Config;
use crate::pages::{self, PageKind};

const SCRIPT: &[u8] = include_bytes!("../../browser/dist/page.js");
const WORKER: &[u8] = include_bytes!("../../browser/dist/seal-worker.js");
/// Licences of the packages in the scripts.
const NOTICES: &[u8] = include_bytes!("../../browser/dist/third-party-notices.txt");
/// The worker's file name contains its hash, so that the manifest names the version too.
const WORKER_NAME: &str = include_str!("../../browser/dist/seal-worker.name");

pub(crate) const HTML: &str = "text/html; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The content that changes while the site runs, with its signers.
const CHANGING: [(&str, &str); 3] = [
    ("/keys/statement.json", "signed by the root key and the statement key it names"),
    ("/log/checkpoint", "signed by the log's key and by witnesses"),
    ("/results/note", "signed by the statement key; /zh/results/ and /en/results/ are made of it"),
];

/// All files of the site, and its error pages by language.
pub(crate) struct Site {
    pub(crate) files: Files,
    not_found: [String; 2],
    wrong_method: [String; 2],
}

/// Why the site cannot be rendered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSite {
    #[error(transparent)]
    Sentences(#[from] NoSentences),
    #[error("a file cannot be compressed")]
    Compress(#[from] io::Error),
}

impl Site {
    pub(crate) fn render(config: &Config) -> Result<Self, NoSite> {
        let mut files = Files::default();
        files.add("/static/site.css", File::new("text/css; charset=utf-8", STYLE.into())?);
        files.add("/static/bird.svg", File::new("image/svg+xml", BIRD.into())?);
        files.add("/static/page.js", File::new(JAVASCRIPT, SCRIPT.into())?);
        files.add(&format!("/static/{}", WORKER_NAME.trim()), File::new(JAVASCRIPT, WORKER.into())?);
        files.add("/static/third-party-notices.txt", File::new(TEXT, NOTICES.into())?);
        let mut not_found = [const { String::new() }; 2];
        let mut wrong_method = [const { String::new() }; 2];
        let integrity = integrity();
        for language in Language::ALL {
            let frame = pages::Frame::new(config, language, &integrity)?;
            for kind in PageKind::FIXED {
                let page = frame.render(*kind, config);
                files.add(&kind.path(language), File::new(HTML, page.into_string().into_bytes())?);
            }
            not_found[language as usize] = frame.not_found().into_string();
            wrong_method[language as usize] = frame.wrong_method().into_string();
        }
        Ok(Self { files, not_found, wrong_method })
    }

    pub(crate) fn not_found(&self, language: Language) -> &str {
        &self.not_found[language as usize]
    }

    pub(crate) fn wrong_method(&self, language: Language) -> &str {
        &self.wrong_method[language as usize]
    }

    /// The manifest, which an installation signs and anyone can compare.
    pub(crate) fn manifest(&self) -> Manifest {
        let files = self.files.digests().map(|(path, digest)| (path.to_owned(), digest)).collect();
        let changing = CHANGING.map(|(path, signer)| (path.to_owned(), signer.to_owned())).into();
        Manifest { policy: CONTENT_POLICY.to_owned(), files, changing }
    }
}

/// The integrity of the script and the style that every page loads.
pub(crate) fn integrity() -> pages::Integrity {
    pages::Integrity::of(SCRIPT, STYLE.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::demo;

    /// Compressed bytes of landing page, style and picture together: a server may send about fourteen kilobytes at
    /// once to a new visitor.
    const LANDING: usize = 14_000;
    const SCRIPTS: usize = 100_000;

    #[test]
    fn pages_stay_small() {
        let site = Site::render(&demo()).expect("a site");
        let bytes_of = |path: &str| site.files.find(path).expect("a file").smallest();
        for language in Language::ALL {
            let landing = bytes_of(&PageKind::Landing.path(language))
                + bytes_of("/static/site.css")
                + bytes_of("/static/bird.svg");
            assert!(landing < LANDING, "landing page, style and picture: {landing} bytes");
        }
        let scripts = bytes_of("/static/page.js") + bytes_of(&format!("/static/{}", WORKER_NAME.trim()));
        assert!(scripts < SCRIPTS, "scripts: {scripts} bytes");
    }

    #[test]
    fn the_manifest_names_every_page_and_the_policy() {
        let manifest = Site::render(&demo()).expect("a site").manifest().to_string();
        assert!(manifest.parse::<Manifest>().is_ok(), "the root can read what it signs");
        for kind in PageKind::FIXED {
            for language in Language::ALL {
                assert!(manifest.contains(&format!("  {}\n", kind.path(language))));
            }
        }
        assert!(manifest.contains("default-src 'none'"));
        assert!(manifest.contains("/keys/statement.json"));
    }
}
