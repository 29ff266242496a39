//! Orders to pay: what finance sees of a claim, which is an amount and a last day. That an order
//! follows from an approved claim is checked here every time, and finance is shown only whether it does.

use std::time::Duration;

use casework::claim::{Drawn, Entry, Part, State, Way};
use crypto::claim_note::{ClaimNote, NoteHash};
use model::{Day, Fen, LetterDigest, Role};
use recorder_protocol::{Act, ClientError, PayOrder, ReadOrder, Recorded, Refusal};
use register::{NewPayment, StoredOrder, StoredPayment};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::books::{self, Books};
use crate::console::Console;
use crate::dossiers::written;
use crate::fault::Fault;
use crate::sessions::Session;

/// How often, and how long apart, the books are looked at when the log has a payment that they do not have
/// yet: another desk is about to keep it.
const LOOKS: (u32, Duration) = (20, Duration::from_millis(100));

/// An order, as its digest covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    pub(crate) amount: Fen,
    pub(crate) way: Way,
    /// The note that it is paid against; of a slip the custodian makes it later.
    pub(crate) note: Option<NoteHash>,
    pub(crate) valid_until: Day,
    /// Random, so that the digest of an order says nothing of it.
    salt: String,
}

/// A payment, as its digest covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Payment {
    pub(crate) order: LetterDigest,
    pub(crate) amount: Fen,
    pub(crate) way: Way,
    pub(crate) on: Day,
    /// The note that was shown, in hexadecimal: who holds the order can check that it was really shown.
    note: String,
}

impl Order {
    /// A new order.
    pub(crate) fn new(amount: Fen, way: Way, note: Option<NoteHash>, valid_until: Day) -> Result<Self, Fault> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(Fault::inside)?;
        Ok(Self { amount, way, note, valid_until, salt: hex::encode(salt) })
    }
}

/// What finance learns of a note.
pub(crate) enum Shown {
    /// No order is paid against it.
    Unknown,
    /// It may be paid.
    Good(Order),
    /// It was paid before: with which receipt, and by whom.
    Paid(Payment, String, String),
    /// The log says that it was paid before, and the books do not: they were restored, or the program was cut
    /// off between the two. Somebody must look before it is paid again.
    PaidBefore(Order),
    /// A decision changed or is under review: nothing is paid meanwhile.
    Held,
    /// Its last day has passed.
    Expired(Order),
    /// It was withdrawn, because the amount is being looked at again or the reporter chose anew.
    Withdrawn,
    /// This account has acted on the claim before.
    NotYours,
}

/// What a note is good for, once that is recorded.
pub(crate) fn look(console: &Console, session: &Session, note: &ClaimNote) -> Result<Shown, Fault> {
    let found = found(console, session, note, console.clock.today())?;
    Ok(found.map_or(Shown::Unknown, |(_, shown)| shown))
}

fn found(
    console: &Console,
    session: &Session,
    note: &ClaimNote,
    today: Day,
) -> Result<Option<(LetterDigest, Shown)>, Fault> {
    let hash = note.hash();
    let Some(stored) = console.register.order_of_note(&hash.to_hex())? else { return Ok(None) };
    let digest = LetterDigest::of(stored.content.as_bytes());
    if digest.to_hex() != stored.digest {
        return Err(Fault::Unsound);
    }
    let deed = ReadOrder { order: digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(Role::Finance), deed)?;
    let shown = read(recorded, console, session, &stored, (hash, today))?;
    Ok(Some((digest, shown)))
}

fn read(
    recorded: Recorded<ReadOrder>,
    console: &Console,
    session: &Session,
    stored: &StoredOrder,
    (hash, today): (NoteHash, Day),
) -> Result<Shown, Fault> {
    let _ = recorded.use_up();
    let order: Order = serde_json::from_str(&stored.content).map_err(|_| Fault::Unsound)?;
    if let Some(paid) = &stored.payment {
        return Ok(Shown::Paid(payment(&console.books, paid)?, paid.receipt.clone(), paid.account.clone()));
    }
    if !stored.is_open {
        return Ok(Shown::Withdrawn);
    }
    if !is_for(&console.books, stored, &order, hash)? {
        return Err(Fault::Unsound);
    }
    let Some(file) = console.books.claim_of_order(&stored.digest)? else { return Ok(Shown::Withdrawn) };
    let case = console.books.case(file.now.proposal.case)?.ok_or(Fault::Unsound)?;
    console.books.granted(&file, &case.now)?;
    let drawn =
        Drawn { order: stored.digest.clone(), way: order.way, amount: order.amount, valid_until: order.valid_until };
    if file.now.state != State::Drawn || file.now.drawn != Some(drawn) {
        return Err(Fault::Unsound);
    }
    if !console.books.stands(&file.now, &case.now) {
        return Ok(Shown::Held);
    }
    if !file.now.may_act(&session.account, Part::Pay) {
        return Ok(Shown::NotYours);
    }
    let expired = today > order.valid_until;
    Ok(if expired { Shown::Expired(order) } else { Shown::Good(order) })
}

