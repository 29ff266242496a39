// Proofs that the access log contains an access record: its leaf, the path from there to the root, and a checkpoint
// that a witness has cosigned.
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, fromBase64, toHex, utf8 } from './bytes';
import { COSIGNATURE, cosignedAt, noteKey, signedText } from './note';
import { check, isCount, isText, Refused, strict } from './strict';
import type { AccessRecord } from './access-record';

/** The keys of the log and of its witnesses, as the root has signed them. */
export interface LogKeys {
  log: string;
  witnesses: string[];
}

/** A verified checkpoint: the log's size and root, and the time at which a witness cosigned it. */
export interface Checkpoint {
  size: number;
  root: string;
  /** Time of the cosignature, in seconds since 1970. */
  time: number;
}

/** The log has signed the checkpoint, and no current witness has. Treated as if there were no checkpoint yet. */
export class Unwitnessed extends Error {}

/** Reads a checkpoint. Throws if the log has not signed it, and `Unwitnessed` if no witness has. */
export function readCheckpoint(note: unknown, { log, witnesses }: LogKeys): Checkpoint {
  const key = noteKey(log);
  const [origin, digits = '', hash = '', end, ...more] = signedText(note, key).split('\n');
  const size = Number(digits);
  check(origin === key.name && /^(0|[1-9][0-9]*)$/.test(digits) && isCount(size) && end === '' && more.length === 0);
  const root = toHex(bytes32(hash));
  const times = witnesses.flatMap((witness) => {
    try {
      return [cosignedAt(note, noteKey(witness, COSIGNATURE))];
    } catch {
      // Another witness may have signed.
      return [];
    }
  });
  if (times.length === 0) throw new Unwitnessed('no witness has cosigned the checkpoint');
  return { size, root, time: Math.max(...times) };
}

/** A proof that a record is in the log. Of the log entry itself it shows only a hash. */
export interface RecordProof {
  number: number;
  /** The entry's place in the log, from 1. */
  sequence: number;
  entry: Uint8Array;
  salt: Uint8Array;
  path: Uint8Array[];
}

/** Requires the form of a proof. */
export function readProof(value: unknown): RecordProof {
  const { number, sequence, entry, salt, path } = strict(value, ['number', 'sequence', 'entry', 'salt', 'path']);
  check(isCount(number) && isCount(sequence) && Array.isArray(path));
  return { number, sequence, entry: bytes32(entry), salt: bytes32(salt), path: (path as unknown[]).map(bytes32) };
}

/** Whether the log at a checkpoint contains this record of this mailbox. */
export function isInLog(proof: RecordProof, checkpoint: Checkpoint, mailbox: string, record: AccessRecord): boolean {
  if (proof.number !== record.number || proof.sequence < 1) return false;
  const leaf = leafOf(proof.entry, disclosed(mailbox, record), proof.salt);
  const root = rootFrom(leaf, proof.sequence - 1, checkpoint.size, proof.path);
  return root !== null && toHex(root) === checkpoint.root;
}

/** The text that the leaf covers in addition to the entry, with its fields in this order. */
function disclosed(mailbox: string, { number, day, role, person, purpose }: AccessRecord): string {
  return JSON.stringify({ mailbox, number, day, role, person, purpose });
}

function leafOf(entryHalf: Uint8Array, record: string, salt: Uint8Array): Uint8Array {
  const disclosedHalf = sha256(concat(utf8('qingniao/disclosed-half/v2\n'), salt, utf8(record)));
  return sha256(concat(new Uint8Array([0]), utf8('qingniao/entry/v2\n'), entryHalf, disclosedHalf));
}

/** The root that follows from a leaf and its path (RFC 9162, 2.1.3.2); null if the path does not fit. */
function rootFrom(leaf: Uint8Array, index: number, size: number, path: Uint8Array[]): Uint8Array | null {
  if (index >= size) return null;
  const half = (n: number): number => Math.floor(n / 2);
  let [at, last, root] = [index, size - 1, leaf];
  for (const hash of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      root = node(hash, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      root = node(root, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? root : null;
}

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(new Uint8Array([1]), left, right));
}

function bytes32(text: unknown): Uint8Array {
  check(isText(text));
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(text);
  } catch {
    throw new Refused('form');
  }
  check(bytes.length === 32);
  return bytes;
}
