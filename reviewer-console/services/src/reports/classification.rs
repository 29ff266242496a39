//! The classification of a report for figures, and whether the report may earn a reward.

use casework::reports::{Category, Classification, Handling, Origin};
use register::StoredReport;

use crate::actor::Actor;

/// The classification of a report for figures, from the letter as this session has opened it, as far as figures know
/// what it says. None if this session has not opened it.
pub(crate) fn classify(actor: &Actor, report: &StoredReport, now: &Handling) -> Option<Classification> {
    let opened = actor.session.opened();
    let first = opened.values().find(|one| one.report == report.number && one.is_report())?;
    let category = Category::of_code(&first.category).unwrap_or(Category::Other);
    let town = Some(&first.town).filter(|town| actor.rules().towns().contains(town));
    // The channel stated in the letter comes from its sender, who may be anybody.
    let origin = match (&now.by_hand, &report.feed) {
        (Some(entry), _) => entry.origin,
        (None, Some(_)) if Origin::FEEDS.contains(&first.origin) => first.origin,
        (None, Some(_)) => Origin::Alarm,
        // The letter states that an officer entered it, but no entry confirms it: it is counted and earns nothing.
        (None, None) if Origin::BY_HAND.contains(&first.origin) => first.origin,
        (None, None) => Origin::Web,
    };
    let town = town.cloned().unwrap_or_default();
    Some(Classification { category: category.code().to_owned(), town, origin: origin.code().to_owned() })
}

/// Whether a report may earn a reward; none if this session does not know its channel.
pub(crate) fn is_rewardable(actor: &Actor, report: &StoredReport, now: &Handling) -> Option<bool> {
    let filed = classify(actor, report, now).or_else(|| now.filed.clone())?;
    let (origin, received) = (Origin::of_code(&filed.origin)?, report.letters.first()?.received_on);
    Some(now.is_rewardable(origin, actor.rules().procedure(received)))
}
