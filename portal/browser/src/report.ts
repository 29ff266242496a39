// The report page: form, answers checked, sealed and sent, code shown and retyped, attachments, what next.
import { sendVisit } from './api';
import { Attachments, uploadShown } from './attachments';
import { byId, element, problem, show, step } from './dom';
import { sentenceOf } from './failures';
import { capacity, currentKeys } from './keys';
import { say } from './sentences';
import type { EnclosureKey } from './enclosure';
import type { List } from './receipt';
import type { Draft, Report, SealedVisit } from './visit';
import type { SealWorker } from './worker-client';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What must outlive a failed try, so that trying again sends the very same letter. */
interface Sending {
  words: string;
  visit: SealedVisit;
  enclosure: EnclosureKey | null;
}

const fields = (): Field[] => [...document.querySelectorAll<Field>('#report-form [data-field]')];

export function reportPage(worker: SealWorker): void {
  const attachments = new Attachments();
  let sending: Sending | null = null;

  void ready(attachments, worker);
  byId<HTMLSelectElement>('naming').addEventListener('change', showIdentity);
  byId('report-form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (complete() && attachments.fit()) {
      renderAnswers(attachments.files);
      step('check');
    }
  });
  byId('check-back').addEventListener('click', () => step('form'));
  for (const button of document.querySelectorAll('[data-clear]')) button.addEventListener('click', leave);
  byId('check-send').addEventListener('click', () => {
    void send(worker, attachments, sending, (made) => (sending = made)).then(showCode);
  });
  byId('code-noted').addEventListener('click', () => {
    byId<HTMLInputElement>('receipt-retype').value = '';
    step('retype');
    byId('receipt-retype').focus();
  });
  byId('retype-back').addEventListener('click', () => step('code'));
  byId('retype-form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (sending !== null) void retyped(worker, sending, attachments.files);
  });
  window.addEventListener('beforeunload', (event) => {
    const filled = fields().some((field) => field.tagName === 'TEXTAREA' && field.value !== '');
    if (filled && document.body.dataset['done'] === undefined) event.preventDefault();
  });
}

/** Says before anything is typed whether a report can be taken now. */
async function ready(attachments: Attachments, worker: SealWorker): Promise<void> {
  try {
    const [, room] = await Promise.all([currentKeys(worker), capacity()]);
    if (!room.enclosures) attachments.close();
    problem(byId('ready-problem'), '');
    byId('report-form').dataset['ready'] = 'true';
    byId<HTMLFieldSetElement>('fields').disabled = false;
  } catch (error) {
    problem(byId('ready-problem'), sentenceOf(error));
  }
}

function showIdentity(): void {
  show(byId('identity'), byId<HTMLSelectElement>('naming').value === 'real-name');
}

function complete(): boolean {
  let first: Field | null = null;
  for (const field of fields()) {
    const missing = field.dataset['required'] !== undefined && field.value.trim() === '';
    problem(byId(`${field.id}-problem`), missing ? say('field-required') : '');
    if (missing) first ??= field;
  }
  first?.focus();
  return first === null;
}

function renderAnswers(files: File[]): void {
  const rows = fields().flatMap((field) => {
    // The label's own words, without the "(optional)" after them.
    const label = document.querySelector(`label[for="${field.id}"]`)?.firstChild?.textContent ?? '';
    const shown = field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.textContent ?? '') : field.value;
    if (field.closest('[hidden]') !== null) return [];
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

async function send(
  worker: SealWorker,
  attachments: Attachments,
  kept: Sending | null,
  keep: (made: Sending | null) => void,
): Promise<Sending | null> {
  const bar = byId<HTMLProgressElement>('seal-bar');
  problem(byId('check-problem'), '');
  step('sealing');
  let made = kept;
  try {
    if (made === null) {
      const keys = await currentKeys(worker);
      const list = document.body.dataset['words'] as List;
      const words = await worker.ask('new-code', { list });
      const { files } = attachments;
      const enclosure = files.length > 0 ? await worker.ask('new-enclosure', { files }) : null;
      const ask = { words, draft: draft(enclosure), keys, now: Date.now() };
      const visit = await worker.ask('seal', ask, (done) => (bar.value = done));
      made = { words, visit, enclosure };
    }
    byId('sealing-state').textContent = say('sending');
    await sendVisit('', made.visit);
    return made;
  } catch (error) {
    // A letter that may have arrived is sent again as it is: it must not arrive twice.
    keep(made);
    step('check');
    problem(byId('check-problem'), sentenceOf(error));
    return null;
  } finally {
    if (made !== null) keep(made);
  }
}

function showCode(sent: Sending | null): void {
  if (sent === null) return;
  const code = byId('receipt-code');
  const isChinese = document.body.dataset['words'] === 'chinese';
  const groups = isChinese ? (sent.words.match(/.{4}/gu) ?? []) : sent.words.split(' ');
  code.replaceChildren(...groups.flatMap((group) => [element('span', group), document.createTextNode(' ')]));
  step('code');
}

async function retyped(worker: SealWorker, sending: Sending, files: File[]): Promise<void> {
  const input = byId<HTMLInputElement>('receipt-retype');
  try {
    const same = await worker.ask('same-code', { typed: input.value, words: sending.words });
    problem(byId('retype-problem'), same ? '' : say('retype-differs'));
    if (!same) return;
  } catch (error) {
    problem(byId('retype-problem'), sentenceOf(error));
    return;
  }
  input.value = '';
  byId('receipt-code').replaceChildren();
  if (sending.enclosure !== null) {
    step('uploading');
    try {
      await uploadShown(worker, sending.visit.digest, files, sending.enclosure);
    } catch {
      // The reason stands on the page, with the way on: the letter itself has arrived.
      document.body.dataset['done'] = '';
      show(byId('upload-onward'), true);
      byId('upload-onward').onclick = () => step('done');
      return;
    }
  }
  forget();
  step('done');
}

/** Empties what was typed: nothing of it needs to stay in the page. */
function forget(): void {
  document.body.dataset['done'] = '';
  for (const field of fields()) if (!(field instanceof HTMLSelectElement)) field.value = '';
  byId('answers').replaceChildren();
}

/** Leaves at once and leaves nothing behind that "back" would show. */
function leave(): void {
  forget();
  window.location.replace('about:blank');
}
