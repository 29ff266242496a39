//! The codes that a report's fields may hold, as the form offers them.

use model::codes;

codes!(
    /// What kind of violation is reported.
    Category {
        /// Hidden pipes, seepage, dilution.
        CovertDischarge = "covert-discharge",
        /// Monitoring data made up or tampered with.
        FalsifiedMonitoring = "falsified-monitoring",
        /// Hazardous waste dumped or buried.
        HazardousDumping = "hazardous-dumping",
        /// Discharge in a level-1 drinking-water protection zone.
        WaterProtectionZone = "water-protection-zone",
        /// Anything else; judged by the post.
        Other = "other",
    }
);

codes!(
    /// Who reports.
    ReporterKind {
        /// Anyone.
        Public = "public",
        /// Works or worked for the party.
        Insider = "insider",
        /// A village, association, firm or civic group.
        Organisation = "organisation",
    }
);

codes!(
    /// Through which channel something came. Kept on the report side: it never crosses.
    Origin {
        /// The public site.
        Web = "web",
        /// A telephone call, entered by an officer.
        Phone = "phone",
        /// A letter on paper, likewise.
        Letter = "letter",
        /// Somebody who came in person, likewise.
        Visit = "visit",
        /// Patrols: grid workers, river and lake chiefs, inspections of parks.
        Patrol = "patrol",
        /// Villages, associations, service firms, civic groups.
        Organisation = "organisation",
        /// Another hotline's record.
        Hotline = "hotline",
        /// An alarm of automatic monitoring.
        Alarm = "alarm",
    }
);

impl Origin {
    /// What officers enter by hand for somebody who has no browser.
    pub const BY_HAND: &[Self] = &[Self::Phone, Self::Letter, Self::Visit];
    /// What arrives as a feed.
    pub const FEEDS: &[Self] = &[Self::Patrol, Self::Organisation, Self::Hotline, Self::Alarm];
}

codes!(
    /// Whether it goes on.
    Ongoing {
        /// It goes on.
        Yes = "yes",
        /// It has ended.
        No = "no",
        /// Not known.
        Unknown = "unknown",
    }
);

codes!(
    /// Whether a reward is wanted.
    RewardWish {
        /// Wanted.
        Yes = "yes",
        /// Not wanted.
        No = "no",
        /// To be decided later.
        Later = "later",
    }
);

codes!(
    /// Whether the reporter gives a name, which only the custodian can open.
    Naming {
        /// No name.
        Anonymous = "anonymous",
        /// A name in the identity envelope.
        RealName = "real-name",
    }
);
