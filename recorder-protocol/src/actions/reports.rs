//! Letters, answers and handling: what is recorded before it may be done.

use model::{Digest, LetterDigest, Purpose};

use super::action;

action!(
    /// Opening a letter; the recorder then takes the outer layer off.
    OpenLetter by [Officer] {
        /// Which.
        letter: LetterDigest,
        /// What for.
        purpose: Purpose,
    }
);

action!(
    /// Showing a page of the list with what this session has opened.
    ShowList by [Officer] {
        /// How many reports on it are shown with their content.
        reports: u32,
    }
);

action!(
    /// Listing what an enclosure holds.
    ListEnclosure by [Officer] {
        /// The letter that it came with.
        letter: LetterDigest,
        /// What for.
        purpose: Purpose,
    }
);

action!(
    /// Taking a file out of an enclosure.
    ReadFile by [Officer] {
        /// The letter that the enclosure came with.
        letter: LetterDigest,
        /// The file's place in the archive, from 1.
        file: u32,
        /// What for.
        purpose: Purpose,
    }
);

action!(
    /// Answering a reporter.
    WriteReply by [Officer] {
        /// The newest letter of the report that is answered.
        letter: LetterDigest,
        /// The answer's place among the report's.
        number: u64,
        /// SHA-256 of the sealed answer: another one was not recorded.
        digest: Digest,
    }
);

action!(
    /// Reading the post's earlier answers, which are kept sealed.
    ReadReplies by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
    }
);

action!(
    /// Changing the state that a reporter is told.
    ChangeState by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// The state's code.
        state: String,
    }
);

action!(
    /// Reading how a report was handled: triage, checking, its case and claim. Kept sealed.
    ReadHandling by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
    }
);

action!(
    /// A step of handling a report. The case or claim that it leads to has an entry of its own.
    HandleReport by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// The step's code.
        step: String,
        /// Its place among the report's.
        number: u64,
        /// SHA-256 of the sealed step.
        digest: Digest,
    }
);

action!(
    /// Looking for the same fact: this report beside what the officer has opened and beside fact sheets.
    /// The answer says of each named report whether this one was received before it was first opened.
    CompareReports by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// How many reports are named.
        with: u32,
        /// SHA-256 over their first letters' digests, in the order in which they are sent beside this.
        digest: Digest,
    }
);

action!(
    /// Erasing reports whose time is over. The recorder destroys the keys of their letters.
    EraseReports by [Officer] {
        /// How many.
        reports: u32,
        /// SHA-256 over the digests of all their letters, in the order in which they are sent beside this.
        digest: Digest,
    }
);
