// Uploading an enclosure: sealed while it is sent, part by part. It goes on by itself when the line returns.
import { ApiError, beginEnclosure, fetchEnclosure, putPart } from '../shared/api';
import { toHex } from './bytes';
import { sizeOf } from '../shared/enclosure-size';
import { PART, partsOf, sealedParts } from './enclosure';
import type { Attachment } from './enclosure';
import type { Reporter } from './receipt';
import { sealedSize } from './visit';

export interface Progress {
  /** Bytes that have arrived, and all bytes, sealed. */
  done: number;
  total: number;
  /** Set while the upload waits for the connection, for the portal, or for the person. */
  waiting: 'paused' | 'network' | 'busy' | null;
}

/** Longest wait between two tries, in milliseconds. */
const LONGEST = 30_000;

/** The upload of one enclosure. Only one part is in memory at a time. */
export class Upload {
  private paused = false;
  private cancelled = false;
  private wake: (() => void) | null = null;
  private request = new AbortController();

  constructor(
    private readonly base: string,
    private readonly reporter: Reporter,
    /** Id of the letter that the files belong to. */
    private readonly letter: string,
    private readonly files: readonly Attachment[],
    /** Whether they may have been sent before: a new attempt would replace what is whole already. */
    private readonly again: boolean,
    private readonly tell: (progress: Progress) => void,
  ) {}

  /** Stops at once; the part that was on its way is sent again later. */
  pause(): void {
    this.paused = true;
    this.request.abort();
  }

  resume(): void {
    this.paused = false;
    this.retry();
  }

  /** Tries again now, as when the line has returned: what is on its way hangs on the old one. */
  retry(): void {
    // Who has paused decides when to go on, not the line.
    if (this.paused) return;
    if (this.wake === null) this.request.abort();
    this.wake?.();
    this.wake = null;
  }

  /** Ends the upload. Nothing is told any more. */
  cancel(): void {
    this.cancelled = true;
    this.request.abort();
    this.wake?.();
  }

  async run(): Promise<void> {
    const size = sizeOf(this.files);
    const [parts, total] = [partsOf(size), sealedSize(size)];
    const { token, seed } = this.reporter.enclosure(this.letter);
    const right = toHex(token);
    if (this.again && (await this.isThere(right, total))) return;
    const { attempt } = await this.persist(0, total, (stop) => beginEnclosure(this.base, right, size, stop));
    let number = 0;
    for await (const part of sealedParts(this.files, seed)) {
      const current = number;
      const done = current * PART;
      await this.persist(done, total, (stop) => putPart(this.base, right, attempt, current, part, stop));
      number += 1;
      this.tell({ done: number === parts ? total : number * PART, total, waiting: null });
    }
  }

  /** Whether all parts of an earlier attempt are at the site. */
  private async isThere(right: string, total: number): Promise<boolean> {
    try {
      return (await this.persist(0, total, (stop) => fetchEnclosure(this.base, right, stop))).complete;
    } catch (error) {
      // No attempt was begun, or nothing is awaited; the beginning of a new one tells which.
      if (error instanceof ApiError && error.code === 'enclosure-unknown') return false;
      throw error;
    }
  }

  /** Repeats a step until it succeeds or the portal refuses it finally. */
  private async persist<T>(done: number, total: number, step: (stop: AbortSignal) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      while (this.paused && !this.cancelled) await this.wait({ done, total, waiting: 'paused' }, null);
      // What was given up is not sent, not even once more.
      if (this.cancelled) throw new ApiError('network', false);
      try {
        this.request = new AbortController();
        return await step(this.request.signal);
      } catch (error) {
        if (this.cancelled || !(error instanceof ApiError) || !error.again) throw error;
        const waiting = error.code === 'busy' ? 'busy' : 'network';
        if (!this.paused) await this.wait({ done, total, waiting }, Math.min(500 * 2 ** tries, LONGEST));
      }
    }
  }

  /** Waits until it is woken, or for a time. */
  private async wait(progress: Progress, time: number | null): Promise<void> {
    this.tell(progress);
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (time !== null) setTimeout(resolve, time);
    });
    this.wake = null;
    if (!this.cancelled) this.tell({ ...progress, waiting: null });
  }
}
