// Opening a slot: the one sealed answer that a mailbox holds.
import { readAccessList } from './access-record';
import type { AccessList, AccessRecord } from './access-record';
import { isInLog, readCheckpoint, readProof, Unwitnessed } from './log-proof';
import type { Checkpoint, LogKeys, RecordProof } from './log-proof';
import type { Reporter } from './receipt';
import { open, readSigned, unpad, verify } from './seal';
import type { Signed } from './seal';
import { rawKey } from './statement';
import type { Verified } from './statement';
import { check, isCivilDay, isCount, isDigest, isLetterId, isListOf, isOneOf, isSmall, isText, Refused, strict } from './strict';
import { SLOT } from './visit';
import { beijingDay, daysBetween } from '../shared/day';

/** Most days by which a cosignature may be later than its slot; clocks differ. */
const LATE_DAYS = 2;
/** A cosignature that is older than its slot by more days than this is shown with a warning. */
const OLD_DAYS = 14;

/** A letter that was received, and what has come of its enclosure. */
export interface ListedLetter {
  letter: string;
  enclosure: { state: 'none' | 'announced' | 'whole' } | { state: 'incomplete'; since: string };
}

export interface FirstSlot {
  kind: 'first';
  mailbox: string;
  day: string;
  /** The letter that came with it; none if it said nothing. */
  received: ListedLetter[];
}

export interface PostSlot {
  kind: 'post';
  mailbox: string;
  number: number;
  day: string;
  /** Serial of the newest key statement. */
  statement: number;
  /** Number of older letters that were left out for lack of room. */
  earlier: number;
  received: ListedLetter[];
  state: (typeof STATES)[number];
  /** The outcome of the report; null until it is decided. */
  outcome: Outcome | null;
  /** Due dates, which depend on the day of receipt alone; null before any letter was collected. */
  due: Due | null;
  messages: { day: string; text: string }[];
  dropped: boolean;
  /** The day of the last erasure, which erased everything sent until then. */
  erased_on: string | null;
  /** The cosigned checkpoint for the records' proofs; none yet, or one that fails verification. */
  witnessed: Witnessed | 'none' | 'wrong';
  /** The access list; null if the recorder's signature or the numbering is wrong. */
  access: AccessList | null;
}

/** A checkpoint with the day of its cosignature, and whether that is long before the slot's. */
export interface Witnessed extends Checkpoint {
  day: string;
  old: boolean;
}

export interface Due {
  acknowledge: string;
  written_reply: string;
  feedback: string;
  answer: string;
}

export type Outcome =
  | { outcome: (typeof PLAIN_OUTCOMES)[number] }
  | { outcome: 'confirmed'; decided_on: string; award: Award; closed: boolean; claim: ClaimStatus };

/** The state of the claim to an award, and the reporter's options. Amounts are in fen. */
export interface ClaimStatus {
  state: (typeof CLAIM_STATES)[number];
  /** The last day for the options of this state. */
  last_day: string | null;
  reconsider_until: string | null;
  /** The current offer's number: a choice names it, and the claim note is derived from it. */
  offer_number: number;
  against_code: boolean;
  open_fen: number;
  paid_fen: number;
  paid_on: string | null;
  before_fen: number | null;
  answered_on: string | null;
}

const STATES = ['received', 'read', 'answered'] as const;

const PLAIN_OUTCOMES = ['not-ours', 'known', 'not-effective', 'not-confirmed', 'minor'] as const;

export const CLAIM_STATES = [
  'nothing', 'open', 'note', 'transfer', 'paid', 'lapsed', 'refused', 'waived', 'reconsidering', 'correcting',
] as const;

/** The amount due and how it was computed, in fen. */
export interface Award {
  policy: string;
  lines: AwardLine[];
  due_fen: number;
}

export type AwardLine =
  | { line: 'share'; fine_fen: number; basis_points: number; share_fen: number }
  | { line: 'capped'; cap_fen: number }
  | { line: 'no-fine' }
  | { line: 'not-rewarded'; category: string }
  | { line: 'special'; amount_fen: number }
  | { line: 'excluded'; exclusion: string }
  | { line: 'several'; fines_fen: number[]; summed: boolean; fine_fen: number }
  | { line: 'add-on'; event: string; amount_fen: number }
  | { line: 'joint'; reporters: number; place: number; share_fen: number };

