//! Reports that wait for an officer.

use casework::reports::ReportStage;

use crate::actor::Actor;
use crate::error::ConsoleError;

/// Numbers of reports that wait for an officer, by reason.
pub struct Waiting {
    /// A fact sheet waits for another officer, since its author cannot let it cross alone.
    pub drafted: Vec<u64>,
    /// The reporter's choice about an award is not entered yet.
    pub choices: Vec<u64>,
    /// The custodian refused to open an identity, and no officer has seen it.
    pub refused: Vec<u64>,
}

/// Finds the reports that wait for an officer.
pub fn waiting(actor: &Actor) -> Result<Waiting, ConsoleError> {
    let register = actor.register();
    Ok(Waiting {
        drafted: register.reports_at(&[ReportStage::Drafted.code()])?,
        choices: register.choices()?,
        refused: register.refused_identities()?,
    })
}
