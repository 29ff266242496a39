// The report page: form, answers checked, sealed and sent, code shown and retyped, attachments, what next.
import { ApiError, sendVisit } from '../shared/api';
import { Attachments, sameFiles, uploadShown } from './attachments';
import { byId, element, problem, show } from './dom';
import { sentenceOf } from './error-text';
import { capacity, currentKeys } from './current-keys';
import { say } from './sentences';
import { Steps } from './wizard';
import { forget, forgetOnLeaving } from './clear-on-leave';
import type { EnclosureKey } from '../worker/enclosure';
import type { List } from '../worker/receipt';
import type { Verified } from '../worker/statement';
import type { Draft, Report, SealedVisit } from '../worker/visit';
import type { SealWorker } from './worker-client';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A letter on its way. It outlives a failed try: the same letter must not arrive as two. */
interface Sending {
  words: string;
  /** The answers it holds; other answers need another letter, under the same words. */
  answers: string;
  files: readonly File[];
  visit: SealedVisit;
  enclosure: EnclosureKey | null;
  keys: Verified;
}

const fields = (): Field[] => [...document.querySelectorAll<Field>('#report-form [data-field]')];

export function reportPage(worker: SealWorker): void {
  new ReportPage(worker).start();
}

class ReportPage {
  private readonly attachments = new Attachments();
  private readonly steps = new Steps({ check: 'form', retype: 'code' }, ['sealing', 'code', 'uploading']);
  private sending: Sending | null = null;
  /** Digests of all letters made here: the first that arrived is in the mailbox's first slot. */
  private readonly made: string[] = [];

  constructor(private readonly worker: SealWorker) {}

  start(): void {
    void this.ready();
    byId('ready-again').addEventListener('click', () => void this.ready());
    byId<HTMLSelectElement>('naming').addEventListener('change', showIdentity);
    byId('report-form').addEventListener('submit', (event) => {
      event.preventDefault();
      if (!complete() || !this.attachments.fit()) return;
      renderAnswers(this.attachments.files);
      this.steps.go('check');
    });
    byId('check-back').addEventListener('click', () => this.steps.back());
    byId('check-send').addEventListener('click', () => void this.send());
    byId('code-noted').addEventListener('click', () => {
      byId<HTMLInputElement>('receipt-retype').value = '';
      this.steps.go('retype');
      byId('receipt-retype').focus();
    });
    byId('retype-back').addEventListener('click', () => this.steps.back());
    byId('retype-form').addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.sending !== null) void this.retyped(this.sending);
    });
    byId('upload-onward').addEventListener('click', () => this.done());
    forgetOnLeaving(() => this.sending !== null || fields().some((field) => field.tagName === 'TEXTAREA' && field.value !== ''));
  }

  /** Says before anything is typed whether a report can be taken now. */
  private async ready(): Promise<void> {
    show(byId('ready-state'), true);
    show(byId('ready-again'), false);
    problem(byId('ready-problem'), '');
    try {
      const [, room] = await Promise.all([currentKeys(this.worker), capacity()]);
      if (!room.enclosures) this.attachments.close();
      byId('report-form').dataset['ready'] = 'true';
      byId<HTMLFieldSetElement>('fields').disabled = false;
    } catch (error) {
      problem(byId('ready-problem'), sentenceOf(error));
      show(byId('ready-again'), true);
    } finally {
      show(byId('ready-state'), false);
    }
  }

  private async send(): Promise<void> {
    problem(byId('check-problem'), '');
    byId('sealing-state').textContent = say('sealing');
    this.steps.go('sealing');
    try {
      this.sending = await this.sealed();
      byId('sealing-state').textContent = say('sending');
      await this.arrived(this.sending, await sendVisit('', this.sending.visit));
    } catch (error) {
      // What the portal refused for good is sealed anew; what may have arrived is sent as it is.
      if (this.sending !== null && error instanceof ApiError && !error.again) this.sending.answers = '';
      byId('check-lead').textContent = say(this.sending === null ? 'check-lead' : 'check-unsure');
      this.steps.go('check');
      problem(byId('check-problem'), sentenceOf(error));
      return;
    }
    showCode(this.sending.words);
    this.steps.go('code');
  }

  /** Only the mailbox's own slot, naming a letter made here, proves that it arrived: any site can answer "200". */
  private async arrived({ words, keys }: Sending, sealed: Uint8Array): Promise<void> {
    const slot = await this.worker.ask('open', { words, sealed, keys }).catch(() => null);
    const named = slot?.kind === 'first' && slot.letter === 'report' && this.made.includes(slot.received[0] ?? '');
    if (!named) throw new ApiError('answer', true);
  }

  /** The letter to send: the one already made if nothing was changed since, else a new one under the same words. */
  private async sealed(): Promise<Sending> {
    const { files } = this.attachments;
    const answers = JSON.stringify(draft(null));
    const kept = this.sending;
    if (kept !== null && kept.answers === answers && sameFiles(kept.files, files)) return kept;
    const keys = await currentKeys(this.worker);
    const list = document.body.dataset['words'] as List;
    const words = kept?.words ?? (await this.worker.ask('new-code', { list }));
    const enclosure = files.length > 0 ? await this.worker.ask('new-enclosure', { files: [...files] }) : null;
    const ask = { words, draft: draft(enclosure), keys, now: Date.now() };
    const bar = byId<HTMLProgressElement>('seal-bar');
    const visit = await this.worker.ask('seal', ask, (done) => (bar.value = done));
    this.made.push(visit.digest);
    return { words, answers, files, visit, enclosure, keys };
  }

  private async retyped(sending: Sending): Promise<void> {
    const input = byId<HTMLInputElement>('receipt-retype');
    try {
      const same = await this.worker.ask('same-code', { typed: input.value, words: sending.words });
      problem(byId('receipt-retype-problem'), same ? '' : say('retype-differs'));
      if (!same) return;
    } catch (error) {
      problem(byId('receipt-retype-problem'), sentenceOf(error));
      return;
    }
    forget();
    if (sending.enclosure === null) return this.done();
    this.steps.go('uploading');
    // The letter has arrived: nobody has to wait here for a line that does not come back.
    const onWait = (waiting: boolean): void => show(byId('upload-onward'), waiting);
    await uploadShown(this.worker, sending.visit.digest, sending.files, sending.enclosure, onWait).then(
      () => this.done(),
      () => onWait(true),
    );
  }

  private done(): void {
    this.sending = null;
    forget();
    this.attachments.clear();
    this.steps.go('done');
  }
}

