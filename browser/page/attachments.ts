// Choosing attachments and showing their upload, on the report page and in the mailbox.
import { bytesText, byId, element, problem, show } from './dom';
import { LARGEST } from '../shared/limits';
import { say, sayError } from './sentences';
import type { Progress } from '../worker/upload';
import { sentenceOf } from './error-text';
import { WorkerError } from './worker-client';
import type { SealWorker } from './worker-client';
import type { Enclosing } from '../shared/worker-protocol';
import { sizeOf } from '../shared/enclosure-size';

/** Bytes that tar adds to a file, at most. */
const OVERHEAD = 4096;
/** As many as the post lists. */
const MOST_FILES = 2000;

/** The files chosen so far, with a list in which they can be removed. */
export class Attachments {
  private chosen: File[] = [];
  private closed = false;

  /** `id` is that of the file field, after which everything else is named. */
  constructor(private readonly id: string) {
    const input = byId<HTMLInputElement>(id);
    input.addEventListener('change', () => {
      this.chosen = [...this.chosen, ...(input.files ?? [])];
      // Emptied, so that a removed file can be chosen again.
      input.value = '';
      this.render();
    });
  }

  /** The chosen files. Later changes make a new array and leave this one as it is. */
  get files(): readonly File[] {
    return this.chosen;
  }

  clear(): void {
    this.chosen = [];
    this.render();
  }

  /** Called when the site accepts letters but no attachments. */
  close(): void {
    this.closed = true;
    byId<HTMLInputElement>(this.id).disabled = true;
    this.fit();
  }

  /** Nothing can be chosen while something is sent, nor when the site takes no attachments. */
  busy(isBusy: boolean): void {
    byId<HTMLInputElement>(this.id).disabled = isBusy || this.closed;
    if (!isBusy) this.fit();
  }

  /** Returns false and shows the reason if the files exceed the size of an enclosure. */
  fit(): boolean {
    const isMany = this.chosen.length > MOST_FILES;
    const fits = this.total() + this.chosen.length * OVERHEAD < LARGEST && !isMany;
    const tooMuch = isMany ? say('files-many', { most: MOST_FILES }) : sayError('too-much', 0);
    const reason = this.closed ? say('files-closed') : fits ? '' : tooMuch;
    problem(byId(`${this.id}-problem`), reason);
    return fits;
  }

  /** What is really sent: the archive is filled up to one of few sizes. */
  private volume(): string {
    try {
      return bytesText(sizeOf(this.chosen));
    } catch {
      return bytesText(LARGEST);
    }
  }

  private total(): number {
    return this.chosen.reduce((sum, file) => sum + file.size, 0);
  }

  private render(): void {
    const list = byId(`${this.id}-list`);
    list.replaceChildren(...this.chosen.map((file) => this.row(file)));
    const count = this.chosen.length;
    byId(`${this.id}-state`).textContent = count === 0 ? '' : say('files-chosen', { count, size: bytesText(this.total()), sent: this.volume() });
    this.fit();
  }

  private row(file: File): HTMLLIElement {
    const row = element('li');
    const remove = element('button', say('files-remove'), 'quiet');
    remove.type = 'button';
    remove.setAttribute('aria-label', `${say('files-remove')} ${file.name}`);
    remove.addEventListener('click', () => {
      this.chosen = this.chosen.filter((other) => other !== file);
      this.render();
      byId(this.id).focus();
    });
    row.append(element('span', `${file.name} (${bytesText(file.size)})`), remove);
    return row;
  }
}

/** Whether two choices have the same files in the same order. */
export function sameFiles(one: readonly File[], other: readonly File[]): boolean {
  return one.length === other.length && one.every((file, index) => file === other[index]);
}

/**
 * Uploads with progress, pause and retry. Resolves with true when everything is durable, and with false when the person
 * goes on without. One at a time: the page has one place for it.
 */
