// Sealing and opening: age with one hybrid stanza, and the signed, padded JSON inside.
import { ed25519 } from '@noble/curves/ed25519.js';
import { Decrypter, Encrypter } from 'age-encryption';
import { concat, fromHex, text, toHex, utf8 } from './bytes';
import { check, HALF, isText, parseJson, Refused, strict } from './strict';

/** The message exceeds its fixed size; longer content belongs in an enclosure. */
export class TooLong extends Error {
  constructor(readonly found: number, readonly size: number) {
    super('too long');
  }
}

/** The identity envelope is too long. */
export class TooLongIdentity extends TooLong {}

export async function seal(recipient: string, plain: Uint8Array): Promise<Uint8Array> {
  return encrypterTo(recipient).encrypt(plain);
}

export function encrypterTo(recipient: string): Encrypter {
  // Any other recipient is a classical key, which a future quantum computer could break.
  if (!recipient.startsWith('age1pq1')) throw new Error('not a hybrid post-quantum recipient');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter;
}

/** Bytes of the header of a file with exactly one hybrid stanza. */
export const AGE_HEADER = 1627;
const ONE_HYBRID_STANZA =
  /^age-encryption\.org\/v1\n-> mlkem768x25519 [A-Za-z0-9+/]{1494}\n[A-Za-z0-9+/]{43}\n--- [A-Za-z0-9+/]{43}\n$/;

/** Opens a file with exactly one stanza, of the hybrid kind; a second stanza would let another key open it too. */
export async function open(identity: string, sealed: Uint8Array): Promise<Uint8Array> {
  const header = String.fromCharCode(...sealed.subarray(0, AGE_HEADER));
  if (!ONE_HYBRID_STANZA.test(header)) throw new Refused('open');
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(sealed).catch(() => {
    throw new Refused('open');
  });
}

/**
 * JSON without lone surrogates. A field may contain one, such as half an emoji after a cut paste. Other readers
 * refuse it, so the letter would arrive and never be read.
 */
function json(value: unknown): string {
  const half = new RegExp(HALF, 'gu');
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.replace(half, '\ufffd') : part));
}

/** JSON, padded with spaces to one size. */
export function pad(value: unknown, size: number): Uint8Array {
  const bytes = utf8(json(value));
  if (bytes.length > size) throw new TooLong(bytes.length, size);
  return concat(bytes, new Uint8Array(size - bytes.length).fill(0x20));
}

export function unpad(bytes: Uint8Array, size: number): unknown {
  if (bytes.length !== size) throw new Refused('size');
  let padded: string;
  try {
    padded = text(bytes);
  } catch {
    throw new Refused('form');
  }
  return parseJson(padded);
}

/** Signs a value as JSON text. The exact text is sent, so no canonical form is needed. */
export function sign(value: unknown, context: string, seed: Uint8Array): { content: string; signature: string } {
  const content = json(value);
  return { content, signature: toHex(ed25519.sign(utf8(`${context}\n${content}`), seed)) };
}

/** A text with its signature, as yet unverified. */
export interface Signed {
  content: string;
  signature: string;
}

/** Requires the form of signed content. */
export function readSigned(value: unknown): Signed {
  const { content, signature } = strict(value, ['content', 'signature']);
  check(isText(content) && isText(signature));
  return { content, signature };
}

/** Verifies signed content. `keyFor` returns the key that must have signed it, given the unverified content. */
export function verify(signed: unknown, context: string, keyFor: (claimed: unknown) => string): unknown {
  const { content, signature } = readSigned(signed);
  const claimed = parseJson(content);
  const key = fromHex(keyFor(claimed), 32);
  if (!verifies(signature, utf8(`${context}\n${content}`), key)) throw new Refused('signature');
  return claimed;
}

function verifies(signature: string, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(fromHex(signature, 64), message, key, { zip215: false });
  } catch {
    return false;
  }
}
