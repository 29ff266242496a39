// A slot in words. Replies are shown as text, never as links or markup.
import { beijingDay, daysBetween } from '../shared/day';
import { element } from './dom';
import { explained, yuan } from './reward';
import { say } from './sentences';
import type { AccessList, AccessRecord } from '../worker/access-record';
import type { Due, Outcome, PostSlot, Slot } from '../worker/slot';

/** Every exchange replaces every slot. A slot older than this many days means that letters are not being collected. */
const OLD_DAYS = 14;
/** Days for which the site waits for attachments that have not arrived whole. */
const WAITED_FOR = 30;

/** Whether nothing is kept under these words. */
export function saysNone(slot: Slot): boolean {
  return slot.received.length + (slot.kind === 'first' ? 0 : slot.earlier) === 0;
}

/**
 * Shows a slot: its result in `place`, everything else in `more`. `before` is the slot that this page showed for the
 * mailbox earlier; `sent` has the ids of letters that the page sent to it.
 */
export function showSlot(
  place: HTMLElement, more: HTMLElement, slot: Slot, before: Slot | null, sent: ReadonlySet<string>,
): void {
  place.replaceChildren();
  more.replaceChildren();
  const none = saysNone(slot);
  if (before !== null && goesBack(before, slot, sent)) place.append(element('p', say('slot-missing'), 'warning'));
  if (none) {
    place.append(element('p', say('slot-none'), 'warning'));
    return;
  }
  if (slot.kind === 'first') place.append(element('p', say('slot-waiting', { day: slot.day }), 'state'), ...files(slot));
  else {
    place.append(...result(slot));
    more.append(...messages(slot), ...whoLooked(slot));
  }
  const age = daysBetween(slot.day, beijingDay(Date.now()));
  if (age > OLD_DAYS) place.append(element('p', say('slot-old', { days: age }), 'warning'));
}

function result(slot: PostSlot): HTMLElement[] {
  const shown: HTMLElement[] = [
    element('p', say(slot.outcome === null ? `slot-${slot.state}` : 'slot-decided'), 'state'),
    element('p', say('slot-letters', { count: slot.received.length + slot.earlier, day: slot.day })),
  ];
  shown.push(...files(slot));
  if (slot.outcome !== null) shown.push(outcome(slot.outcome));
  if (slot.due !== null && slot.outcome === null) shown.push(due(slot.due));
  if (slot.erased_on !== null) shown.push(element('p', say('slot-erased', { day: slot.erased_on })));
  return shown;
}

/** What has come of the attachments, as the post sees it. */
function files({ received }: Slot): HTMLElement[] {
  const states = received.map(({ enclosure }) => enclosure);
  const whole = states.filter(({ state }) => state === 'whole').length;
  const shown = whole > 0 ? [element('p', say('files-whole', { count: whole }))] : [];
  if (states.some(({ state }) => state === 'announced')) shown.push(element('p', say('files-announced')));
  for (const enclosure of states) {
    if (enclosure.state === 'incomplete') {
      const key = isWaitedFor(enclosure.since) ? 'files-incomplete' : 'files-given-up';
      shown.push(element('p', say(key, { day: enclosure.since }), 'warning'));
    }
  }
  return shown;
}

/** Whether the site still waits for the attachments of a letter of this day. */
export function isWaitedFor(day: string): boolean {
  return daysBetween(day, beijingDay(Date.now())) < WAITED_FOR;
}

function messages(slot: PostSlot): HTMLElement[] {
  const shown: HTMLElement[] = [];
  if (slot.dropped) shown.push(element('p', say('slot-dropped'), 'warning'));
  for (const message of slot.messages) {
    const article = element('article', '', 'message');
    article.append(element('h3', say('slot-message', { day: message.day })), element('p', message.text, 'plain-text'));
    shown.push(article);
  }
  if (slot.messages.length === 0) shown.push(element('p', say('slot-no-messages')));
  return shown;
}

/** The due dates for every reporter; they do not depend on the report's content. */
function due(dates: Due): HTMLElement {
  const shown = element('p', say('due-lines', { ...dates }), 'hint');
  shown.id = 'due';
  return shown;
}