/// Whether an order is paid against this note: it names it, or the custodian has made the note for it.
fn is_for(books: &Books, stored: &StoredOrder, order: &Order, hash: NoteHash) -> Result<bool, Fault> {
    match (order.way, order.note, &stored.noted) {
        (Way::Note, Some(note), None) => Ok(note == hash),
        (Way::Slip, None, Some(noted)) => match books.attested(noted)?.act {
            Act::MakeSlip(deed) => Ok(deed.order.to_hex() == stored.digest && deed.note == hash),
            _ => Ok(false),
        },
        _ => Ok(false),
    }
}

/// A stored payment, where the recorder has signed that this very thing was recorded.
pub(crate) fn payment(books: &Books, stored: &StoredPayment) -> Result<Payment, Fault> {
    let paid: Payment = serde_json::from_str(&stored.content).map_err(|_| Fault::Unsound)?;
    let Act::PayOrder(deed) = books.recorded(&stored.attested, &stored.account, stored.paid_on)? else {
        return Err(Fault::Unsound);
    };
    let digest = LetterDigest::of(stored.content.as_bytes());
    let same = deed.order == paid.order && deed.digest == digest && paid.order.to_hex() == stored.order;
    if same && paid.on == stored.paid_on { Ok(paid) } else { Err(Fault::Unsound) }
}

/// What is entered in a claim whose order was paid.
pub(crate) fn payment_of(books: &Books, order: &str) -> Result<Option<Entry>, Fault> {
    let Some(stored) = books.register.payment_of(order)? else { return Ok(None) };
    let Payment { amount, on, .. } = payment(books, &stored)?;
    let (receipt, payer) = (stored.receipt, stored.account);
    Ok(Some(Entry::Paid { order: order.to_owned(), receipt, amount, on, payer }))
}

/// How paying ended.
pub(crate) enum Paying {
    /// Paid just now, with this receipt.
    Done(Payment, String),
    /// It is not to be paid; says why.
    Not(Shown),
}

/// Pays the order of a note, once. `again`: although the log has a payment that the books do not have.
pub(crate) fn pay(console: &Console, session: &Session, note: &ClaimNote, again: bool) -> Result<Paying, Fault> {
    // One day for all of it, also over midnight.
    let today = console.clock.today();
    let (digest, order) = match found(console, session, note, today)? {
        None => return Ok(Paying::Not(Shown::Unknown)),
        Some((digest, Shown::Good(order))) => (digest, order),
        Some((_, shown)) => return Ok(Paying::Not(shown)),
    };
    let note_shown = note.qr_text().rsplit(':').next().unwrap_or_default().to_owned();
    let paid = Payment { order: digest, amount: order.amount, way: order.way, on: today, note: note_shown };
    let (content, of_payment) = written(&paid)?;
    let deed = PayOrder { order: digest, digest: of_payment, again };
    let recorded = match console.recorder.connect()?.record(&session.person(Role::Finance), deed) {
        Ok((recorded, _)) => recorded,
        Err(ClientError::Refused(Refusal::PaidBefore)) => return paid_before(console, session, note, order),
        Err(error) => return Err(error.into()),
    };
    Ok(match keep(recorded, console, session, &paid, content)? {
        Some(receipt) => Paying::Done(paid, receipt),
        None => Paying::Not(look(console, session, note)?),
    })
}

/// The log has a payment: another desk may be about to keep it.
fn paid_before(console: &Console, session: &Session, note: &ClaimNote, order: Order) -> Result<Paying, Fault> {
    for _ in 0..LOOKS.0 {
        match console.register.order_of_note(&note.hash().to_hex())? {
            Some(stored) if stored.payment.is_none() => std::thread::sleep(LOOKS.1),
            _ => return Ok(Paying::Not(look(console, session, note)?)),
        }
    }
    Ok(Paying::Not(Shown::PaidBefore(order)))
}

fn keep(
    recorded: Recorded<PayOrder>,
    console: &Console,
    session: &Session,
    paid: &Payment,
    content: String,
) -> Result<Option<String>, Fault> {
    let (deed, attested) = recorded.attested();
    Ok(console.register.pay(NewPayment {
        order: deed.order.to_hex(),
        content,
        paid_on: paid.on,
        account: session.account.clone(),
        attested: books::written(&attested)?,
    })?)
}

/// The first and the last day of a year.
pub(crate) fn year_of(year: u16) -> Result<(Day, Day), Fault> {
    let day = |text: String| text.parse().map_err(|_| Fault::NotUnderstood);
    Ok((day(format!("{year:04}-01-01"))?, day(format!("{year:04}-12-31"))?))
}

/// A note that the custodian makes for a slip.
pub(crate) fn new_note() -> Result<ClaimNote, Fault> {
    let mut bytes = Zeroizing::new([0; 20]);
    getrandom::fill(bytes.as_mut_slice()).map_err(Fault::inside)?;
    Ok(ClaimNote::from_random(*bytes))
}
