//! The codes that a report's fields may hold, as the form offers them.

/// Declares an enum of codes in the order in which a form lists them.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code in letters, policy files and pages.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The value of a code.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

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
