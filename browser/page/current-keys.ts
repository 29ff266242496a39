// The keys to seal to: fetched when the page loads, and again just before sealing.
import { ApiError, fetchCapacity, fetchStatement } from '../shared/api';
import { beijingDay } from '../shared/day';
import type { Verified } from '../worker/statement';
import type { SealWorker } from './worker-client';

/** Days around a statement's span in which its keys still serve to read a mailbox. */
const GRACE = 60;

let seen: number | null = null;

/** Fetches and verifies the key statement. The root key is in the page, which the signed manifest covers. */
export async function currentKeys(worker: SealWorker, stop?: AbortSignal): Promise<Verified> {
  return verified(worker, 0, stop);
}

/** The keys by which a mailbox is read: also such as have run out, or begin tomorrow by this device's clock. */
export async function keysToRead(worker: SealWorker): Promise<Verified> {
  return verified(worker, GRACE);
}

async function verified(worker: SealWorker, grace: number, stop?: AbortSignal): Promise<Verified> {
  // Over plain http somebody on the line could have changed the page itself.
  // An onion address is encrypted by Tor itself, which only some browsers know.
  const isSafe = window.isSecureContext || location.hostname.endsWith('.onion');
  if (!isSafe) throw new ApiError('insecure', false);
  const root = document.body.dataset['root'] ?? '';
  const bundle = await fetchStatement('', stop);
  const keys = await worker.ask('verify', { bundle, root, today: beijingDay(Date.now()), seen, grace });
  seen = keys.statement.serial;
  return keys;
}

/**
 * Whether letters and enclosures are accepted now, shown before a form is filled in. Throws `full` if no letters are.
 */
export async function capacity(): Promise<{ letters: boolean; enclosures: boolean }> {
  const now = await fetchCapacity('');
  if (!now.letters) throw new ApiError('full', true);
  return now;
}
