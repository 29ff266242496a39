// A letter on its way: sealed once, and the very same one sent until it has arrived.
import { ApiError, sendVisit } from '../shared/api';
import { sameFiles } from './attachments';
import { currentKeys } from './current-keys';
import type { EnclosureKey } from '../worker/enclosure';
import type { Slot } from '../worker/slot';
import type { Verified } from '../worker/statement';
import type { Draft, SealedVisit } from '../worker/visit';
import type { SealWorker } from './worker-client';

/** A letter on its way. It outlives a failed try: the same letter must not arrive as two. */
export interface Sending {
  words: string;
  /** What it says, to notice that it was changed: other answers need another letter. */
  said: string;
  files: readonly File[];
  visit: SealedVisit;
  enclosure: EnclosureKey | null;
  keys: Verified;
}

/** A letter to be sent. */
export interface Letter {
  /** The receipt code that it is sealed under, given the letter that was made before it. */
  words(before: Sending | null): string | Promise<string>;
  said: string;
  files: readonly File[];
  draft(enclosure: EnclosureKey | null): Draft;
}

export class Delivery {
  private sending: Sending | null = null;
  /** Digests of all letters made here. */
  readonly made: string[] = [];

  constructor(private readonly worker: SealWorker) {}

  /** The letter on its way; none before one was sealed, or once it has arrived. */
  get current(): Sending | null {
    return this.sending;
  }

  /** The letter to send: the one already made if nothing was changed since, else a new one. */
  async sealed(letter: Letter, progress: (done: number) => void = () => undefined): Promise<Sending> {
    const kept = this.sending;
    const { said, files } = letter;
    if (kept !== null && kept.said === said && sameFiles(kept.files, files)) return kept;
    const keys = await currentKeys(this.worker);
    const words = await letter.words(kept);
    const enclosure = files.length > 0 ? await this.worker.ask('new-enclosure', { files: [...files] }) : null;
    const visit = await this.worker.ask('seal', { words, draft: letter.draft(enclosure), keys, now: Date.now() }, progress);
    this.made.push(visit.digest);
    this.sending = { words, said, files, visit, enclosure, keys };
    return this.sending;
  }

  /** Sends a letter; gives the slot that answers it. Only the mailbox's own slot proves that the portal took it: any
   * site can answer "200". */
  async send({ words, visit, keys }: Sending): Promise<Slot> {
    const sealed = await sendVisit('', visit);
    return this.worker.ask('open', { words, sealed, keys }).catch(() => {
      throw new ApiError('answer', true);
    });
  }

  /** After a try that failed: what the portal refused for good is sealed anew, what may have arrived is sent as it is. */
  failed(error: unknown): void {
    if (this.sending !== null && error instanceof ApiError && !error.again) this.sending.said = '';
  }

  /** It has arrived. */
  done(): void {
    this.sending = null;
  }
}