/** The keys that slots and access lists are verified with, in hexadecimal. */
export interface SlotKeys extends LogKeys {
  post: string;
  recorder: string;
}

export type Slot = FirstSlot | PostSlot;

export function slotKeys({ keys, statement }: Verified): SlotKeys {
  const { log, witnesses } = keys;
  return { post: rawKey(statement.postSigning), recorder: rawKey(keys.recorder), log, witnesses };
}

/** Opens and verifies a slot: a first slot with the reporter's own key, any other with the post's. */
export async function openSlot(sealed: Uint8Array, reporter: Reporter, keys: SlotKeys): Promise<Slot> {
  const signed = unpad(await open(reporter.identity, sealed), SLOT);
  const claimed = verify(signed, 'qingniao/slot/v2', (slot) =>
    (slot as { kind?: unknown } | null)?.kind === 'first' ? reporter.verifyWith : keys.post,
  );
  const slot = read(claimed);
  if (slot.mailbox !== reporter.mailbox) throw new Refused('foreign');
  if (slot.kind === 'first') return slot;
  const witnessed = witnessedOf(slot.witnessed, slot.day, keys);
  const access = readAccessList(slot.access, reporter.mailbox, keys.recorder);
  access?.records.forEach((record) => {
    record.proof = proofOf(record, reporter.mailbox, slot.witnessed, witnessed);
  });
  return { ...slot, witnessed, access };
}

interface Proofs {
  checkpoint: string;
  proofs: RecordProof[];
}

function witnessedOf(proofs: Proofs | null, slotDay: string, keys: LogKeys): PostSlot['witnessed'] {
  if (proofs === null) return 'none';
  try {
    const checkpoint = readCheckpoint(proofs.checkpoint, keys);
    // Throws for times that no calendar has, such as nanoseconds taken for seconds.
    const day = beijingDay(checkpoint.time * 1000);
    check(isCivilDay(day));
    const before = daysBetween(day, slotDay);
    return before < -LATE_DAYS ? 'wrong' : { ...checkpoint, day, old: before > OLD_DAYS };
  } catch (error) {
    // Witnesses change when the root signs a new year's keys: no reason for alarm.
    return error instanceof Unwitnessed ? 'none' : 'wrong';
  }
}

function proofOf(
  record: AccessRecord, mailbox: string, proofs: Proofs | null, at: PostSlot['witnessed'],
): AccessRecord['proof'] {
  const proof = proofs?.proofs.find(({ number }) => number === record.number);
  if (proof === undefined || at === 'none') return 'none';
  return typeof at === 'object' && isInLog(proof, at, mailbox, record) ? 'proved' : 'wrong';
}

/** A post's slot whose access list and checkpoint are not verified yet. */
type Unchecked = FirstSlot | (Omit<PostSlot, 'access' | 'witnessed'> & { access: Signed; witnessed: Proofs | null });

function read(value: unknown): Unchecked {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind === 'first') {
    const slot = strict(value, ['kind', 'mailbox', 'day', 'received']);
    check(isDigest(slot.mailbox) && isCivilDay(slot.day) && isListOf(slot.received, isListedLetter));
    return slot as unknown as FirstSlot;
  }
  const slot = strict(value, POST_FIELDS);
  check(kind === 'post' && isDigest(slot.mailbox) && isCivilDay(slot.day) && isListOf(slot.received, isListedLetter));
  check(isCount(slot.number) && isCount(slot.statement) && isCount(slot.earlier) && isFlag(slot.dropped) && isOneOf(STATES, slot.state));
  check(isDayOrNull(slot.erased_on) && isListOf(slot.messages, isMessage));
  if (slot.outcome !== null) checkOutcome(slot.outcome);
  if (slot.due !== null) check(Object.values(strict(slot.due, DUE_FIELDS)).every(isCivilDay));
  const witnessed = slot.witnessed === null ? null : readProofs(slot.witnessed);
  return { ...slot, access: readSigned(slot.access), witnessed } as unknown as Unchecked;
}

