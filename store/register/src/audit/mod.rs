//! What the console holds of the access log, and notices that wait for the recorder.

pub(crate) mod held_log;
mod notices;
