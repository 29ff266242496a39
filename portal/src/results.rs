//! The page of results, rendered again only when the published results have changed. It is equal for every visitor.

use std::sync::{Arc, Mutex, PoisonError};

use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::{KeyStatement, YearKeys};
use crypto::slots::results::Results;
use web::files::{File, Files};
use web::language::Language;

use crate::config::Config;
use crate::pages::{Frame, PageKind};
use crate::site::{HTML, integrity};

/// The sources of the pages: the note, and the statement whose key signs it.
type MadeOf = (Option<String>, Option<KeyStatement>);

/// The pages of results as last rendered, with their sources.
#[derive(Default)]
pub(crate) struct ResultsPages(Mutex<Option<(MadeOf, Arc<Files>)>>);

impl ResultsPages {
    /// The pages in all languages; none if they cannot be rendered.
    pub(crate) fn pages(
        &self,
        config: &Config,
        note: Option<String>,
        bundle: Option<KeyStatement>,
    ) -> Option<Arc<Files>> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made_of = (note, bundle);
        if let Some((_, files)) = made.as_ref().filter(|(of, _)| *of == made_of) {
            return Some(Arc::clone(files));
        }
        let (note, bundle) = &made_of;
        let read = note.as_ref().zip(bundle.as_ref()).map(|(note, bundle)| verified(note, bundle, &config.root_key));
        let results = match read {
            None => Results::default(),
            Some(Some(results)) => results,
            Some(None) => {
                tracing::error!(
                    code = "results.unsigned",
                    "results are not signed by the statement key and are not shown"
                );
                Results::default()
            }
        };
        let files = Arc::new(
            render(config, &results)
                .inspect_err(|error| {
                    tracing::error!(
                        code = "results.not-shown",
                        "page of results not made: {}",
                        program::chain(error.as_ref())
                    );
                })
                .ok()?,
        );
        *made = Some((made_of, Arc::clone(&files)));
        Some(files)
    }
}

/// Reads the results only if the statement key has signed them: somebody able to write to the letterbox must not be
/// able to publish results.
fn verified(note: &str, bundle: &KeyStatement, root: &NoteKey) -> Option<Results> {
    let keys = YearKeys::parse(&root.verified_text(&bundle.keys).ok()?).ok()?;
    Results::parse(&keys.statement.verified_text(note).ok()?).ok()
}

fn render(config: &Config, results: &Results) -> Result<Files, Box<dyn std::error::Error>> {
    let (mut files, integrity) = (Files::default(), integrity());
    for language in Language::ALL {
        let page = Frame::new(config, language, &integrity)?.results(results);
        files.add(&PageKind::Results.path(language), File::new(HTML, page.into_string().into_bytes())?);
    }
    Ok(files)
}
