// A visit: the one request of every text action, of one fixed size, answered with one slot.
import { concat, random, toBase64, toHex, utf8 } from './bytes';
import { beijingDay } from '../shared/day';
import type { Reporter } from './receipt';
import { AGE_HEADER, pad, seal, sign, TooLong, TooLongIdentity } from './seal';
import type { Verified } from './statement';

export const MAGIC = utf8('qingniao/visit/v2\n');
/** Sizes in bytes before sealing; `docs/formats/README.md` has the reasons. */
export const LETTER = 64 * 1024;
export const OUTER_HEADER = 2560;
export const SLOT = 32 * 1024;
export const IDENTITY = 2048;

export function sealedSize(plain: number): number {
  return AGE_HEADER + 16 + plain + Math.ceil(plain / 65536) * 16;
}

export const SEALED_LETTER = sealedSize(OUTER_HEADER + sealedSize(LETTER));
export const SEALED_SLOT = sealedSize(SLOT);
/** Where the sealed letter begins: after the mailbox's secret, the hash of its keys, and the lock of the enclosure. */
export const LETTER_AT = MAGIC.length + 32 + 32 + 32;
export const VISIT = LETTER_AT + SEALED_LETTER + SEALED_SLOT;

/** The fields of a report; codes as in `casework`. */
export interface Report {
  category: string;
  party: string;
  address: string;
  town: string;
  what: string;
  when: string;
  ongoing: string;
  knowledge: string;
  evidence: string;
  reporter: string;
  elsewhere: string;
  danger: string;
  reward: string;
  naming: string;
  /** Whether only a chosen few may read it. */
  restricted: boolean;
}

export type Body =
  | ({ kind: 'report' } & Report)
  | { kind: 'follow-up'; text: string }
  | { kind: 'claim'; choice: Choice; text: string }
  | { kind: 'cover' };

/** A reporter's choice about an award. */
export type Choice =
  | { choice: 'note'; offer_number: number; note: string }
  | { choice: 'open' | 'refuse' | 'reconsider'; offer_number: number };

export interface Draft {
  body: Body;
  sequence: number;
  /** Id of the last letter that the slot listed. */
  previous: string | null;
  /** Whether attachments follow. */
  encloses: boolean;
  /** Id of the letter, if it was sealed before to other keys; otherwise a new one is made. */
  letter?: string | null;
  /**
   * With a report, the reporter's identity if given; with a choice of open payment, the payee. Null seals a dummy of
   * equal size.
   */
  identity: { name: string; contact: string; account?: string } | null;
}

export interface SealedVisit {
  request: Uint8Array;
  /** The letter's own id, by which the slot refers to it. */
  letter: string;
}

/** Signs and seals a letter with its first slot. */
export async function sealVisit(
  reporter: Reporter,
  draft: Draft,
  keys: Verified,
  now: number,
  progress: (done: number) => void = () => undefined,
): Promise<SealedVisit> {
  const { body } = draft;
  const named = body.kind === 'report' || (body.kind === 'claim' && body.choice.choice === 'open');
  const identity = named ? await sealIdentity(reporter, draft, keys) : null;
  progress(0.2);
  const letterId = draft.letter ?? toHex(random(16));
  const { lock, seed } = reporter.enclosure(letterId);
  const letter = {
    lock: reporter.lock,
    letter: letterId,
    sequence: draft.sequence,
    previous: draft.previous,
    reply_to: reporter.replyTo,
    verify_with: reporter.verifyWith,
    statement: keys.statement.serial,
    body: draft.body,
    enclosure: draft.encloses ? toHex(seed) : null,
    identity,
  };
  const signed = pad(sign(letter, 'qingniao/letter/v2', reporter.signingSeed), LETTER);
  progress(0.4);
  const inner = await seal(keys.statement.post, signed);
  progress(0.6);
  const header = pad(
    {
      lock: reporter.lock,
      letter: letterId,
      reply_to: reporter.replyTo,
      verify_with: reporter.verifyWith,
      cover: body.kind === 'cover',
      restricted: body.kind === 'report' && body.restricted,
      enclosure: draft.encloses,
    },
    OUTER_HEADER,
  );
  const sealed = await seal(keys.statement.recorder, concat(header, inner));
  progress(0.8);
  const slot = await sealFirstSlot(reporter, draft, letterId, now);
  const request = concat(MAGIC, reporter.secret, reporter.keys, lock, sealed, slot);
  if (request.length !== VISIT) throw new Error('a visit has one size');
  progress(1);
  return { request, letter: letterId };
}

/** Too much in the envelope is not too much in the report, and a file would go to the post instead of the custodian. */
function padIdentity(envelope: object): Uint8Array {
  try {
    return pad(envelope, IDENTITY);
  } catch (error) {
    throw error instanceof TooLong ? new TooLongIdentity(error.found, error.size) : error;
  }
}

async function sealIdentity(reporter: Reporter, draft: Draft, keys: Verified): Promise<string> {
  const envelope = padIdentity({ mailbox: reporter.mailbox, identity: draft.identity });
  return toBase64(await seal(keys.keys.custodian, envelope));
}

/**
 * The slot that the portal stores if the mailbox is new, so that a reporter who returns at once sees that the letter
 * arrived.
 */
async function sealFirstSlot(reporter: Reporter, draft: Draft, letter: string, now: number): Promise<Uint8Array> {
  const enclosure = { state: draft.encloses ? 'announced' : 'none' };
  const slot = {
    kind: 'first',
    mailbox: reporter.mailbox,
    day: beijingDay(now),
    received: draft.body.kind === 'cover' ? [] : [{ letter, enclosure }],
  };
  return seal(reporter.replyTo, pad(sign(slot, 'qingniao/slot/v2', reporter.signingSeed), SLOT));
}
