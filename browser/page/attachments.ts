// Choosing attachments and showing their upload, on the report page and in the mailbox.
import { bytesText, byId, element, problem, show } from './dom';
import { LARGEST } from '../shared/limits';
import { say, sayError } from './sentences';
import type { Progress } from '../worker/upload';
import { WorkerError } from './worker-client';
import type { SealWorker } from './worker-client';

/** Bytes that tar adds to a file, at most. */
const OVERHEAD = 4096;

/** The files chosen so far, with a list in which they can be removed. */
export class Attachments {
  private chosen: File[] = [];
  private closed = false;

  constructor() {
    const input = byId<HTMLInputElement>('files');
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
    byId<HTMLInputElement>('files').disabled = true;
    this.fit();
  }

  /** Returns false and shows the reason if the files exceed the size of an enclosure. */
  fit(): boolean {
    const fits = this.total() + this.chosen.length * OVERHEAD < LARGEST;
    const reason = this.closed ? say('files-closed') : fits ? '' : sayError('too-much', 0);
    problem(byId('files-problem'), reason);
    return fits;
  }

  private total(): number {
    return this.chosen.reduce((sum, file) => sum + file.size, 0);
  }

  private render(): void {
    const list = byId('files-list');
    list.replaceChildren(...this.chosen.map((file) => this.row(file)));
    const count = this.chosen.length;
    byId('files-state').textContent = count === 0 ? '' : say('files-chosen', { count, size: bytesText(this.total()) });
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
      byId('files').focus();
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
 * Uploads with progress, pause and retry; resolves when everything is durable. `onWait` is called with true when the
 * upload waits and with false when it continues.
 */
export async function uploadShown(
  worker: SealWorker,
  words: string,
  letter: string,
  files: readonly File[],
  onWait: (waiting: boolean) => void,
): Promise<void> {
  const bar = byId<HTMLProgressElement>('upload-bar');
  const toggle = byId<HTMLButtonElement>('upload-toggle');
  let waiting: Progress['waiting'] = null;
  const tell = (progress: Progress): void => {
    waiting = progress.waiting;
    bar.max = progress.total;
    bar.value = progress.done;
    const state = waiting === null ? 'upload-going' : `upload-${waiting}`;
    byId('upload-state').textContent = say(state, { done: progress.done, total: progress.total });
    toggle.textContent = say(waiting === null ? 'upload-pause' : 'upload-resume');
    onWait(waiting !== null);
  };
  tell({ done: 0, total: 1, waiting: null });
  toggle.onclick = () => {
    void worker.ask(waiting === null ? 'pause' : 'resume', {});
    if (waiting === null) byId('upload-state').textContent = say('upload-pausing');
  };
  problem(byId('upload-problem'), '');
  show(byId('upload'), true);
  show(toggle, true);
  try {
    await worker.ask('upload', { words, letter, files: [...files] }, tell);
    byId('upload-state').textContent = say('upload-done');
  } catch (error) {
    const code = error instanceof WorkerError ? error.failure.code : 'unexpected';
    problem(byId('upload-problem'), say('upload-failed', { reason: sayError(code, 0) }));
    throw error;
  } finally {
    show(toggle, false);
  }
}
