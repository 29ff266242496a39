//! Actions on identity envelopes, and the roles that may request them.

use crypto::letters::claim_note::NoteHash;
use model::{Digest, LetterDigest};

use super::action;

action!(
    /// Asking the custodian to open an identity envelope. The reporter gets an access record.
    AskIdentity by [Officer] {
        /// The letter that contained the envelope.
        letter: LetterDigest,
        /// Code of the reason.
        reason: String,
        /// SHA-256 of the request.
        digest: Digest,
    }
);

action!(
    /// Showing the list of requests to open an identity.
    ListIdentityRequests by [Custodian] {}
);

action!(
    /// Opening an identity envelope. The reporter gets an access record.
    OpenIdentity by [Custodian] {
        /// The letter that contained the envelope.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: Digest,
    }
);

action!(
    /// Handing an opened identity to the post, sealed.
    HandIdentity by [Custodian] {
        /// SHA-256 of the request.
        request: Digest,
        /// SHA-256 of the sealed identity.
        digest: Digest,
    }
);

action!(
    /// Making the slip of an order that is to be paid openly. It names no letter: no entry that names the order shows
    /// which report it is for.
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
        /// The letter that contained the envelope.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: Digest,
    }
);

action!(
    /// Reading an identity that the custodian has opened. The reporter gets an access record.
    ReadIdentity by [Officer] {
        /// The letter that contained the envelope.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: Digest,
    }
);
