// C2SP signed notes, and the cosignatures of witnesses under checkpoints.
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, fromBase64, toHex, utf8 } from './bytes';

/** Algorithm bytes of C2SP keys. */
export const ED25519 = 1;
export const COSIGNATURE = 4;
/** Larger notes are refused, as the Rust reader does. */
const MOST_BYTES = 1_000_000;
const MOST_SIGNATURES = 100;

export interface NoteKey {
  name: string;
  id: string;
  algorithm: number;
  key: Uint8Array;
}

export class BadNote extends Error {
  constructor(readonly code: 'form' | 'signature') {
    super(code);
  }
}

/** Parses `name+id+base64`; the id must be the hash of name and key. */
export function noteKey(text: string, algorithm = ED25519): NoteKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  const [, name = '', id = '', encoded = ''] = match ?? [];
  if (!isName(name)) throw new BadNote('form');
  const bytes = decoded(encoded);
  const expected = toHex(sha256(concat(utf8(`${name}\n`), bytes)).slice(0, 4));
  if (bytes.length !== 33 || bytes[0] !== algorithm || expected !== id) throw new BadNote('form');
  return { name, id, algorithm, key: bytes.slice(1) };
}

/** The text of a note if this key has signed it; otherwise throws. */
export function signedText(note: unknown, key: NoteKey): string {
  const { text, signature } = signatureBy(note, key);
  if (!verifies(signature, utf8(text), key)) throw new BadNote('signature');
  return text;
}

/** The time at which a witness cosigned a checkpoint, in seconds since 1970. */
export function cosignedAt(note: unknown, witness: NoteKey): number {
  const { text, signature } = signatureBy(note, witness);
  if (signature.length !== 72) throw new BadNote('signature');
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (!verifies(signature.slice(8), utf8(`cosignature/v1\ntime ${time}\n${text}`), witness)) throw new BadNote('signature');
  return Number(time);
}

function signatureBy(note: unknown, key: NoteKey): { text: string; signature: Uint8Array } {
  if (typeof note !== 'string') throw new BadNote('form');
  if (utf8(note).length > MOST_BYTES) throw new BadNote('form');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new BadNote('form');
  // Every line must be one of a signature, not only those before the one that is looked for.
  const lines = note.slice(end + 2, -1).split('\n').map(signatureLine);
  if (lines.length > MOST_SIGNATURES) throw new BadNote('form');
  const found = lines.find(({ name, id }) => name === key.name && id === key.id);
  if (found === undefined) throw new BadNote('signature');
  return { text: note.slice(0, end + 1), signature: found.signature };
}

function signatureLine(line: string): { name: string; id: string; signature: Uint8Array } {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ');
  const bytes = decoded(encoded);
  if (dash !== '—' || !isName(name) || bytes.length < 5 || rest.length > 0) throw new BadNote('form');
  return { name, id: toHex(bytes.slice(0, 4)), signature: bytes.slice(4) };
}

/** Whether C2SP allows the name of a key: no spaces, no plus sign. */
function isName(text: string): boolean {
  return text !== '' && !/[\p{White_Space}+]/u.test(text);
}

function verifies(signature: Uint8Array, message: Uint8Array, { key }: NoteKey): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

function decoded(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw new BadNote('form');
  }
}