/** The outcome of the report; for a confirmed one with the award, explained line by line. */
function outcome(decided: Outcome): HTMLElement {
  const card = element('section', '', 'card');
  card.id = 'outcome';
  card.append(element('h2', say('outcome-title')), element('p', say(`outcome-${decided.outcome}`)));
  if (decided.outcome !== 'confirmed') return card;
  const { award, claim } = decided;
  card.append(...explained(award));
  if (claim.before_fen !== null) card.append(element('p', say('claim-before', { before: yuan(claim.before_fen) })));
  card.append(element('p', say('award-rules', { policy: award.policy, day: decided.decided_on }), 'hint'));
  if (decided.closed) card.append(element('p', say('outcome-closed')));
  return card;
}

/** The recorder's access records: nobody at the post can leave out or change one. */
function whoLooked(slot: PostSlot): HTMLElement[] {
  const title = element('h2', say('access-title'));
  title.id = 'access';
  const list = slot.access;
  if (list === null) return [title, element('p', say('access-unproven'), 'warning')];
  const shown: HTMLElement[] = [title];
  if (list.day < slot.day) shown.push(element('p', say('access-old', { day: list.day }), 'warning'));
  const warnings = logWarnings(slot, list);
  if (list.records.length === 0) return [...shown, element('p', say('access-none', { day: list.day })), ...warnings];
  shown.push(...list.earlier.map(({ purpose, count }) => earlierLine(purpose, count)));
  const lines = element('ul');
  lines.id = 'access-records';
  lines.append(...list.records.map(recordOf));
  return [...shown, lines, ...warnings, ...logHints(slot, list), element('p', say('access-proof', { day: list.day }), 'hint')];
}

/** How many older records of a purpose are not listed. */
function earlierLine(purpose: AccessRecord['purpose'], count: number): HTMLElement {
  return element('p', say('access-earlier', { count, purpose: say(`purpose-${purpose}`) }));
}

/** An access record with the result of its proof. */
function recordOf(record: AccessRecord): HTMLElement {
  const line = element('li', recordLine(record));
  if (record.proof === 'proved') line.append(' ', element('span', say('access-proved'), 'proved'));
  if (record.proof === 'wrong') line.append(' ', element('strong', say('access-wrong')));
  return line;
}

/** Whether the log that contains the records is not what a witness confirmed, or was confirmed long ago. */
function logWarnings({ witnessed }: PostSlot, { records }: AccessList): HTMLElement[] {
  if (isWrong(witnessed, records)) return [element('p', say('access-wrong-hint'), 'warning')];
  if (typeof witnessed === 'string' || !witnessed.old) return [];
  return [element('p', say('access-witnessed-old', { day: witnessed.day }), 'warning')];
}

/** The witness's confirmation of the log that contains the records. */
function logHints({ witnessed }: PostSlot, { records }: AccessList): HTMLElement[] {
  if (isWrong(witnessed, records)) return [];
  if (typeof witnessed === 'string') return [element('p', say('access-unwitnessed'), 'hint')];
  const { day, size } = witnessed;
  const shown = [element('p', say('access-witnessed', { day, size }), 'hint')];
  if (records.some((record) => record.proof === 'none')) shown.push(element('p', say('access-not-yet'), 'hint'));
  return shown;
}

function isWrong(witnessed: PostSlot['witnessed'], records: AccessRecord[]): boolean {
  return witnessed === 'wrong' || records.some((record) => record.proof === 'wrong');
}

function recordLine(record: AccessRecord): string {
  const named = ['officer', 'custodian'].includes(record.role);
  const who = named ? say(`access-${record.role}`, { person: record.person }) : say('access-someone');
  const purpose = say(`purpose-${record.purpose}`);
  const opened = !record.purpose.endsWith('-identity');
  return say(opened ? 'access-line' : 'access-other', { number: record.number, day: record.day, who, purpose });
}

/**
 * Whether a later slot is older than an earlier one, or lacks a letter with content that this page has sent and an
 * earlier slot named.
 */
function goesBack(before: Slot, now: Slot, sent: ReadonlySet<string>): boolean {
  // A first slot has the day of this device's clock, which may be wrong: only a missing letter counts.
  if (before.kind === 'first') return now.kind === 'post' && isLost(before, now, sent) && now.earlier === 0;
  if (now.kind === 'first' || now.number < before.number) return true;
  return isLost(before, now, sent) && now.earlier === 0;
}

function isLost(before: Slot, now: Slot, sent: ReadonlySet<string>): boolean {
  const still = now.received.map(({ letter }) => letter);
  return before.received.some(({ letter }) => sent.has(letter) && !still.includes(letter));
}
