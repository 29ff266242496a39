// Uploading an enclosure: sealed while it is sent, part by part, with pause and retry.
import { announceEnclosure, ApiError, putPart } from '../shared/api';
import { fromHex } from './bytes';
import { partsOf, sealedParts } from './enclosure';
import type { Attachment, EnclosureKey } from './enclosure';

export interface Progress {
  done: number;
  total: number;
  /** Set while the upload waits for the connection, for the portal, or for the person. */
  waiting: 'paused' | 'network' | 'busy' | null;
}

/** Attempts before the person is asked; on a bad connection the second one usually succeeds. */
const QUICK_TRIES = 3;

/** The upload of one enclosure. Only one part is in memory at a time. */
export class Upload {
  private paused = false;
  private wake: (() => void) | null = null;

  constructor(
    private readonly base: string,
    private readonly digest: string,
    private readonly files: readonly Attachment[],
    private readonly key: EnclosureKey,
    private readonly tell: (progress: Progress) => void,
  ) {}

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.wake?.();
    this.wake = null;
  }

  async run(): Promise<void> {
    const total = partsOf(this.key.size);
    await this.persist(0, total, () => announceEnclosure(this.base, this.digest, this.key.size));
    let number = 0;
    for await (const part of sealedParts(this.files, this.key, fromHex(this.key.seed, 32))) {
      const current = number;
      await this.persist(current, total, () => putPart(this.base, this.digest, current, part));
      number += 1;
      this.tell({ done: number, total, waiting: null });
    }
  }

  /** Repeats a step until it succeeds or the portal refuses it finally. */
  private async persist(done: number, total: number, step: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      if (this.paused) await this.wait({ done, total, waiting: 'paused' });
      try {
        await step();
        return;
      } catch (error) {
        if (!(error instanceof ApiError) || !error.again) throw error;
        if (tries % QUICK_TRIES === 0) {
          this.paused = true;
          await this.wait({ done, total, waiting: error.code === 'busy' ? 'busy' : 'network' });
        } else {
          await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tries));
        }
      }
    }
  }

  private async wait(progress: Progress): Promise<void> {
    this.tell(progress);
    if (this.paused) await new Promise<void>((resolve) => (this.wake = resolve));
    this.tell({ ...progress, waiting: null });
  }
}