function showIdentity(): void {
  show(byId('identity'), byId<HTMLSelectElement>('naming').value === 'real-name');
}

function complete(): boolean {
  let first: Field | null = null;
  for (const field of fields()) {
    const missing = field.ariaRequired === 'true' && field.value.trim() === '';
    field.ariaInvalid = missing ? 'true' : null;
    problem(byId(`${field.id}-problem`), missing ? say('field-missing') : '');
    if (missing) first ??= field;
  }
  first?.focus();
  return first === null;
}

function renderAnswers(files: readonly File[]): void {
  const rows = fields().flatMap((field) => {
    // The label's own words, without the "(optional)" after them.
    const label = document.querySelector(`label[for="${field.id}"]`)?.firstChild?.textContent ?? '';
    const shown = field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.textContent ?? '') : field.value;
    if (field.closest('[hidden]:not([data-step])') !== null) return [];
    return [element('dt', label), element('dd', shown.trim() === '' ? say('answer-empty') : shown)];
  });
  const names = files.map((file) => file.name).join('\n');
  rows.push(element('dt', say('answer-files')), element('dd', names === '' ? say('answer-empty') : names));
  byId('answers').replaceChildren(...rows);
}

function draft(enclosure: EnclosureKey | null): Draft {
  const value = (id: string): string => byId<HTMLInputElement>(id).value.trim();
  const report = Object.fromEntries(
    fields()
      .filter((field) => field.dataset['identity'] === undefined)
      .map((field) => [field.dataset['field'], field.value.trim()]),
  ) as unknown as Report;
  const named = value('naming') === 'real-name';
  return {
    body: { kind: 'report', ...report },
    sequence: 0,
    previous: null,
    enclosure,
    identity: named ? { name: value('identity-name'), contact: value('identity-contact') } : null,
  };
}

function showCode(words: string): void {
  const isChinese = document.body.dataset['words'] === 'chinese';
  const groups = isChinese ? (words.match(/.{4}/gu) ?? []) : words.split(' ');
  byId('receipt-code').replaceChildren(
    ...groups.flatMap((group) => [element('span', group), document.createTextNode(' ')]),
  );
}
