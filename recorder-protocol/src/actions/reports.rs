//! Actions on letters, answers and handling, and the roles that may request them.

use model::{Digest, LetterDigest, Purpose};

use super::action;

action!(
    /// Opening a letter; the recorder then opens the outer layer.
    OpenLetter by [Officer] {
        /// SHA-256 of the sealed letter, as first received.
        letter: LetterDigest,
        /// The purpose, which the reporter is shown.
        purpose: Purpose,
    }
);

action!(
    /// Showing a page of the list with content that this session has opened.
    ShowList by [Officer] {
        /// Number of reports on the page that are shown with content.
        reports: u32,
    }
);

action!(
    /// Listing the files of an enclosure.
    ListEnclosure by [Officer] {
        /// The letter that it belongs to.
        letter: LetterDigest,
        /// The purpose, which the reporter is shown.
        purpose: Purpose,
    }
);

action!(
    /// Reading a file of an enclosure.
    ReadFile by [Officer] {
        /// The letter that the enclosure belongs to.
        letter: LetterDigest,
        /// The file's place in the archive, from 1.
        file: u32,
        /// The purpose, which the reporter is shown.
        purpose: Purpose,
    }
);

action!(
    /// Writing an answer to a reporter.
    WriteReply by [Officer] {
        /// The newest letter of the report.
        letter: LetterDigest,
        /// The answer's number within the report, from 1.
        number: u64,
        /// SHA-256 of the sealed answer; any other answer is not recorded.
        digest: Digest,
    }
);

action!(
    /// Reading the post's earlier answers, which are stored sealed.
    ReadReplies by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
    }
);

action!(
    /// Changing the state that a reporter is shown.
    ChangeState by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// Code of the new state.
        state: String,
    }
);

action!(
    /// Reading the sealed handling of a report: triage, verification, its case and claim.
    ReadHandling by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
    }
);

action!(
    /// Taking a step of handling. The case or claim that it leads to has an entry of its own.
    HandleReport by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// Code of the step of handling.
        step: String,
        /// The step's number within the report, from 1.
        number: u64,
        /// SHA-256 of the sealed step.
        digest: Digest,
    }
);

action!(
    /// Searching for the same fact: the report is compared with reports that the officer has opened and with fact
    /// sheets. The answer says for each named report whether this one was received before that one was first opened.
    CompareReports by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// Number of reports named.
        with: u32,
        /// SHA-256 over their first letters' digests, in the order in which they are sent with the request.
        digest: Digest,
    }
);

action!(
    /// Erasing reports whose retention period is over. The recorder destroys the keys of their letters.
    EraseReports by [Officer] {
        /// Number of reports to be erased.
        reports: u32,
        /// SHA-256 over the digests of all their letters, in the order in which they are sent with the request.
        digest: Digest,
    }
);
