// Choosing attachments and watching them go: the same on the report page and in the mailbox.
import { bytesText, byId, element, problem, show } from './dom';
import { LARGEST } from './limits';
import { say, sayError } from './sentences';
import type { EnclosureKey } from './enclosure';
import type { Progress } from './upload';
import { WorkerError } from './worker-client';
import type { SealWorker } from './worker-client';

/** The files chosen so far, with a list that shows and removes them. */
export class Attachments {
  private chosen: File[] = [];

  constructor() {
    const input = byId<HTMLInputElement>('files');
    input.addEventListener('change', () => {
      this.chosen.push(...(input.files ?? []));
      // Emptied, so that the same file can be chosen again after it was removed.
      input.value = '';
      this.render();
    });
  }

  get files(): File[] {
    return this.chosen;
  }

  clear(): void {
    this.chosen = [];
    this.render();
  }

  /** When the site takes letters but no attachments now. */
  close(): void {
    byId<HTMLInputElement>('files').disabled = true;
    problem(byId('files-problem'), say('files-closed'));
  }

  /** False, with the reason shown, when they are more than an enclosure holds. */
  fit(): boolean {
    const total = this.chosen.reduce((sum, file) => sum + file.size, 0);
    const fits = total + this.chosen.length * 4096 < LARGEST;
    problem(byId('files-problem'), fits ? '' : sayError('too-much', 0));
    return fits;
  }

  private render(): void {
    const list = byId('files-list');
    list.replaceChildren(...this.chosen.map((file) => this.row(file)));
    show(list, this.chosen.length > 0);
    this.fit();
  }

  private row(file: File): HTMLLIElement {
    const row = element('li');
    const remove = element('button', say('files-remove'), 'quiet');
    remove.type = 'button';
    remove.addEventListener('click', () => {
      this.chosen = this.chosen.filter((other) => other !== file);
      this.render();
      byId('files').focus();
    });
    row.append(element('span', `${file.name} (${bytesText(file.size)})`), remove);
    return row;
  }
}

/** Uploads with progress, pause and retry; resolves when all is durable. */
export async function uploadShown(worker: SealWorker, digest: string, files: File[], key: EnclosureKey): Promise<void> {
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
  };
  tell({ done: 0, total: 1, waiting: null });
  toggle.onclick = () => {
    void worker.ask(waiting === null ? 'pause' : 'resume', {});
    if (waiting === null) byId('upload-state').textContent = say('upload-pausing');
  };
  show(byId('upload'), true);
  show(toggle, true);
  try {
    await worker.ask('upload', { digest, files, key }, tell);
    byId('upload-state').textContent = say('upload-done');
  } catch (error) {
    const code = error instanceof WorkerError ? error.failure.code : 'unexpected';
    problem(byId('upload-problem'), say('upload-failed', { reason: sayError(code, 0) }));
    throw error;
  } finally {
    show(toggle, false);
  }
}
