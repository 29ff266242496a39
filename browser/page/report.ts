// The report page: form, review, receipt code shown and retyped while the letter is sent, attachments, next steps.
import { ApiError } from '../shared/api';
import { Attachments, uploadShown } from './attachments';
import { byId, element, problem, show } from './dom';
import { sentenceOf } from './error-text';
import { capacity, currentKeys } from './current-keys';
import { Delivery, type Progress, type Sending } from './delivery';
import { say } from './sentences';
import { Travel } from './travel';
import { Steps } from './wizard';
import { forget, forgetOnLeaving } from './clear-on-leave';
import type { List } from '../worker/receipt';
import type { Slot } from '../worker/slot';
import type { Draft, Report } from '../worker/visit';
import type { SealWorker } from './worker-client';
import { entered, isBlank } from '../shared/human-text';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const fields = (): Field[] => [...document.querySelectorAll<Field>('#report-form [data-field]')];

export function reportPage(worker: SealWorker): void {
  new ReportPage(worker).start();
}

class ReportPage {
  private readonly attachments = new Attachments('files');
  private readonly steps = new Steps({ check: 'form', retype: 'code' }, ['code', 'waiting', 'uploading']);
  private readonly travel = new Travel(() => void this.send(), () => this.change());
  private readonly delivery: Delivery;
  /** The receipt code, once it is made; a changed report keeps it. */
  private words = '';
  /** The letter that has arrived. */
  private there: Sending | null = null;
  /** Whether the code was typed again as it is. */
  private noted = false;
  private finished = false;
  /** Counts attempts to send: of one that was given up nothing is told any more. */
  private attempt = 0;

  constructor(private readonly worker: SealWorker) {
    this.delivery = new Delivery(worker);
  }

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
      void this.retyped();
    });
    const isBegun = (): boolean => this.words !== '' || this.attachments.files.length > 0 || fields().some(isChanged);
    forgetOnLeaving(() => !this.finished && isBegun());
  }

  /** Shows before anything is typed whether a report can be accepted now. */
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

  /**
   * Shows the receipt code, and then sends: no letter can arrive whose code was never on the screen. The code is written
   * down while the letter is on its way.
   */
  private async send(): Promise<void> {
    const attempt = (this.attempt += 1);
    problem(byId('check-problem'), '');
    const button = byId<HTMLButtonElement>('check-send');
    button.disabled = true;
    try {
      this.words ||= await this.worker.ask('new-code', { list: document.body.dataset['words'] as List });
    } catch (error) {
      problem(byId('check-problem'), sentenceOf(error));
      return;
    } finally {
      button.disabled = false;
    }
    if (attempt !== this.attempt) return;
    if (!this.noted) showCode(this.words);
    if (!['code', 'retype', 'waiting'].includes(this.steps.at)) this.steps.go(this.noted ? 'waiting' : 'code');
    const progress = this.travel.begin();
    await painted();
    try {
      const sending = await this.sealed(progress);
      const slot = await this.delivery.send(sending, progress);
      if (attempt !== this.attempt) return;
      this.arrived(slot);
      this.there = sending;
    } catch (error) {
      if (attempt !== this.attempt) return;
      this.delivery.failed(error);
      this.travel.failed(error, this.delivery.current !== null);
      return;
    }
    this.travel.arrived();
    if (this.noted) void this.onward(this.there);
  }

  /** Back to the answers. Whether the letter has arrived may be unknown; sent again it is one letter all the same. */
  private change(): void {
    this.attempt += 1;
    show(byId('travel'), false);
    byId('check-lead').textContent = say(this.delivery.current === null ? 'check-lead' : 'check-unsure');
    this.steps.go('check');
  }

  /**
   * The mailbox's slot names the letters that arrived. One of them must have been sealed here. It is a slot of the post
   * if an earlier answer was lost on its way and an exchange has collected the letter since.
   */
  private arrived(slot: Slot): void {
    const named = slot.received.some(({ letter }) => this.delivery.made.includes(letter));
    if (!named) throw new ApiError('answer', true);
  }

  /** The sealed letter with these answers. */
  private sealed(progress: Progress): Promise<Sending> {
    const written = draft();
    const { files } = this.attachments;
    const letter = { words: () => this.words, said: JSON.stringify(written), files, draft: written };
    return this.delivery.sealed(letter, progress);
  }

  private async retyped(): Promise<void> {
    const input = byId<HTMLInputElement>('receipt-retype');
    if (this.noted) return;
    try {
      const same = await this.worker.ask('same-code', { typed: input.value, words: this.words });
      problem(byId('receipt-retype-problem'), same ? '' : say('retype-differs'));
      if (!same || this.noted) return;
    } catch (error) {
      problem(byId('receipt-retype-problem'), sentenceOf(error));
      return;
    }
    this.noted = true;
    byId('receipt-code').replaceChildren();
    input.value = '';
    if (this.there === null) this.steps.go('waiting');
    else void this.onward(this.there);
  }

  /** The letter is there and its code is on paper: nothing else is needed any more. */
  private async onward(sending: Sending): Promise<void> {
    show(byId('travel'), false);
    forget();
    let whole = true;
    if (sending.files.length > 0) {
      this.steps.go('uploading');
      const files = [...sending.files];
      whole = await uploadShown(this.worker, { words: sending.words, letter: sending.visit.letter, files, again: false });
    }
    this.finished = true;
    this.delivery.done();
    this.attachments.clear();
    show(byId('done-without'), !whole);
    this.steps.go('done');
  }
}

/** Resolves once what was shown is on the screen; in a tab that nobody looks at, once somebody does. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Whether a field has another value than the page gave it. */
function isChanged(field: Field): boolean {
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  const given = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(given, 0);
}

function showIdentity(): void {
  show(byId('identity'), byId<HTMLSelectElement>('naming').value === 'real-name');
}

function complete(): boolean {
  let first: Field | null = null;
  for (const field of fields()) {
    // Not by `ariaRequired`, which Firefox has only since version 119.
    const missing = field.getAttribute('aria-required') === 'true' && isBlank(field.value);
    if (missing) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
    problem(byId(`${field.id}-problem`), missing ? say('field-missing') : '');
    if (missing) first ??= field;
  }
  first?.focus();
  return first === null;
}

function renderAnswers(files: readonly File[]): void {
  const rows = fields().flatMap((field) => {
    // The label's own text, without the "(optional)" after it.
    const label = document.querySelector(`label[for="${field.id}"]`)?.firstChild?.textContent ?? '';
    const shown = field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.textContent ?? '') : field.value;
    if (field.closest('[hidden]:not([data-step])') !== null) return [];
    return [element('dt', label), element('dd', isBlank(shown) ? say('answer-empty') : shown)];
  });
  const names = files.map((file) => file.name).join('\n');
  rows.push(element('dt', say('answer-files')), element('dd', names === '' ? say('answer-empty') : names));
  byId('answers').replaceChildren(...rows);
}

function draft(): Draft {
  const value = (id: string): string => entered(byId<HTMLInputElement>(id).value);
  const report = Object.fromEntries(
    fields()
      .filter((field) => field.dataset['identity'] === undefined)
      .map((field) => [field.dataset['field'], entered(field.value)]),
  ) as unknown as Report;
  const named = value('naming') === 'real-name';
  return {
    body: { kind: 'report', ...report, restricted: false },
    sequence: 0,
    previous: null,
    encloses: false,
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