export async function uploadShown(worker: SealWorker, enclosing: Enclosing): Promise<boolean> {
  const onward = new Promise<false>((resolve) => (byId('upload-onward').onclick = () => resolve(false)));
  const online = (): void => void worker.ask('retry', {});
  window.addEventListener('online', online);
  show(byId('upload'), true);
  byId('upload').scrollIntoView({ block: 'center' });
  let whole: boolean | null = null;
  try {
    while (whole === null) {
      const tried = new UploadView(worker, enclosing);
      whole = await Promise.race([tried.run(), onward]);
      tried.end();
      if (whole === null && (await Promise.race([clicked('upload-again'), onward])) === false) whole = false;
    }
    return whole;
  } finally {
    window.removeEventListener('online', online);
    if (whole !== true) show(byId('upload'), false);
  }
}

function clicked(id: string): Promise<true> {
  return new Promise((resolve) => (byId(id).onclick = () => resolve(true)));
}

/** After so many milliseconds without a part that arrived the page says so, and offers to go on without. */
const SLOW = 120_000;
/** What the same files can never pass. */
const HOPELESS = ['file-changed', 'enclosure-unknown', 'too-much'];

/** One try to upload, as the page shows it. */
class UploadView {
  private readonly bar = byId<HTMLProgressElement>('upload-bar');
  private readonly toggle = byId<HTMLButtonElement>('upload-toggle');
  private waiting: Progress['waiting'] = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;

  constructor(private readonly worker: SealWorker, private readonly enclosing: Enclosing) {}

  /** Resolves with true when all has arrived, and with null after a failure that is told. */
  async run(): Promise<true | null> {
    this.tell({ done: 0, total: 1, waiting: null });
    byId('upload-state').textContent = say('upload-begins');
    this.toggle.onclick = () => void this.worker.ask(this.waiting === 'paused' ? 'resume' : 'pause', {});
    problem(byId('upload-problem'), '');
    show(byId('upload-again'), false);
    show(this.toggle, true);
    try {
      await this.worker.ask('upload', { ...this.enclosing, base: location.origin }, (progress) => this.tell(progress));
      this.bar.value = this.bar.max;
      byId('upload-state').textContent = say('upload-done');
      return true;
    } catch (error) {
      if (!this.isOver) this.failed(error);
      return null;
    }
  }

  /** Ends what is still running. Nothing of it is shown any more. */
  end(): void {
    if (!this.isOver) void this.worker.ask('cancel', {});
    this.isOver = true;
    clearTimeout(this.timer);
    show(this.toggle, false);
  }

  private tell(progress: Progress): void {
    if (this.isOver) return;
    this.waiting = progress.waiting;
    this.bar.max = progress.total;
    this.bar.value = progress.done;
    const [done, total] = [bytesText(progress.done), bytesText(progress.total)];
    const percent = Math.floor((100 * progress.done) / progress.total);
    const values = { done, total, percent };
    byId('upload-state').textContent = this.waiting === null ? say('upload-going', values) : say(`upload-${this.waiting}`, values);
    this.toggle.textContent = this.waiting === 'paused' ? say('upload-resume') : say('upload-pause');
    show(byId('upload-onward'), this.waiting !== null);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      byId('upload-state').textContent = say('upload-slow', values);
      show(byId('upload-onward'), true);
    }, SLOW);
  }

  private failed(error: unknown): void {
    const { code, name } = error instanceof WorkerError ? error.failure : { code: 'unexpected', name: '' };
    const told = code === 'full' ? say('upload-full') : code === 'file-changed' ? say('upload-changed', { name: name ?? '' }) : '';
    problem(byId('upload-problem'), told === '' ? say('upload-failed', { reason: sentenceOf(error) }) : told);
    byId('upload-state').textContent = '';
    show(byId('upload-again'), !HOPELESS.includes(code));
    show(byId('upload-onward'), true);
  }
}
