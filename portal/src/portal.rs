//! State shared by all requests.

use letterbox::Letterbox;
use program::clock::Clock;

use crate::config::Config;
use crate::limits::Capacity;
use crate::results::ResultsPages;
use crate::site::Site;

/// State shared by all requests.
pub(crate) struct Portal {
    pub(crate) letterbox: Letterbox,
    pub(crate) capacity: Capacity,
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    pub(crate) results: ResultsPages,
    pub(crate) site: Site,
}
