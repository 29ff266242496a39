//! What figures count a report under, and whether it may earn a reward.

use casework::reports::{Category, Classification, Handling, Origin};
use register::StoredReport;

use crate::actor::Actor;

/// What figures count a report under, as this session has read it: what the letter says, where that is
/// something that figures know. Nothing if this session has not opened it.
pub(crate) fn classify(actor: &Actor, report: &StoredReport, now: &Handling) -> Option<Classification> {
    let opened = actor.session.opened();
    let first = opened.values().find(|one| one.report == report.number && one.is_report())?;
    let category = Category::of_code(&first.category).unwrap_or(Category::Other);
    let town = Some(&first.town).filter(|town| actor.rules().towns().contains(town));
    // The letter's own word for its channel is the sender's, who may be anybody.
    let origin = match (&now.by_hand, &report.feed) {
        (Some(entry), _) => entry.origin,
        (None, Some(_)) if Origin::FEEDS.contains(&first.origin) => first.origin,
        (None, Some(_)) => Origin::Alarm,
        // It says that an officer entered it, and no entry says so: it counts, and earns nothing.
        (None, None) if Origin::BY_HAND.contains(&first.origin) => first.origin,
        (None, None) => Origin::Web,
    };
    let town = town.cloned().unwrap_or_default();
    Some(Classification { category: category.code().to_owned(), town, origin: origin.code().to_owned() })
}

/// Whether a report may earn a reward; none where its channel is not known to this session.
pub(crate) fn is_rewardable(actor: &Actor, report: &StoredReport, now: &Handling) -> Option<bool> {
    let filed = classify(actor, report, now).or_else(|| now.filed.clone())?;
    let (origin, received) = (Origin::of_code(&filed.origin)?, report.letters.first()?.received_on);
    Some(now.is_rewardable(origin, actor.rules().procedure(received)))
}
