//! Why a letter is put aside.

use model::codes;

codes! {
    /// Why a letter counts as unreadable. It is stored all the same, and blocks nothing.
    LetterRefusal {
        /// The outer layer does not open; it is tried again when the recorder's keys change.
        Outer = "outer",
        /// The letter was received before: its writer put it into a new envelope.
        Repeated = "repeated",
        /// It was written for another mailbox than the one that it is stored with.
        Foreign = "foreign",
        /// The inner layer does not open, or holds another letter than the outside names.
        Inner = "inner",
    }
}
