// Choosing attachments and showing their upload, on the report page and in the mailbox.
import { bytesText, byId, element, problem, show } from './dom';
import { LARGEST } from '../shared/limits';
import { say, sayError } from './sentences';
import type { Progress } from '../worker/upload';
import { sentenceOf } from './error-text';
import type { SealWorker } from './worker-client';

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

  /** Returns false and shows the reason if the files exceed the size of an enclosure. */
  fit(): boolean {
    const isMany = this.chosen.length > MOST_FILES;
    const fits = this.total() + this.chosen.length * OVERHEAD < LARGEST && !isMany;
    const tooMuch = isMany ? say('files-many', { most: MOST_FILES }) : sayError('too-much', 0);
    const reason = this.closed ? say('files-closed') : fits ? '' : tooMuch;
    problem(byId(`${this.id}-problem`), reason);
    return fits;
  }

  private total(): number {
    return this.chosen.reduce((sum, file) => sum + file.size, 0);
  }

  private render(): void {
    const list = byId(`${this.id}-list`);
    list.replaceChildren(...this.chosen.map((file) => this.row(file)));
    const count = this.chosen.length;
    byId(`${this.id}-state`).textContent = count === 0 ? '' : say('files-chosen', { count, size: bytesText(this.total()) });
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
 * goes on without.
 */
export async function uploadShown(
  worker: SealWorker, words: string, letter: string, files: readonly File[],
): Promise<boolean> {
  const onward = new Promise<false>((resolve) => (byId('upload-onward').onclick = () => resolve(false)));
  const online = (): void => void worker.ask('retry', {});
  window.addEventListener('online', online);
  show(byId('upload'), true);
  try {
    for (;;) {
      const tried = uploadOnce(worker, words, letter, files).then(() => true as const, () => null);
      const whole = await Promise.race([tried, onward]);
      if (whole !== null) return whole;
      if ((await Promise.race([clicked('upload-again'), onward])) === false) return false;
    }
  } finally {
    window.removeEventListener('online', online);
    void worker.ask('pause', {});
    for (const id of ['upload-toggle', 'upload-onward', 'upload-again']) show(byId(id), false);
  }
}

function clicked(id: string): Promise<true> {
  return new Promise((resolve) => (byId(id).onclick = () => resolve(true)));
}

async function uploadOnce(worker: SealWorker, words: string, letter: string, files: readonly File[]): Promise<void> {
  const bar = byId<HTMLProgressElement>('upload-bar');
  const toggle = byId<HTMLButtonElement>('upload-toggle');
  let waiting: Progress['waiting'] = null;
  const tell = (progress: Progress): void => {
    waiting = progress.waiting;
    bar.max = progress.total;
    bar.value = progress.done;
    const [done, total] = [bytesText(progress.done), bytesText(progress.total)];
    const percent = Math.floor((100 * progress.done) / progress.total);
    byId('upload-state').textContent = waiting === null ? say('upload-going', { done, total, percent }) : say(`upload-${waiting}`, { done, total, percent });
    toggle.textContent = waiting === 'paused' ? say('upload-resume') : say('upload-pause');
    show(byId('upload-onward'), waiting !== null);
  };
  tell({ done: 0, total: 1, waiting: null });
  byId('upload-state').textContent = say('upload-begins');
  toggle.onclick = () => void worker.ask(waiting === 'paused' ? 'resume' : 'pause', {});
  problem(byId('upload-problem'), '');
  show(byId('upload-again'), false);
  show(toggle, true);
  try {
    await worker.ask('upload', { words, letter, files: [...files] }, tell);
    byId('upload-state').textContent = say('upload-done');
  } catch (error) {
    problem(byId('upload-problem'), say('upload-failed', { reason: sentenceOf(error) }));
    show(byId('upload-again'), true);
    show(byId('upload-onward'), true);
    throw error;
  } finally {
    show(toggle, false);
  }
}
