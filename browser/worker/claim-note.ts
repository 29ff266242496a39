// Claim notes: a reporter shows one to finance to be paid against the code. The words are the note; the post knows
// only its hash.
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as chinese } from '@scure/bip39/wordlists/simplified-chinese.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, toHex, utf8 } from './bytes';

const SALT = utf8('qingniao/claim-note/v1');

export interface ClaimNote {
  hash: string;
  chinese: string;
  english: string;
  /** The text of the QR code. */
  qr: string;
}

/** The note that a claim key gives for an offer, numbered from 1. Each order of a mailbox has its own note. */
export function claimNote(claimKey: Uint8Array, offerNumber: number): ClaimNote {
  const note = hkdf(sha256, claimKey, SALT, utf8(String(offerNumber)), 20);
  return {
    hash: toHex(sha256(concat(SALT, note))),
    chinese: entropyToMnemonic(note, chinese).split(/\s+/).join(''),
    english: entropyToMnemonic(note, english),
    qr: `QINGNIAO-NOTE-1:${toHex(note).toUpperCase()}`,
  };
}