const POST_FIELDS = [
  'kind', 'mailbox', 'number', 'day', 'statement', 'earlier', 'received', 'state', 'outcome', 'due', 'messages', 'dropped', 'erased_on', 'access',
  'witnessed',
] as const;

const DUE_FIELDS = ['acknowledge', 'written_reply', 'feedback', 'answer'] as const;

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isDayOrNull = (value: unknown): value is string | null => value === null || isCivilDay(value);

function isListedLetter(value: unknown): value is ListedLetter {
  const { letter, enclosure } = strict(value, ['letter', 'enclosure']);
  const isIncomplete = (enclosure as { state?: unknown } | null)?.state === 'incomplete';
  const state = strict(enclosure, isIncomplete ? ['state', 'since'] : ['state']) as { state: unknown; since?: unknown };
  check(isIncomplete ? isCivilDay(state.since) : isOneOf(['none', 'announced', 'whole'], state.state));
  return isLetterId(letter);
}

function isMessage(value: unknown): value is PostSlot['messages'][number] {
  const { day, text } = strict(value, ['day', 'text']);
  return isCivilDay(day) && isText(text);
}

function readProofs(value: unknown): Proofs {
  const { checkpoint, proofs } = strict(value, ['checkpoint', 'proofs']);
  check(isText(checkpoint) && Array.isArray(proofs));
  return { checkpoint, proofs: (proofs as unknown[]).map(readProof) };
}

function checkOutcome(value: unknown): void {
  if ((value as { outcome?: unknown }).outcome !== 'confirmed') {
    check(isOneOf(PLAIN_OUTCOMES, strict(value, ['outcome']).outcome));
    return;
  }
  const confirmed = strict(value, ['outcome', 'decided_on', 'award', 'closed', 'claim']);
  checkClaim(confirmed.claim);
  const award = strict(confirmed.award, ['policy', 'lines', 'due_fen']);
  check(isCivilDay(confirmed.decided_on) && isFlag(confirmed.closed));
  check(isText(award.policy) && isCount(award.due_fen) && Array.isArray(award.lines));
  (award.lines as unknown[]).forEach(checkLine);
}

const CLAIM_FIELDS = [
  'state', 'last_day', 'reconsider_until', 'offer_number', 'against_code', 'open_fen', 'paid_fen', 'paid_on', 'before_fen',
  'answered_on',
] as const;

function checkClaim(value: unknown): void {
  const claim = strict(value, CLAIM_FIELDS);
  check(isOneOf(CLAIM_STATES, claim.state) && isFlag(claim.against_code) && isSmall(claim.offer_number));
  check([claim.last_day, claim.reconsider_until, claim.paid_on, claim.answered_on].every(isDayOrNull));
  check(isCount(claim.open_fen) && isCount(claim.paid_fen));
  check(claim.before_fen === null || isCount(claim.before_fen));
}

/** What the fields of each line of an award are. */
const LINES = new Map<unknown, Record<string, (value: unknown) => boolean>>([
  ['share', { fine_fen: isCount, basis_points: isSmall, share_fen: isCount }],
  ['capped', { cap_fen: isCount }],
  ['no-fine', {}],
  ['excluded', { exclusion: isText }],
  ['several', { fines_fen: (value) => isListOf(value, isCount), summed: isFlag, fine_fen: isCount }],
  ['add-on', { event: isText, amount_fen: isCount }],
  ['not-rewarded', { category: isText }],
  ['joint', { reporters: isSmall, place: isSmall, share_fen: isCount }],
  ['special', { amount_fen: isCount }],
]);

function checkLine(value: unknown): void {
  const fields = LINES.get((value as { line?: unknown } | null)?.line);
  check(fields !== undefined);
  const line: Record<string, unknown> = strict(value, ['line', ...Object.keys(fields)]);
  check(Object.entries(fields).every(([name, is]) => is(line[name])));
}
