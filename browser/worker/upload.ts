// Uploading an enclosure: sealed while it is sent, part by part, with pause and retry.
import { ApiError, beginEnclosure, putPart } from '../shared/api';
import { toHex } from './bytes';
import { partsOf, sealedParts, sizeOf } from './enclosure';
import type { Attachment } from './enclosure';
import type { Reporter } from './receipt';

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
    private readonly reporter: Reporter,
    /** Id of the letter that the files belong to. */
    private readonly letter: string,
    private readonly files: readonly Attachment[],
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
    const size = sizeOf(this.files);
    const total = partsOf(size);
    const { token, seed } = this.reporter.enclosure(this.letter);
    const right = toHex(token);
    const { attempt } = await this.persist(0, total, () => beginEnclosure(this.base, right, size));
    let number = 0;
    for await (const part of sealedParts(this.files, seed)) {
      const current = number;
      await this.persist(current, total, () => putPart(this.base, right, attempt, current, part));
      number += 1;
      this.tell({ done: number, total, waiting: null });
    }
  }

  /** Repeats a step until it succeeds or the portal refuses it finally. */
  private async persist<T>(done: number, total: number, step: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      if (this.paused) await this.wait({ done, total, waiting: 'paused' });
      try {
        return await step();
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
