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

const SALT = utf8('qingniao/receipt/v1');
const WORDS = 12;

export type List = 'chinese' | 'english';

/** Why typed words are not a receipt code. */
export class BadReceipt extends Error {
  constructor(
    readonly code: 'length' | 'unknown-word' | 'checksum',
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

/** Parses a code as people type it: any spacing, case, punctuation and full-width forms. */
export function parseReceipt(typed: string): Uint8Array {
  const plain = typed.normalize('NFKC').toLowerCase();
  const isChinese = /[\u3400-\u9fff]/.test(plain);
  const list = isChinese ? chinese : english;
  const words = isChinese
    ? [...plain].filter((c) => /[\p{L}\p{N}]/u.test(c))
    : plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  if (words.length !== WORDS) throw new BadReceipt('length', words.length);
  const unknown = words.findIndex((word) => !list.includes(word));
  if (unknown >= 0) throw new BadReceipt('unknown-word', unknown + 1);
  try {
    return mnemonicToEntropy(words.join(' '), list);
  } catch {
    throw new BadReceipt('checksum', 0);
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
