//! State shared by all requests: the console, its sentences and static files, and the accepted host names.

use console_services::accounts::audience::Audience;
use console_services::config::ConsoleConfig;
use console_services::console::Console;
use model::Role;
use web::assets::{BIRD, STYLE};
use web::files::{File, Files};

use crate::http::words::Words;

/// Reads QR codes with the camera or from a picture; built from browser/desk/desk.ts.
const DESK: &str = include_str!("../../../browser/dist/desk.js");
/// Licences of the packages in the scripts.
const NOTICES: &str = include_str!("../../../browser/dist/third-party-notices.txt");
const OWN_STYLE: &str = include_str!("../../assets/console.css");

/// Whether an account with these roles may send a form to a path, at the listener of an audience.
pub(crate) type MaySend = fn(Audience, &[Role], &str) -> bool;

/// State shared by all requests.
pub(crate) struct AppState {
    pub(crate) console: Console,
    pub(crate) words: Words,
    pub(crate) files: Files,
    /// The `integrity` attribute of the desk's script, without which no browser runs it.
    pub(crate) desk_integrity: String,
    /// Host names accepted in requests, besides this machine's own.
    pub(crate) hosts: Vec<String>,
    /// Whether this is a demonstration; its pages carry a banner.
    pub(crate) demo: bool,
    pub(crate) may_send: MaySend,
}

impl AppState {
    pub(crate) fn open(config: &ConsoleConfig, may_send: MaySend) -> Result<Self, Box<dyn std::error::Error>> {
        let mut files = Files::default();
        let style = "text/css; charset=utf-8";
        files.add("/static/site.css", File::new(style, STYLE.into())?);
        files.add("/static/console.css", File::new(style, OWN_STYLE.into())?);
        files.add("/static/desk.js", File::new("text/javascript; charset=utf-8", DESK.into())?);
        files.add("/static/third-party-notices.txt", File::new("text/plain; charset=utf-8", NOTICES.into())?);
        files.add("/static/bird.svg", File::new("image/svg+xml", BIRD.into())?);
        Ok(Self {
            console: Console::open(config)?,
            words: Words::load()?,
            files,
            desk_integrity: web::files::integrity(DESK.as_bytes()),
            hosts: config.hosts().to_vec(),
            demo: config.is_demo(),
            may_send,
        })
    }
}
