// The mailbox page: looking with a receipt code, reading the slot, adding to a report.
import { sendVisit } from './api';
import { Attachments, uploadShown } from './attachments';
import { byId, element, problem, show, step } from './dom';
import { beijingDay } from './day';
import { sentenceOf } from './failures';
import { capacity, currentKeys } from './keys';
import { say } from './sentences';
import type { EnclosureKey } from './enclosure';
import type { Slot } from './slot';
import type { Draft, SealedVisit } from './visit';
import type { SealWorker } from './worker-client';

/** Every exchange replaces every slot: one older than this means that nobody collects. */
const OLD_DAYS = 14;

/** A follow-up on its way: trying again must send the very same letter. */
interface Sending {
  visit: SealedVisit;
  enclosure: EnclosureKey | null;
}

export function mailboxPage(worker: SealWorker): void {
  const attachments = new Attachments();
  const input = byId<HTMLInputElement>('code-input');
  const text = byId<HTMLTextAreaElement>('follow-up');
  let words = '';
  let slot: Slot | null = null;
  let sending: Sending | null = null;

  capacity().then(
    (room) => room.enclosures || attachments.close(),
    (error: unknown) => problem(byId('look-problem'), sentenceOf(error)),
  );
  byId('look-form').addEventListener('submit', (event) => {
    event.preventDefault();
    words = input.value;
    void look(worker, words).then((found) => {
      if (found === null) return;
      slot = found;
      input.value = '';
      render(found);
      step('mailbox');
    });
  });
  byId('follow-up-form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (slot === null || !attachments.fit()) return;
    const empty = text.value.trim() === '' && attachments.files.length === 0;
    problem(byId('follow-up-problem'), empty ? say('field-required') : '');
    if (empty) return;
    void followUp(worker, words, draftAfter(slot, text.value.trim()), attachments.files, sending, (kept) => (sending = kept)).then(
      (sent) => {
        if (!sent) return;
        sending = null;
        text.value = '';
        attachments.clear();
      },
    );
  });
  for (const button of document.querySelectorAll('[data-clear]')) {
    button.addEventListener('click', () => window.location.replace('about:blank'));
  }
}

const nothing: Draft = { body: { kind: 'cover' }, sequence: 0, previous: null, enclosure: null, identity: null };

/** Looking is a visit like any other: a cover letter that says nothing goes in, the slot comes back. */
async function look(worker: SealWorker, words: string): Promise<Slot | null> {
  problem(byId('look-problem'), '');
  const button = byId<HTMLButtonElement>('look-button');
  button.disabled = true;
  show(byId('look-busy'), true);
  try {
    await worker.ask('check-code', { typed: words });
    const keys = await currentKeys(worker);
    const visit = await worker.ask('seal', { words, draft: nothing, keys, now: Date.now() });
    const sealed = await sendVisit('', visit);
    return await worker.ask('open', { words, sealed, keys }).catch(() => {
      problem(byId('look-problem'), say('slot-refused'));
      return null;
    });
  } catch (error) {
    problem(byId('look-problem'), sentenceOf(error));
    return null;
  } finally {
    button.disabled = false;
    show(byId('look-busy'), false);
  }
}

/** Replies are shown as text, never as links or markup. */
function render(slot: Slot): void {
  const place = byId('mailbox-slot');
  place.replaceChildren();
  const none = slot.kind === 'first' && slot.letter === 'cover';
  if (slot.kind === 'first') {
    place.append(element('p', say(none ? 'slot-none' : 'slot-waiting', { day: slot.day }), none ? 'warning' : 'state'));
  } else {
    place.append(element('p', say(`slot-${slot.state}`), 'state'));
    place.append(element('p', say('slot-letters', { count: slot.received.length, day: slot.day })));
    if (slot.dropped) place.append(element('p', say('slot-dropped'), 'warning'));
    for (const message of slot.messages) {
      const article = element('article', '', 'message');
      article.append(element('h3', say('slot-message', { day: message.day })), element('p', message.text, 'plain-text'));
      place.append(article);
    }
    if (slot.messages.length === 0) place.append(element('p', say('slot-no-messages')));
  }
  const age = (Date.parse(beijingDay(Date.now())) - Date.parse(slot.day)) / 86_400_000;
  if (!none && age > OLD_DAYS) place.append(element('p', say('slot-old', { days: age }), 'warning'));
  show(byId('follow-up-form'), !none);
  show(byId('none-onward'), none);
}

function draftAfter(slot: Slot, text: string): Draft {
  const previous = slot.received.at(-1) ?? null;
  return { body: { kind: 'follow-up', text }, sequence: slot.received.length, previous, enclosure: null, identity: null };
}

async function followUp(
  worker: SealWorker,
  words: string,
  draft: Draft,
  files: File[],
  kept: Sending | null,
  keep: (made: Sending) => void,
): Promise<boolean> {
  const button = byId<HTMLButtonElement>('follow-up-send');
  button.disabled = true;
  problem(byId('follow-up-sent'), '');
  problem(byId('upload-problem'), '');
  try {
    const made = kept ?? (await sealFollowUp(worker, words, draft, files));
    keep(made);
    await sendVisit('', made.visit);
    if (made.enclosure !== null) await uploadShown(worker, made.visit.digest, files, made.enclosure).catch(() => null);
    problem(byId('follow-up-sent'), say('follow-up-sent'));
    return true;
  } catch (error) {
    problem(byId('follow-up-problem'), sentenceOf(error));
    return false;
  } finally {
    button.disabled = false;
  }
}

async function sealFollowUp(worker: SealWorker, words: string, draft: Draft, files: File[]): Promise<Sending> {
  const keys = await currentKeys(worker);
  const enclosure = files.length > 0 ? await worker.ask('new-enclosure', { files }) : null;
  const visit = await worker.ask('seal', { words, draft: { ...draft, enclosure }, keys, now: Date.now() });
  return { visit, enclosure };
}
