//! Opening an identity envelope, in the custodian's own session. The key is supplied for each opening and never stored,
//! and only the mailbox that the request names is accepted. For an award that is paid openly a slip is made with the
//! payee, which finance pays; nobody at the post sees it.

use crypto::letters::claim_note::ClaimNote;
use crypto::sealing::identity_envelope::{Identity, SealedIdentity};
use human_text::is_blank;
use model::Digest;
use opening::HybridIdentity;
use opening::letter::{LetterError, open_identity as open_envelope};
use recorder_protocol::{Client, HandIdentity, MakeSlip, OpenIdentity, Recorded};
use register::{CONSENTED, IdentityAnswer, NewSlip, REFUSED, WAITING};

use crate::actor::Actor;
use crate::audit::attested_register;
use crate::error::ConsoleError;
use crate::finance::payment_order::new_note;
use crate::identity::request::{Reason, RequestContent, whole};
use crate::sealed_record;

/// The custodian's key, from their own medium. No `Debug`.
pub struct CustodianKey(HybridIdentity);

impl CustodianKey {
    /// Reads a key file, which may begin with comment lines as age's do. None unless it is the key that the root has
    /// signed.
    #[must_use]
    pub fn read(actor: &Actor, file: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(file).ok()?;
        let line = text.lines().map(str::trim).find(|line| line.starts_with("AGE-SECRET-KEY-PQ-"))?;
        let key = HybridIdentity::parse(line).ok()?;
        (key.recipient() == actor.resources.custodian).then_some(Self(key))
    }
}

/// Outcome of [`open_identity`]: what was opened, or why nothing was.
pub enum ConsentOutcome {
    /// The opened identity; none if the reporter gave no name.
    Opened(Option<Identity>),
    /// For an award that is paid openly: the payee, and the note of the slip.
    Slip(Identity, ClaimNote),
    /// The envelope was made for another mailbox.
    Foreign,
    /// The bytes are not an envelope, or are sealed to another key.
    NotOpened,
    /// For an award that is paid openly: the envelope names nobody, or no account to pay to.
    NoPayee,
    /// The request was answered before, or its order is paid or withdrawn.
    Answered,
}

/// Opens the envelope of a request, which is recorded first. Seals the identity to the post, or makes the slip that
/// finance pays.
pub fn open_identity(actor: &Actor, number: u64, key: &CustodianKey) -> Result<ConsentOutcome, ConsoleError> {
    let stored = actor.register().identity_request(number)?.ok_or(ConsoleError::NotFound)?;
    let again = stored.state == CONSENTED && stored.asked.reason == Reason::Pay.code();
    if stored.state != WAITING && !again {
        return Ok(ConsentOutcome::Answered);
    }
    let (asking, request) = whole(actor.attested(), &stored, &key.0)?;
    // Nothing is opened for an order that no longer needs a slip.
    if let Some(order) = &asking.order
        && actor.register().unpaid_order(order)?.is_none()
    {
        return Ok(ConsentOutcome::Answered);
    }
    let mut client = actor.connect()?;
    let (recorded, _) = client.record(&actor.person(), OpenIdentity { letter: asking.letter, request })?;
    let opened = match open(recorded, &key.0, &asking, &stored.asked.envelope)? {
        Ok(opened) => opened,
        Err(not) => return Ok(not),
    };
    match asking.order {
        None => hand_over(actor, &mut client, number, request, &asking, opened),
        Some(order) => make_slip(actor, &mut client, number, order, opened),
    }
}

/// The content of an envelope, and the receipt that opening it was recorded.
struct OpenedEnvelope {
    identity: Option<Identity>,
    attested: String,
}

fn open(
    recorded: Recorded<OpenIdentity>,
    custodian: &HybridIdentity,
    asking: &RequestContent,
    envelope: &[u8],
) -> Result<Result<OpenedEnvelope, ConsentOutcome>, ConsoleError> {
    let (_, attested) = recorded.attested();
    let attested = attested_register::written(&attested)?;
    let Some(sealed) = sealed(envelope) else { return Ok(Err(ConsentOutcome::NotOpened)) };
    Ok(match open_envelope(custodian, &sealed, &asking.mailbox) {
        Ok(opened) => Ok(OpenedEnvelope { identity: opened.identity, attested }),
        Err(LetterError::Envelope(_)) => Err(ConsentOutcome::Foreign),
        Err(_) => Err(ConsentOutcome::NotOpened),
    })
}

/// The stored bytes as an envelope.
fn sealed(envelope: &[u8]) -> Option<SealedIdentity> {
    use base64::Engine as _;
    SealedIdentity::try_from(base64::engine::general_purpose::STANDARD.encode(envelope)).ok()
}

/// Seals the opened identity to the post; this is recorded.
fn hand_over(
    actor: &Actor,
    client: &mut Client,
    number: u64,
    request: Digest,
    asking: &RequestContent,
    opened: OpenedEnvelope,
) -> Result<ConsentOutcome, ConsoleError> {
    let sealed = sealed_record::seal_to(&asking.answer_to, &(asking.mailbox, &opened.identity))?;
    let action = HandIdentity { request, digest: Digest::of(&sealed) };
    let (_, attested) = client.record(&actor.person(), action)?.0.attested();
    let attested = attested_register::written(&attested)?;
    let answer = IdentityAnswer { sealed: Some(sealed), ..answer(actor, CONSENTED, attested) };
    let kept = actor.register().answer_identity(number, answer)?;
    Ok(if kept { ConsentOutcome::Opened(opened.identity) } else { ConsentOutcome::Answered })
}

/// Makes the slip of an order that is paid openly. The payee goes to finance on paper, and to nobody at the post.
fn make_slip(
    actor: &Actor,
    client: &mut Client,
    number: u64,
    order: String,
    opened: OpenedEnvelope,
) -> Result<ConsentOutcome, ConsoleError> {
    let named = |payee: &Identity| !is_blank(&payee.name) && !is_blank(&payee.account);
    let Some(payee) = opened.identity.filter(named) else {
        let kept = actor.register().answer_identity(number, answer(actor, REFUSED, opened.attested))?;
        return Ok(if kept { ConsentOutcome::NoPayee } else { ConsentOutcome::Answered });
    };
    let note = new_note()?;
    let action = MakeSlip { order: order.parse().map_err(ConsoleError::inside)?, note: note.hash() };
    let (_, slip_request) = client.record(&actor.person(), action)?.0.attested();
    let slip = NewSlip { order, note: note.hash().to_hex(), slip_request: attested_register::written(&slip_request)? };
    let answer = IdentityAnswer { slip: Some(slip), ..answer(actor, CONSENTED, opened.attested) };
    let kept = actor.register().answer_identity(number, answer)?;
    Ok(if kept { ConsentOutcome::Slip(payee, note) } else { ConsentOutcome::Answered })
}

fn answer(actor: &Actor, state: &'static str, attested: String) -> IdentityAnswer {
    let (on, by) = (actor.today.to_string(), actor.account().to_owned());
    IdentityAnswer { state, on, by, attested, sealed: None, slip: None }
}
