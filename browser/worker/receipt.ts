// Receipt codes: 128 random bits as twelve words, and everything derived from them.
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as chinese } from '@scure/bip39/wordlists/simplified-chinese.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { identityToRecipient } from 'age-encryption';
import { concat, fromHex, toHex, utf8 } from './bytes';
import { TypedWords, type Reading } from './typed-words';

const SALT = utf8('qingniao/receipt/v1');
const WORDS = 12;
/** Words of a claim note. */
const NOTE_WORDS = 15;

export type List = 'chinese' | 'english';

/** Why typed words are not a receipt code. */
export class BadReceipt extends Error {
  constructor(
    readonly code: 'length' | 'unknown-word' | 'checksum' | 'claim-note',
    /** Number of words found for `length`, position from 1 for `unknown-word`, otherwise 0. */
    readonly at: number,
  ) {
    super(code);
  }
}

/** All keys and names derived from one receipt code. */
export interface Reporter {
  /** What a visit sends: the mailbox's secret, and the hash of its keys. */
  secret: Uint8Array;
  keys: Uint8Array;
  /** The hash of the secret, which letters carry. */
  lock: string;
  /** The mailbox's id. */
  mailbox: string;
  identity: string;
  replyTo: string;
  signingSeed: Uint8Array;
  verifyWith: string;
  claimKey: Uint8Array;
  /** What permits sending a letter's enclosure, and the seed of the key that opens it, by the letter's id. */
  enclosure(letter: string): { token: Uint8Array; lock: Uint8Array; seed: Uint8Array };
}

export function wordsOf(code: Uint8Array, list: List): string {
  if (list === 'english') return entropyToMnemonic(code, english);
  return entropyToMnemonic(code, chinese).split(/\s+/).join('');
}

/**
 * Reads a code as people type and paste it: in any spacing, case, punctuation and full-width form, with radicals or
 * traditional characters for the simplified ones, numbered, after a label, in one language or in both. What is not
 * certainly a code is refused; a text is called a claim note only if its checksum matches.
 */
export function parseReceipt(typed: string): Uint8Array {
  const words = new TypedWords(typed);
  try {
    return secretIn(words, WORDS);
  } catch (bad) {
    if (isSecret(words, NOTE_WORDS)) throw new BadReceipt('claim-note', 0);
    throw bad;
  }
}

function isSecret(words: TypedWords, needed: number): boolean {
  try {
    return secretIn(words, needed).length > 0;
  } catch {
    return false;
  }
}

/** The one secret of so many words in a text. */
function secretIn(words: TypedWords, needed: number): Uint8Array {
  let found: Uint8Array | null = null;
  let bad: BadReceipt | null = null;
  for (const reading of words.readings(needed)) {
    const unknown = reading.words.findIndex((word) => !reading.list.includes(word));
    if (unknown >= 0) {
      bad ??= new BadReceipt('unknown-word', unknown + 1);
      continue;
    }
    const secret = entropyOf(reading);
    // Two secrets, or one that a slip has spoiled: it is not certain which one is meant.
    if (secret === null || found?.some((byte, at) => byte !== secret[at])) throw new BadReceipt('checksum', 0);
    found = secret;
  }
  if (found !== null) return found;
  throw bad ?? new BadReceipt('length', words.count());
}

function entropyOf({ list, words }: Reading): Uint8Array | null {
  try {
    return mnemonicToEntropy(words.join(' '), list);
  } catch {
    return null;
  }
}

export function derive(code: Uint8Array, label: string): Uint8Array {
  return hkdf(sha256, code, SALT, utf8(label), 32);
}

function enclosureOf(code: Uint8Array, letter: string): ReturnType<Reporter['enclosure']> {
  const of = (label: string): Uint8Array => hkdf(sha256, code, SALT, concat(utf8(label), fromHex(letter, 16)), 32);
  const token = of('enclosure');
  return { token, lock: hash('qingniao/enclosure-lock/v2\n', token), seed: of('enclosure-seed') };
}

/** The age identity of a 32-byte X-Wing seed. */
export function identityOf(seed: Uint8Array): string {
  return bech32.encodeFromBytes('AGE-SECRET-KEY-PQ-', seed).toUpperCase();
}

/** SHA-256 of a context and of parts of fixed sizes. */
function hash(context: string, ...parts: Uint8Array[]): Uint8Array {
  return sha256(concat(utf8(context), ...parts));
}

export async function reporterOf(code: Uint8Array): Promise<Reporter> {
  const secret = derive(code, 'mailbox');
  const identity = identityOf(derive(code, 'reply'));
  const signingSeed = derive(code, 'sign');
  const replyTo = await identityToRecipient(identity);
  const verifyWith = ed25519.getPublicKey(signingSeed);
  const lock = hash('qingniao/mailbox-lock/v2\n', secret);
  const keys = hash('qingniao/mailbox-keys/v2\n', verifyWith, bech32.decodeToBytes(replyTo).bytes);
  return {
    secret,
    keys,
    lock: toHex(lock),
    mailbox: toHex(hash('qingniao/mailbox/v2\n', lock, keys)),
    identity,
    replyTo,
    signingSeed,
    verifyWith: toHex(verifyWith),
    claimKey: derive(code, 'claim'),
    enclosure: (letter) => enclosureOf(code, letter),
  };
}
