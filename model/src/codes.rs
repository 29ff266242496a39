//! Codes, used instead of words in letters, tables, the log, policy files and addresses.

/// Declares an enum of codes, spelled once for strum and serde: `ALL` in the order of declaration (the order in which a
/// form lists them), `code()` for the stable code, `of_code()` for the reverse. JSON holds the code too. The calling
/// crate depends on `serde` and `strum`.
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[derive(strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $code)] #[strum(serialize = $code)] $variant,)+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

            /// The stable code of the value.
            #[must_use]
            pub fn code(self) -> &'static str {
                self.into()
            }

            /// The value with this code; `None` for an unknown code.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                code.parse().ok()
            }
        }
    };
}
