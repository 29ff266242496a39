// The mailbox page: open it with a receipt code, read the slot, add to a report.
import { ApiError, sendVisit } from '../shared/api';
import { Attachments, uploadShown } from './attachments';
import { ClaimForm } from './claim';
import { byId, element, problem, show, step } from './dom';
import { sentenceOf } from './error-text';
import { capacity, keysToRead } from './current-keys';
import { Delivery, type Sending } from './delivery';
import { lookAlikes } from './look-alikes';
import { SendAgain } from './send-again';
import { say } from './sentences';
import { saysNone, showSlot } from './slot-view';
import { forgetOnLeaving } from './clear-on-leave';
import type { Slot } from '../worker/slot';
import type { Body, Draft } from '../worker/visit';
import { type SealWorker, WorkerError } from './worker-client';
import { entered } from '../shared/human-text';

export function mailboxPage(worker: SealWorker): void {
  new MailboxPage(worker).start();
}

/** After so many milliseconds without an answer the page says so. */
const SLOW = 15_000;

const nothing: Draft = { body: { kind: 'cover' }, sequence: 0, previous: null, encloses: false, identity: null };

class MailboxPage {
  private readonly attachments = new Attachments('files');
  private readonly text = byId<HTMLTextAreaElement>('follow-up');
  private words = '';
  private slot: Slot | null = null;
  private uploading = false;
  /** Ids of letters with content that were sent from this page. */
  private readonly sent = new Set<string>();

  private readonly claim: ClaimForm;
  private readonly again: SendAgain;
  private readonly delivery: Delivery;
  /** A delivery of its own: a choice that fails must not replace an addition that waits to be sent again. */
  private readonly choices: Delivery;

  constructor(private readonly worker: SealWorker) {
    this.delivery = new Delivery(worker);
    this.choices = new Delivery(worker);
    this.claim = new ClaimForm(worker, async (body, identity) => {
      await this.deliver(this.choices, body, identity, []);
    });
    this.again = new SendAgain((letter, files) => this.upload(letter, files, true));
  }

