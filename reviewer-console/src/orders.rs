//! Orders to pay: what finance sees of a claim, which is an amount and a last day. That an order
//! follows from an approved claim is checked here every time, and finance is shown only whether it does.

use casework::claim::{Drawn, Entry, Part, State, Way};
use casework::money::Fen;
use crypto::access::Role;
use crypto::claim_note::{ClaimNote, NoteHash};
use crypto::day::Day;
use crypto::mailbox::LetterDigest;
use recording::{Act, PayOrder, ReadOrder, Recorded};
use register::{NotPaid, StoredOrder, StoredPayment};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::books::{self, Books};
use crate::console::Console;
use crate::dossiers::written;
use crate::fault::Fault;
use crate::sessions::Session;

/// How often the next receipt's number is asked for when another desk was faster.
const TRIES: usize = 8;

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
    pub(crate) receipt: String,
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
    /// It was paid before.
    Paid(Payment, String),
    /// Its last day has passed.
    Expired(Order),
    /// It was withdrawn, because the amount is being looked at again or the reporter chose anew.
    Withdrawn,
    /// This account has acted on the claim before.
    NotYours,
}

/// What a note is good for, once that is recorded.
pub(crate) fn look(console: &Console, session: &Session, note: &ClaimNote) -> Result<Shown, Fault> {
    Ok(found(console, session, note)?.map_or(Shown::Unknown, |(_, shown)| shown))
}

fn found(console: &Console, session: &Session, note: &ClaimNote) -> Result<Option<(LetterDigest, Shown)>, Fault> {
    let hash = note.hash();
    let Some(stored) = console.register.order_of_note(&hash.to_hex())? else { return Ok(None) };
    let digest = LetterDigest::of(stored.content.as_bytes());
    if digest.to_hex() != stored.digest {
        return Err(Fault::Unsound);
    }
    let deed = ReadOrder { order: digest };
    let (recorded, _) = console.recorder.connect()?.record(&session.person(Role::Finance), deed)?;
    let shown = read(recorded, console, session, &stored, hash)?;
    Ok(Some((digest, shown)))
}

fn read(
    recorded: Recorded<ReadOrder>,
    console: &Console,
    session: &Session,
    stored: &StoredOrder,
    hash: NoteHash,
) -> Result<Shown, Fault> {
    let _ = recorded.use_up();
    let order: Order = serde_json::from_str(&stored.content).map_err(|_| Fault::Unsound)?;
    if let Some(paid) = &stored.payment {
        return Ok(Shown::Paid(payment(&console.books, paid)?, paid.account.clone()));
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
    if !file.now.may_act(&session.account, Part::Pay) {
        return Ok(Shown::NotYours);
    }
    let expired = console.clock.today() > order.valid_until;
    Ok(if expired { Shown::Expired(order) } else { Shown::Good(order) })
}

/// Whether an order is paid against this note: it names it, or the custodian has made the note for it.
fn is_for(books: &Books, stored: &StoredOrder, order: &Order, hash: NoteHash) -> Result<bool, Fault> {
    match (order.way, order.note, &stored.noted) {
        (Way::Note, Some(note), None) => Ok(note == hash),
        (Way::Slip, None, Some(noted)) => match books.attested(noted)?.act {
            Act::OpenIdentity(deed) => Ok(deed.note == slip_subject(&stored.digest, hash)),
            _ => Ok(false),
        },
        _ => Ok(false),
    }
}

/// What the custodian's entry says of a slip: which order, and which note was made for it.
pub(crate) fn slip_subject(order: &str, note: NoteHash) -> String {
    format!("{order} {}", note.to_hex())
}

/// A stored payment, where the recorder has signed that this very thing was recorded.
pub(crate) fn payment(books: &Books, stored: &StoredPayment) -> Result<Payment, Fault> {
    let paid: Payment = serde_json::from_str(&stored.content).map_err(|_| Fault::Unsound)?;
    let (order, receipt) = (paid.order, paid.receipt.clone());
    let expected = Act::PayOrder(PayOrder { order, receipt, digest: LetterDigest::of(stored.content.as_bytes()) });
    let recorded = books.recorded(&stored.attested, &stored.account, stored.paid_on)?;
    let same = recorded == expected && paid.order.to_hex() == stored.order && paid.receipt == stored.receipt;
    if same && paid.on == stored.paid_on { Ok(paid) } else { Err(Fault::Unsound) }
}

/// What is entered in a claim whose order was paid.
pub(crate) fn payment_of(books: &Books, order: &str) -> Result<Option<Entry>, Fault> {
    let Some(stored) = books.register.payment_of(order)? else { return Ok(None) };
    let Payment { receipt, amount, on, .. } = payment(books, &stored)?;
    Ok(Some(Entry::Paid { order: order.to_owned(), receipt, amount, on, payer: stored.account }))
}

/// How paying ended.
pub(crate) enum Paying {
    /// Paid just now.
    Done(Payment),
    /// It is not to be paid; says why.
    Not(Shown),
}

/// Pays the order of a note, once.
pub(crate) fn pay(console: &Console, session: &Session, note: &ClaimNote) -> Result<Paying, Fault> {
    let (digest, order) = match found(console, session, note)? {
        None => return Ok(Paying::Not(Shown::Unknown)),
        Some((digest, Shown::Good(order))) => (digest, order),
        Some((_, shown)) => return Ok(Paying::Not(shown)),
    };
    for _ in 0..TRIES {
        let paid = Payment {
            order: digest,
            receipt: next_receipt(console)?,
            amount: order.amount,
            way: order.way,
            on: console.clock.today(),
            note: note.qr_text().rsplit(':').next().unwrap_or_default().to_owned(),
        };
        let (content, of_payment) = written(&paid)?;
        let deed = PayOrder { order: digest, receipt: paid.receipt.clone(), digest: of_payment };
        let (recorded, _) = console.recorder.connect()?.record(&session.person(Role::Finance), deed)?;
        match keep(recorded, console, session, &paid, content)? {
            Ok(()) => return Ok(Paying::Done(paid)),
            // Another desk was faster: with another payment, or with this very one.
            Err(NotPaid::NumberTaken) => {}
            Err(NotPaid::NotOpen) => break,
        }
    }
    Ok(Paying::Not(look(console, session, note)?))
}

fn keep(
    recorded: Recorded<PayOrder>,
    console: &Console,
    session: &Session,
    paid: &Payment,
    content: String,
) -> Result<Result<(), NotPaid>, Fault> {
    let (deed, attested) = recorded.attested();
    Ok(console.register.pay(StoredPayment {
        order: deed.order.to_hex(),
        receipt: deed.receipt,
        content,
        paid_on: paid.on,
        account: session.account.clone(),
        attested: books::written(&attested)?,
    })?)
}

/// Receipts count within a year: `2026-0001`.
fn next_receipt(console: &Console) -> Result<String, Fault> {
    let year = console.clock.today().year();
    let (first, last) = year_of(year)?;
    let number = |paid: &StoredPayment| paid.receipt.rsplit('-').next().and_then(|number| number.parse().ok());
    let last: u32 = console.register.payments(first, last)?.iter().filter_map(number).max().unwrap_or(0);
    Ok(format!("{year}-{:04}", last + 1))
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
