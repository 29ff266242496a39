//! Identity envelopes: what is recorded before it may be done.

use crypto::letters::claim_note::NoteHash;
use model::{Digest, LetterDigest};

use super::action;

action!(
    /// Asking the custodian to open an identity envelope. The reporter is told.
    AskIdentity by [Officer] {
        /// The letter that the envelope came in.
        letter: LetterDigest,
        /// Why: a code.
        reason: String,
        /// SHA-256 of the request.
        digest: Digest,
    }
);

action!(
    /// Showing the list of such requests.
    ListIdentityRequests by [Custodian] {}
);

action!(
    /// Opening an identity envelope. The reporter is told.
    OpenIdentity by [Custodian] {
        /// The letter that the envelope came in.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: Digest,
    }
);

action!(
    /// Handing what was opened to the post, sealed.
    HandIdentity by [Custodian] {
        /// SHA-256 of the request.
        request: Digest,
        /// SHA-256 of what is handed over.
        digest: Digest,
    }
);

action!(
    /// Making the slip of an order that is to be paid openly. Names no letter: which report it is for stands
    /// in no entry that names the order.
    MakeSlip by [Custodian] {
        /// SHA-256 of the order.
        order: Digest,
        /// The hash of the slip's note.
        note: NoteHash,
    }
);

action!(
    /// Refusing to open an identity envelope.
    RefuseIdentity by [Custodian] {
        /// The letter that the envelope came in.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: Digest,
    }
);

action!(
    /// Reading what the custodian has opened.
    ReadIdentity by [Officer] {
        /// The letter that the envelope came in.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: Digest,
    }
);
