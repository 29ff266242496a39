// The mailbox page: open it with a receipt code, read the slot, add to a report.
import { ApiError, sendVisit } from '../shared/api';
import { Attachments, uploadShown } from './attachments';
import { ClaimForm } from './claim';
import { byId, problem, show, step } from './dom';
import { sentenceOf } from './error-text';
import { capacity, currentKeys } from './current-keys';
import { Delivery, type Sending } from './delivery';
import { say } from './sentences';
import { saysNone, showSlot } from './slot-view';
import { forgetOnLeaving } from './clear-on-leave';
import type { Slot } from '../worker/slot';
import type { Body, Draft } from '../worker/visit';
import type { SealWorker } from './worker-client';
import { entered } from '../shared/human-text';

export function mailboxPage(worker: SealWorker): void {
  new MailboxPage(worker).start();
}

const nothing: Draft = { body: { kind: 'cover' }, sequence: 0, previous: null, encloses: false, identity: null };

class MailboxPage {
  private readonly attachments = new Attachments();
  private readonly text = byId<HTMLTextAreaElement>('follow-up');
  private words = '';
  private slot: Slot | null = null;
  private uploading = false;
  /** Ids of letters with content that were sent from this page. */
  private readonly sent = new Set<string>();

  private readonly claim: ClaimForm;
  private readonly delivery: Delivery;

  constructor(private readonly worker: SealWorker) {
    this.delivery = new Delivery(worker);
    this.claim = new ClaimForm(worker, async (body, identity) => {
      await this.deliver(body, identity, []);
    });
  }

  start(): void {
    // These requests equal those of the report page when it is opened.
    Promise.all([currentKeys(this.worker), capacity()]).then(
      ([, room]) => room.enclosures || this.attachments.close(),
      (error: unknown) => problem(byId('code-input-problem'), sentenceOf(error)),
    );
    byId('look-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.look();
    });
    byId('follow-up-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.followUp();
    });
    forgetOnLeaving(() => this.uploading || this.claim.isTyped() || this.text.value !== '' || this.attachments.files.length > 0);
  }

  private async look(): Promise<void> {
    const input = byId<HTMLInputElement>('code-input');
    const button = byId<HTMLButtonElement>('look-button');
    problem(byId('code-input-problem'), '');
    button.disabled = true;
    show(byId('look-busy'), true);
    try {
      const slot = await this.fetchSlot(input.value);
      this.words = input.value;
      input.value = '';
      this.show(slot);
      step('mailbox');
    } catch (error) {
      problem(byId('code-input-problem'), error instanceof UnverifiedSlot ? say('slot-refused') : sentenceOf(error));
    } finally {
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
    show(byId('follow-up-form'), !saysNone(slot));
    show(byId('none-onward'), saysNone(slot));
  }

  /** Checking the mailbox is a visit like any other: it sends a cover letter without content and receives the slot. */
  private async fetchSlot(words: string): Promise<Slot> {
    await this.worker.ask('check-code', { typed: words });
    const keys = await currentKeys(this.worker);
    const visit = await this.worker.ask('seal', { words, draft: nothing, keys, now: Date.now() });
    const sealed = await sendVisit('', visit);
    return this.worker.ask('open', { words, sealed, keys }).catch(() => {
      throw new UnverifiedSlot();
    });
  }

  private async followUp(): Promise<void> {
    if (this.slot === null || !this.attachments.fit()) return;
    const text = entered(this.text.value);
    const { files } = this.attachments;
    problem(byId('follow-up-sent'), '');
    problem(byId('follow-up-problem'), text === '' && files.length === 0 ? say('field-missing') : '');
    if (text === '' && files.length === 0) return;
    const button = byId<HTMLButtonElement>('follow-up-send');
    button.disabled = true;
    try {
      const sending = await this.deliver({ kind: 'follow-up', text }, null, files);
      this.text.value = '';
      const whole = files.length === 0 || (await this.upload(sending));
      if (whole) this.attachments.clear();
      problem(byId('follow-up-sent'), say(whole ? 'follow-up-sent' : 'follow-up-text-only'));
    } catch (error) {
      problem(byId('follow-up-problem'), sentenceOf(error));
    } finally {
      button.disabled = false;
    }
  }

  /** Seals and sends a letter, and shows the slot of the answer. A repeated attempt sends the same letter unchanged. */
  private async deliver(body: Body, identity: Draft['identity'], files: readonly File[]): Promise<Sending> {
    const before = this.slot;
    if (before === null) throw new ApiError('answer', true);
    const sequence = before.received.length + (before.kind === 'first' ? 0 : before.earlier);
    const previous = before.received.at(-1)?.letter ?? null;
    const sending = await this.delivery.sealed({
      words: () => this.words,
      // A letter made for another mailbox must be sealed anew.
      said: JSON.stringify([before.mailbox, body, identity]),
      files,
      draft: { body, sequence, previous, encloses: false, identity },
    });
    try {
      this.show(await this.delivery.send(sending));
      this.sent.add(sending.visit.letter);
      this.delivery.done();
      return sending;
    } catch (error) {
      this.delivery.failed(error);
      throw error;
    }
  }

  /** Returns false if only the text has arrived; the page shows the reason. */
  private async upload(sending: Sending): Promise<boolean> {
    this.uploading = true;
    const sent = uploadShown(this.worker, sending.words, sending.visit.letter, sending.files, () => undefined);
    const whole = await sent.then(() => true, () => false);
    this.uploading = false;
    return whole;
  }
}

/** The portal's answer is not this mailbox's slot. */
class UnverifiedSlot extends Error {}
