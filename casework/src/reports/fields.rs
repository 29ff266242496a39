//! Codes of a report's fields, as the form offers them. The fields themselves: `Report` in
//! `crypto/src/letters/letter.rs`.

use model::codes;

codes!(
    /// The kind of violation that is reported.
    Category {
        /// Hidden pipes, seepage, dilution.
        CovertDischarge = "covert-discharge",
        /// Monitoring data made up or tampered with.
        FalsifiedMonitoring = "falsified-monitoring",
        /// Hazardous waste dumped or buried.
        HazardousDumping = "hazardous-dumping",
        /// Discharge in a level-1 drinking-water protection zone.
        WaterProtectionZone = "water-protection-zone",
        /// Any other violation; judged by the post.
        Other = "other",
    }
);

codes!(
    /// The reporter's relation to the reported party.
    ReporterKind {
        /// A member of the public.
        Public = "public",
        /// Works or has worked for the party.
        Insider = "insider",
        /// A village, association, firm or civic group.
        Organisation = "organisation",
    }
);

codes!(
    /// The channel through which something came. It stays on the report side and never crosses.
    Origin {
        /// The public website (the portal).
        Web = "web",
        /// A telephone call, entered by an officer.
        Phone = "phone",
        /// A letter on paper, entered by an officer.
        Letter = "letter",
        /// A visit in person, entered by an officer.
        Visit = "visit",
        /// Patrols: grid workers, river and lake chiefs, inspections of parks.
        Patrol = "patrol",
        /// Villages, associations, service firms, civic groups.
        Organisation = "organisation",
        /// A record of another hotline.
        Hotline = "hotline",
        /// An alarm of automatic monitoring.
        Alarm = "alarm",
    }
);

impl Origin {
    /// Channels that officers enter by hand, for reporters without a browser.
    pub const BY_HAND: &[Self] = &[Self::Phone, Self::Letter, Self::Visit];
    /// Channels that arrive as a feed.
    pub const FEEDS: &[Self] = &[Self::Patrol, Self::Organisation, Self::Hotline, Self::Alarm];
}

codes!(
    /// Whether the violation is still going on.
    Ongoing {
        /// It is still going on.
        Yes = "yes",
        /// The violation has ended.
        No = "no",
        /// The reporter does not know.
        Unknown = "unknown",
    }
);

codes!(
    /// Whether the reporter wants a reward.
    RewardWish {
        /// A reward is wanted.
        Yes = "yes",
        /// No reward is wanted.
        No = "no",
        /// To be decided later.
        Later = "later",
    }
);

codes!(
    /// Whether the reporter gives a name. Only the custodian can open it.
    Naming {
        /// No name is given.
        Anonymous = "anonymous",
        /// The name is in the identity envelope.
        RealName = "real-name",
    }
);
