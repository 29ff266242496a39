// Delivery of a letter: sealed once, and sent unchanged until it has arrived.
import { ApiError, sendVisit } from '../shared/api';
import { sameFiles } from './attachments';
import { currentKeys } from './current-keys';
import { beijingDay, daysBetween } from '../shared/day';
import type { Slot } from '../worker/slot';
import type { Verified } from '../worker/statement';
import type { Draft, SealedVisit } from '../worker/visit';
import { WorkerError } from './worker-client';
import type { SealWorker } from './worker-client';

/** Days after a statement's end in which its letters are still opened. */
const LATE_DAYS = 1;

/** A letter that is being sent. It is kept after a failed attempt, so that it does not arrive twice as two letters. */
export interface Sending {
  words: string;
  /** Its content as text, to detect changes: a changed content needs another letter. */
  said: string;
  files: readonly File[];
  visit: SealedVisit;
  /** The last day of the statement that it is sealed to. */
  until: string;
  /** The newest keys, by which the answer is read. */
  keys: Verified;
}

/** A letter to be sent. */
export interface Letter {
  /** The receipt code that it is sealed under; `before` is the letter made earlier, if any. */
  words(before: Sending | null): string | Promise<string>;
  said: string;
  files: readonly File[];
  draft: Draft;
}

/** What a delivery tells on its way. */
export interface Progress {
  state?(state: 'keys' | 'sealing' | 'sending'): void;
  /** How much is sealed, from 0 to 1. */
  done?(done: number): void;
  /** Ends a request that is not answered. */
  stop?: AbortSignal;
}

/** Reads the beginning of each file, since one that was moved or changed can never be sent. */
async function readable(files: readonly File[]): Promise<void> {
  for (const file of files) {
    await file.slice(0, 1).arrayBuffer().catch(() => {
      throw new WorkerError({ code: 'file-changed', at: 0, name: file.name });
    });
  }
}

/** Requires that the attempt was not given up meanwhile. */
function given({ stop }: Progress): void {
  if (stop?.aborted === true) throw new ApiError('network', true);
}

export class Delivery {
  private sending: Sending | null = null;
  /** Whether the portal has finally refused the letter as it is sealed. */
  private refused = false;
  /** Ids of all letters that this page has sealed. */
  readonly made: string[] = [];

  constructor(private readonly worker: SealWorker) {}

  /** The letter that is being sent; null before sealing and after arrival. */
  get current(): Sending | null {
    return this.sending;
  }

  /** The letter to send: the one already sealed if its content has not changed since, otherwise a new one. */
  async sealed(letter: Letter, progress: Progress = {}): Promise<Sending> {
    const kept = this.sending;
    const { said, files } = letter;
    progress.state?.('keys');
    const keys = await currentKeys(this.worker, progress.stop);
    const same = kept !== null && kept.said === said && sameFiles(kept.files, files);
    // Sealed to keys that are destroyed by now, it could never be opened. Under its own id it is still one letter.
    const isPast = kept !== null && daysBetween(kept.until, beijingDay(Date.now())) > LATE_DAYS;
    if (same && !this.refused && !isPast) {
      this.sending = { ...kept, keys };
      return this.sending;
    }
    await readable(files);
    given(progress);
    progress.state?.('sealing');
    const words = await letter.words(kept);
    const draft = { ...letter.draft, encloses: files.length > 0, letter: same ? kept.visit.letter : null };
    const visit = await this.worker.ask('seal', { words, draft, keys, now: Date.now() }, progress.done);
    given(progress);
    this.made.push(visit.letter);
    this.sending = { words, said, files, visit, until: keys.statement.until, keys };
    this.refused = false;
    return this.sending;
  }

  /**
   * Sends a letter and returns the slot of the answer. An answer that does not open with the mailbox's keys is none.
   * A first slot only shows that the request was seen, since it was in it; a slot of the post that names the letter
   * proves that the post has it.
   */
  async send({ words, visit, keys }: Sending, progress: Progress = {}): Promise<Slot> {
    given(progress);
    progress.state?.('sending');
    const { slot: sealed, kept } = await sendVisit('', visit, progress.stop);
    const slot = await this.worker.ask('open', { words, sealed, keys }).catch(() => {
      throw new ApiError(kept ? 'answer' : 'full', kept);
    });
    // A slot of the post may name the letter although the store is full by now: an earlier try has arrived.
    const named = slot.kind === 'post' && slot.received.some(({ letter }) => letter === visit.letter);
    if (!kept && !named) throw new ApiError('full', false);
    return slot;
  }

  /**
   * After a failed attempt: a letter that the portal refused finally is sealed anew, one that may have arrived is
   * sent unchanged.
   */
  failed(error: unknown): void {
    if (error instanceof ApiError && !error.again && error.code !== 'full') this.refused = true;
  }

  /** Called when the letter has arrived. */
  done(): void {
    this.sending = null;
  }
}
