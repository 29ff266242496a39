// Opening a slot: the one sealed answer that a mailbox holds.
import type { AccessRecord } from './access-record';
import { isInLog, readCheckpoint, Unwitnessed } from './log-proof';
import type { Checkpoint, LogKeys } from './log-proof';
import type { Reporter } from './receipt';
import { open, strict, unpad, verify } from './seal';
import { rawKey } from './statement';
import type { Verified } from './statement';
import { SLOT } from './visit';

export interface FirstSlot {
  kind: 'first';
  mailbox: string;
  letter: 'report' | 'cover';
  day: string;
  received: string[];
}

export interface PostSlot {
  kind: 'post';
  mailbox: string;
  number: number;
  day: string;
  /** Number of older letters whose digests were left out for lack of room. */
  earlier: number;
  received: string[];
  state: 'received' | 'read' | 'answered';
  /** The outcome of the report; null until it is decided. */
  outcome: Outcome | null;
  /** Due dates, which depend on the day of receipt alone; null before any letter was collected. */
  due: Due | null;
  messages: { day: string; text: string }[];
  dropped: boolean;
  /** The day of the last erasure, which erased everything sent until then. */
  erased_on: string | null;
  /** The cosigned checkpoint for the records' proofs; none yet, or one that fails verification. */
  witnessed: Checkpoint | 'none' | 'wrong';
  /** The access list; null if the recorder's signature or the numbering is wrong. */
  access: AccessList | null;
}

export interface Due {
  acknowledge: string;
  written_reply: string;
  feedback: string;
  answer: string;
}

export type Outcome =
  | { outcome: 'not-ours' | 'known' | 'not-effective' | 'not-confirmed' | 'minor' }
  | { outcome: 'confirmed'; decided_on: string; award: Award; closed: boolean; claim: Standing };

/** The state of the claim to an award, and the reporter's options. Amounts are in fen. */
export interface Standing {
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

/** All records up to `day`; records with numbers up to `earlier` were left out for lack of room. */
export interface AccessList {
  mailbox: string;
  day: string;
  earlier: number;
  records: AccessRecord[];
}

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
  const claimed = verify(signed, 'qingniao/slot/v1', (slot) =>
    (slot as { kind?: unknown }).kind === 'first' ? reporter.verifyWith : keys.post,
  );
  const slot = read(claimed);
  if (slot.mailbox !== reporter.mailbox) throw new Error('the slot belongs to another mailbox');
  if (slot.kind === 'first') return slot;
  const witnessed = witnessedOf(slot.witnessed, keys);
  const access = accessOf(slot.access, reporter.mailbox, keys.recorder);
  access?.records.forEach((record) => {
    record.proof = proofOf(record, reporter.mailbox, slot.witnessed, witnessed);
  });
  return { ...slot, witnessed, access };
}

interface Proofs {
  checkpoint: unknown;
  proofs: unknown[];
}

function witnessedOf(proofs: Proofs | null, keys: LogKeys): PostSlot['witnessed'] {
  if (proofs === null) return 'none';
  try {
    return readCheckpoint(proofs.checkpoint, keys);
  } catch (error) {
    // Witnesses change when the root signs a new year's keys: no reason for alarm.
    return error instanceof Unwitnessed ? 'none' : 'wrong';
  }
}

function proofOf(
  record: AccessRecord, mailbox: string, proofs: Proofs | null, at: PostSlot['witnessed'],
): AccessRecord['proof'] {
  const proof = proofs?.proofs.find((one) => (one as { number?: unknown } | null)?.number === record.number);
  if (proof === undefined || at === 'none') return 'none';
  return typeof at === 'object' && isInLog(proof, at, mailbox, record) ? 'proved' : 'wrong';
}

/** The post cannot forge these records: they are signed by the recorder and numbered. */
function accessOf(signed: unknown, mailbox: string, recorder: string): AccessList | null {
  try {
    const list = strict(verify(signed, 'qingniao/access/v1', () => recorder), ['mailbox', 'day', 'earlier', 'records']);
    check(list.mailbox === mailbox && isText(list.day) && isCount(list.earlier) && Array.isArray(list.records));
    let last = list.earlier as number;
    for (const entry of list.records as unknown[]) {
      const record = strict(entry, ['number', 'day', 'role', 'person', 'purpose']);
      // Gaps are shown to the reporter; numbers that do not increase are malformed.
      check(isCount(record.number) && record.number > last && isText(record.day) && isCount(record.person));
      check(isText(record.role) && isText(record.purpose));
      last = record.number as number;
    }
    return list as unknown as AccessList;
  } catch {
    return null;
  }
}

/** A post's slot whose access list and checkpoint are not verified yet. */
type Unchecked = FirstSlot | (Omit<PostSlot, 'access' | 'witnessed'> & { access: unknown; witnessed: Proofs | null });

