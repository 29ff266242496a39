// Key statements: verifying the keys that letters are sealed to, down from the root in the page.
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { concat, fromBase64, toHex, utf8 } from './bytes';
import { strict } from './seal';

const KEYS_DAYS = 366;
const STATEMENT_DAYS = 30;
/** The algorithm byte of Ed25519 in C2SP signed notes. */
const ED25519 = 1;

export class BadStatement extends Error {
  constructor(readonly code: 'form' | 'signature' | 'too-long' | 'not-in-force' | 'serial-back') {
    super(code);
  }
}

export interface Verified {
  keys: { from: string; until: string; statement: string; custodian: string; recorder: string; log: string };
  statement: { serial: number; from: string; until: string; post: string; postSigning: string; recorder: string };
}

interface NoteKey {
  name: string;
  id: Uint8Array;
  key: Uint8Array;
}

/** Verifies root, statement key, dates, and that the serial does not go back. */
export function verifyStatement(bundle: unknown, root: string, today: string, seen: number | null): Verified {
  const notes = form(() => strict(bundle, ['keys', 'statement']));
  const keys = readKeys(verifiedText(notes.keys, noteKey(root)));
  const statement = readStatement(verifiedText(notes.statement, noteKey(keys.statement)));
  // The recorder vouches that the outer key is its own: the statement key lies beside the post's.
  verifiedText(notes.statement, noteKey(keys.recorder));
  for (const { from, until } of [keys, statement]) {
    if (today < from || today > until) throw new BadStatement('not-in-force');
  }
  if (seen !== null && statement.serial < seen) throw new BadStatement('serial-back');
  return { keys, statement };
}

/** The raw verification key of `name+id+base64`, in hexadecimal. */
export function rawKey(text: string): string {
  return toHex(noteKey(text).key);
}

function noteKey(text: string): NoteKey {
  return form(() => {
    const match = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
    const [, name = '', id = '', encoded = ''] = match ?? [];
    const bytes = fromBase64(encoded);
    const expected = sha256(concat(utf8(`${name}\n`), bytes)).slice(0, 4);
    if (bytes.length !== 33 || bytes[0] !== ED25519 || toHex(expected) !== id) throw new Error('not a note key');
    return { name, id: expected, key: bytes.slice(1) };
  });
}

/** The text of a C2SP signed note, if this key has signed it. */
function verifiedText(note: unknown, key: NoteKey): string {
  if (typeof note !== 'string') throw new BadStatement('form');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new BadStatement('form');
  const text = note.slice(0, end + 1);
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [dash, name, encoded, ...rest] = line.split(' ');
    if (dash !== '—' || name === undefined || encoded === undefined || rest.length > 0) throw new BadStatement('form');
    const bytes = form(() => fromBase64(encoded));
    if (name !== key.name || toHex(bytes.slice(0, 4)) !== toHex(key.id)) continue;
    const good = form(() => ed25519.verify(bytes.slice(4), utf8(text), key.key, { zip215: false }));
    if (good) return text;
    break;
  }
  throw new BadStatement('signature');
}

function readKeys(text: string): Verified['keys'] {
  const lines = new Lines(text, 'qingniao keys v1');
  const keys = {
    from: lines.take('from', day),
    until: lines.take('until', day),
    statement: lines.take('statement', checkedKey),
    custodian: lines.take('custodian', recipient),
    recorder: lines.take('recorder', checkedKey),
    log: lines.take('log', checkedKey),
  };
  lines.skipAll('witness', checkedKey);
  lines.skipAll('voucher', checkedKey);
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
    postSigning: lines.take('post-signing', checkedKey),
    recorder: lines.take('recorder', recipient),
  };
  lines.end();
  checkSpan(statement.from, statement.until, STATEMENT_DAYS);
  return statement;
}

/** `label value` lines, read strictly in order. */
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

  skipAll(label: string, read: (value: string) => unknown): void {
    while (this.lines[0]?.startsWith(label)) this.take(label, read);
  }

  end(): void {
    if (this.lines.length > 0) throw new BadStatement('form');
  }
}

function day(value: string): string {
  const date = new Date(`${value}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || date.toISOString().slice(0, 10) !== value) throw new Error('not a day');
  return value;
}

function serial(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0 || String(number) !== value) throw new Error('not a serial');
  return number;
}

function checkedKey(value: string): string {
  noteKey(value);
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
  const span = (Date.parse(until) - Date.parse(from)) / 86_400_000;
  if (span < 0) throw new BadStatement('form');
  if (span > days) throw new BadStatement('too-long');
}

/** Whatever goes wrong inside is a wrong form, unless it already has a code. */
function form<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadStatement ? error : new BadStatement('form');
  }
}
