//! The codes that a report's fields may hold, as the form offers them.

use crate::codes::codes;

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