function read(value: unknown): Unchecked {
  const kind = (value as { kind?: unknown }).kind;
  if (kind === 'first') {
    const slot = strict(value, ['kind', 'mailbox', 'letter', 'day', 'received']);
    check(slot.letter === 'report' || slot.letter === 'cover');
    check(isText(slot.mailbox) && isText(slot.day) && isTexts(slot.received));
    return slot as unknown as FirstSlot;
  }
  const slot = strict(value, POST_FIELDS);
  check(kind === 'post' && isText(slot.mailbox) && isText(slot.day) && isTexts(slot.received));
  check(isCount(slot.number) && isCount(slot.earlier) && typeof slot.dropped === 'boolean');
  check(slot.erased_on === null || isText(slot.erased_on));
  check(['received', 'read', 'answered'].includes(slot.state as string) && Array.isArray(slot.messages));
  if (slot.outcome !== null) checkOutcome(slot.outcome);
  if (slot.due !== null) check(Object.values(strict(slot.due, DUE_FIELDS)).every(isText));
  if (slot.witnessed !== null) check(Array.isArray(strict(slot.witnessed, ['checkpoint', 'proofs']).proofs));
  for (const entry of slot.messages as unknown[]) {
    const message = strict(entry, ['day', 'text']);
    check(isText(message.day) && isText(message.text));
  }
  return slot as unknown as Unchecked;
}

const POST_FIELDS = [
  'kind', 'mailbox', 'number', 'day', 'earlier', 'received', 'state', 'outcome', 'due', 'messages', 'dropped', 'erased_on', 'access',
  'witnessed',
] as const;

const DUE_FIELDS = ['acknowledge', 'written_reply', 'feedback', 'answer'] as const;

function checkOutcome(value: unknown): void {
  const { outcome } = value as { outcome?: unknown };
  if (outcome !== 'confirmed') {
    strict(value, ['outcome']);
    check(['not-ours', 'known', 'not-effective', 'not-confirmed', 'minor'].includes(outcome as string));
    return;
  }
  const confirmed = strict(value, ['outcome', 'decided_on', 'award', 'closed', 'claim']);
  checkClaim(confirmed.claim);
  const award = strict(confirmed.award, ['policy', 'lines', 'due_fen']);
  check(isText(confirmed.decided_on) && typeof confirmed.closed === 'boolean');
  check(isText(award.policy) && isCount(award.due_fen) && Array.isArray(award.lines));
  (award.lines as unknown[]).forEach(checkLine);
}

/** The numeric fields of each line of an award that has only numbers. */
const LINE_FIELDS: Record<string, readonly string[]> = {
  share: ['fine_fen', 'basis_points', 'share_fen'], capped: ['cap_fen'], 'no-fine': [], special: ['amount_fen'],
  joint: ['reporters', 'place', 'share_fen'],
};

const CLAIM_FIELDS = [
  'state', 'last_day', 'reconsider_until', 'offer_number', 'against_code', 'open_fen', 'paid_fen', 'paid_on', 'before_fen',
  'answered_on',
] as const;

function checkClaim(value: unknown): void {
  const claim = strict(value, CLAIM_FIELDS);
  check((CLAIM_STATES as readonly unknown[]).includes(claim.state) && typeof claim.against_code === 'boolean');
  check([claim.last_day, claim.reconsider_until, claim.paid_on, claim.answered_on].every((day) => day === null || isText(day)));
  check([claim.offer_number, claim.open_fen, claim.paid_fen].every(isCount));
  check(claim.before_fen === null || isCount(claim.before_fen));
}

function checkLine(value: unknown): void {
  const { line } = value as { line?: unknown };
  if (line === 'not-rewarded') return check(isText(strict(value, ['line', 'category']).category));
  if (line === 'excluded') return check(isText(strict(value, ['line', 'exclusion']).exclusion));
  if (line === 'add-on') {
    const added = strict(value, ['line', 'event', 'amount_fen']);
    return check(isText(added.event) && isCount(added.amount_fen));
  }
  if (line === 'several') {
    const several = strict(value, ['line', 'fines_fen', 'summed', 'fine_fen']);
    const fines = several.fines_fen;
    return check(Array.isArray(fines) && fines.every(isCount) && typeof several.summed === 'boolean' && isCount(several.fine_fen));
  }
  const fields = LINE_FIELDS[line as string];
  check(fields !== undefined);
  const numbers: Record<string, unknown> = strict(value, ['line', ...(fields ?? [])]);
  check((fields ?? []).every((field) => isCount(numbers[field])));
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

function check(holds: boolean): void {
  if (!holds) throw new Error('the slot is not of its format');
}
