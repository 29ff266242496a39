// Key statements: verifies the keys that letters are sealed to, starting from the root key in the page.
import { bech32 } from '@scure/base';
import { toHex } from './bytes';
import { BadNote, COSIGNATURE, noteKey, signedText } from './note';
import type { NoteKey } from './note';
import { check, isCivilDay, isCount, strict } from './strict';
import { daysBetween } from '../shared/day';

const KEYS_DAYS = 366;
const STATEMENT_DAYS = 30;

export class BadStatement extends Error {
  constructor(readonly code: 'form' | 'signature' | 'too-long' | 'not-in-force' | 'serial-back') {
    super(code);
  }
}

export interface Verified {
  keys: {
    from: string; until: string; statement: string; custodian: string; recorder: string; log: string;
    exchange: string; witnesses: string[];
  };
  statement: { serial: number; from: string; until: string; post: string; postSigning: string; recorder: string };
  /** Whether both are in force today; otherwise they serve to read a mailbox, and nothing is sealed to them. */
  inForce: boolean;
}

/**
 * Verifies the root's and the statement key's signatures, the recorder's cosignature, the dates, and that the serial
 * does not decrease. `grace`: days before and after their spans in which keys are accepted as not in force.
 */
export function verifyStatement(
  bundle: unknown, root: string, today: string, seen: number | null, grace = 0,
): Verified {
  const notes = form(() => strict(bundle, ['keys', 'statement']));
  const keys = readKeys(verifiedText(notes.keys, checked(root)));
  const statement = readStatement(verifiedText(notes.statement, checked(keys.statement)));
  // The recorder confirms that the outer key is its own: the statement key is stored next to the post's keys.
  verifiedText(notes.statement, checked(keys.recorder));
  // Days that today is outside a span.
  const outside = [keys, statement].map(({ from, until }) => Math.max(daysBetween(today, from), daysBetween(until, today)));
  if (Math.max(...outside) > grace) throw new BadStatement('not-in-force');
  if (seen !== null && statement.serial < seen) throw new BadStatement('serial-back');
  return { keys, statement, inForce: Math.max(...outside) <= 0 };
}

/** The raw verification key of `name+id+base64`, in hexadecimal. */
export function rawKey(text: string): string {
  return toHex(noteKey(text).key);
}

function checked(text: string): NoteKey {
  return form(() => noteKey(text));
}

/** Converts errors of notes into errors of the statement. */
function verifiedText(note: unknown, key: NoteKey): string {
  try {
    return signedText(note, key);
  } catch (error) {
    throw new BadStatement(error instanceof BadNote ? error.code : 'form');
  }
}

function readKeys(text: string): Verified['keys'] {
  const lines = new Lines(text, 'qingniao keys v1');
  const keys = {
    from: lines.take('from', day),
    until: lines.take('until', day),
    statement: lines.take('statement', signingKey),
    custodian: lines.take('custodian', recipient),
    recorder: lines.take('recorder', signingKey),
    log: lines.take('log', signingKey),
    exchange: lines.take('exchange', signingKey),
    witnesses: lines.takeAll('witness', (text) => checkedKey(text, COSIGNATURE)),
  };
  lines.takeAll('voucher', signingKey);
  lines.end();
  checkSpan(keys.from, keys.until, KEYS_DAYS);
  return keys;
}

function readStatement(text: string): Verified['statement'] {
  const lines = new Lines(text, 'qingniao statement v1');
  const statement = {
    serial: lines.take('serial', serial),
    from: lines.take('from', day),
    until: lines.take('until', day),
    post: lines.take('post', recipient),
    postSigning: lines.take('post-signing', signingKey),
    recorder: lines.take('recorder', recipient),
  };
  lines.end();
  checkSpan(statement.from, statement.until, STATEMENT_DAYS);
  return statement;
}

/** Lines of the form `label value`, read strictly in order. */
class Lines {
  private readonly lines: string[];

  constructor(text: string, first: string) {
    this.lines = text.slice(0, -1).split('\n');
    if (this.lines.shift() !== first) throw new BadStatement('form');
  }

  take<T>(label: string, read: (value: string) => T): T {
    const line = this.lines.shift();
    if (line === undefined || !line.startsWith(`${label} `)) throw new BadStatement('form');
    return form(() => read(line.slice(label.length + 1)));
  }

  takeAll<T>(label: string, read: (value: string) => T): T[] {
    const all: T[] = [];
    while (this.lines[0]?.startsWith(label)) all.push(this.take(label, read));
    return all;
  }

  end(): void {
    if (this.lines.length > 0) throw new BadStatement('form');
  }
}

function day(value: string): string {
  check(isCivilDay(value));
  return value;
}

function serial(value: string): number {
  const number = Number(value);
  check(isCount(number) && String(number) === value);
  return number;
}

const signingKey = (value: string): string => checkedKey(value);

function checkedKey(value: string, algorithm?: number): string {
  noteKey(value, algorithm);
  return value;
}

function recipient(value: string): string {
  const { prefix, words } = bech32.decode(value as `${string}1${string}`, false);
  if (prefix !== 'age1pq' || bech32.fromWords(words).length !== 1216 || value !== value.toLowerCase()) {
    throw new Error('not a hybrid recipient');
  }
  return value;
}

function checkSpan(from: string, until: string, days: number): void {
  const span = daysBetween(from, until);
  if (span < 0) throw new BadStatement('form');
  if (span > days) throw new BadStatement('too-long');
}

/** Any error inside is an error of form, unless it has a code already. */
function form<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadStatement ? error : new BadStatement('form');
  }
}