  start(): void {
    const close = (): void => {
      this.attachments.close();
      this.again.close();
    };
    // These requests equal those of the report page when it is opened.
    Promise.all([keysToRead(this.worker), capacity()]).then(
      ([, room]) => room.enclosures || close(),
      (error: unknown) => {
        const isFull = error instanceof ApiError && error.code === 'full';
        if (isFull) close();
        problem(byId('code-input-problem'), isFull ? say('look-full') : sentenceOf(error));
      },
    );
    byId('look-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.look();
    });
    byId('follow-up-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.followUp();
    });
    const isTyped = (): boolean => this.claim.isTyped() || this.text.value !== '' || this.attachments.files.length > 0;
    forgetOnLeaving(() => this.uploading || isTyped() || this.again.isChosen());
  }

  private async look(): Promise<void> {
    const input = byId<HTMLInputElement>('code-input');
    const button = byId<HTMLButtonElement>('look-button');
    // The field may change while the answer is on its way.
    const typed = input.value;
    problem(byId('code-input-problem'), '');
    button.disabled = true;
    byId('look-busy').textContent = say('look-busy');
    const slow = setTimeout(() => (byId('look-busy').textContent = say('look-slow')), SLOW);
    show(byId('look-busy'), true);
    try {
      const { slot, notices } = await this.fetchSlot(typed);
      this.words = typed;
      input.value = '';
      this.show(slot);
      byId('slot-notices').replaceChildren(...notices.map((key) => element('p', say(key), 'warning')));
      if (saysNone(slot)) byId('slot-notices').append(element('p', lookAlikes(typed), 'hint'));
      step('mailbox');
    } catch (error) {
      const mistaken = error instanceof WorkerError && error.failure.code === 'receipt-checksum';
      const said = error instanceof UnverifiedSlot ? say('slot-refused') : sentenceOf(error);
      problem(byId('code-input-problem'), mistaken ? `${said} ${lookAlikes(typed)}`.trimEnd() : said);
    } finally {
      clearTimeout(slow);
      button.disabled = false;
      show(byId('look-busy'), false);
    }
  }

  /** Shows a slot and stores it, so that the next one can be compared with it. */
  private show(slot: Slot): void {
    const before = this.slot?.mailbox === slot.mailbox ? this.slot : null;
    showSlot(byId('slot-result'), byId('slot-more'), slot, before, this.sent);
    this.slot = slot;
    this.claim.show(slot, this.words);
    this.again.show(slot);
    show(byId('follow-up-form'), !saysNone(slot));
    show(byId('none-onward'), saysNone(slot));
  }

  /**
   * Checking the mailbox is a visit like any other: it sends a cover letter without content and receives the slot. It
   * can be read also while nothing new is taken; `notices` are the reasons.
   */
  private async fetchSlot(words: string): Promise<{ slot: Slot; notices: string[] }> {
    await this.worker.ask('check-code', { typed: words });
    const keys = await keysToRead(this.worker);
    const visit = await this.worker.ask('seal', { words, draft: nothing, keys, now: Date.now() });
    const { slot: sealed, kept } = await sendVisit('', visit);
    const slot = await this.worker.ask('open', { words, sealed, keys }).catch(() => {
      throw new UnverifiedSlot();
    });
    const isReplaced = slot.kind === 'post' && slot.statement > keys.statement.serial;
    const notices = [kept ? '' : 'look-full', keys.inForce ? '' : 'look-keys', isReplaced ? 'look-replaced' : ''];
    return { slot, notices: notices.filter((key) => key !== '') };
  }

  private async followUp(): Promise<void> {
    if (this.slot === null || !this.attachments.fit()) return;
    const text = entered(this.text.value);
    const { files } = this.attachments;
    problem(byId('follow-up-sent'), '');
    problem(byId('follow-up-problem'), text === '' && files.length === 0 ? say('field-missing') : '');
    if (text === '' && files.length === 0) return;
    this.busy(true);
    problem(byId('follow-up-sent'), say('travel-sending'));
    try {
      const sending = await this.deliver(this.delivery, { kind: 'follow-up', text }, null, files);
      this.text.value = '';
      this.attachments.clear();
      problem(byId('follow-up-sent'), say('follow-up-sent'));
      const whole = files.length === 0 || (await this.upload(sending.visit.letter, files, false));
      if (whole) return;
      problem(byId('follow-up-sent'), say('follow-up-text-only'));
      this.again.offer(sending.visit.letter);
    } catch (error) {
      problem(byId('follow-up-sent'), '');
      problem(byId('follow-up-problem'), sentenceOf(error));
    } finally {
      this.busy(false);
    }
  }

  /** Nothing is typed or chosen while something is sent: it would not be part of it, and be erased with it. */
  private busy(isBusy: boolean): void {
    this.uploading = isBusy;
    this.text.readOnly = isBusy;
    for (const id of ['follow-up-send', 'again-send']) byId<HTMLButtonElement>(id).disabled = isBusy;
    this.attachments.busy(isBusy);
    this.again.busy(isBusy);
  }

  /** Seals and sends a letter, and shows the slot of the answer. A repeated attempt sends the same letter unchanged. */
  private async deliver(
    by: Delivery, body: Body, identity: Draft['identity'], files: readonly File[],
  ): Promise<Sending> {
    const before = this.slot;
    if (before === null) throw new ApiError('answer', true);
    const sequence = before.received.length + (before.kind === 'first' ? 0 : before.earlier);
    const previous = before.received.at(-1)?.letter ?? null;
    const sending = await by.sealed({
      words: () => this.words,
      // A letter made for another mailbox must be sealed anew.
      said: JSON.stringify([before.mailbox, body, identity]),
      files,
      draft: { body, sequence, previous, encloses: false, identity },
    });
    try {
      this.show(await by.send(sending));
      this.sent.add(sending.visit.letter);
      by.done();
      return sending;
    } catch (error) {
      by.failed(error);
      throw error;
    }
  }

  /** Sends the attachments of a letter. Returns false if the person goes on without them. */
  private async upload(letter: string, files: readonly File[], again: boolean): Promise<boolean> {
    this.busy(true);
    try {
      return await uploadShown(this.worker, { words: this.words, letter, files: [...files], again });
    } finally {
      this.busy(false);
    }
  }
}

/** The portal's answer is not this mailbox's slot. */
class UnverifiedSlot extends Error {}
