// A reporter's choice about an award: claim it with the code or openly, refuse it, or request reconsideration; and
// the claim note, against which finance pays.
import { byId, element, problem, show } from './dom';
import { sentenceOf } from './error-text';
import { qrCode } from './qr';
import { yuan } from './reward';
import { say } from './sentences';
import type { Slot, ClaimStatus } from '../worker/slot';
import type { Body, Choice, Draft } from '../worker/visit';
import type { SealWorker } from './worker-client';
import { entered } from '../shared/human-text';

/** Sends a letter with this content; resolves once the mailbox's own slot has proved that it arrived. */
export type Deliver = (body: Body, identity: Draft['identity']) => Promise<void>;

export class ClaimForm {
  private readonly choice = byId<HTMLSelectElement>('claim-choice');
  private readonly options = [...this.choice.options];
  private status: ClaimStatus | null = null;
  private words = '';
  /** Whether a choice was sent from this page. The slot shows it only after the post has entered it. */
  private sent = false;

  constructor(
    private readonly worker: SealWorker,
    private readonly deliver: Deliver,
  ) {
    this.choice.addEventListener('change', () => this.chosen());
    byId('claim-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
    byId('claim-print').addEventListener('click', () => window.print());
  }

  /** Whether the form contains typed text that would be lost. */
  isTyped(): boolean {
    return ['payee-name', 'payee-account', 'payee-contact', 'claim-reasons'].some((id) => typed(id) !== '');
  }

  /** Shows the claim in a slot; hides the form if there is no award. */
  show(slot: Slot, words: string): void {
    const outcome = slot.kind === 'post' ? slot.outcome : null;
    this.status = outcome?.outcome === 'confirmed' ? outcome.claim : null;
    this.words = words;
    show(byId('claim'), this.status !== null);
    if (this.status === null) return;
    byId('claim-state').replaceChildren(...inWords(this.status));
    this.offer(this.status);
    void this.note(this.status);
  }

  /** Shows the choices that are open now. */
  private offer(status: ClaimStatus): void {
    const open = this.sent ? [] : choices(status);
    this.choice.replaceChildren(...this.options.filter(({ value }) => value === '' || open.includes(value)));
    this.choice.value = '';
    show(byId('claim-form'), open.length > 0);
    this.chosen();
  }

  private chosen(): void {
    const { value } = this.choice;
    show(byId('claim-about-note'), value === 'note');
    show(byId('claim-payee'), value === 'open');
    show(byId('claim-about-refuse'), value === 'refuse');
    show(byId('claim-why'), value === 'reconsider');
    problem(byId('claim-problem'), '');
  }

  /** Shows the claim note while there is a payment order for it. */
  private async note(status: ClaimStatus): Promise<void> {
    const place = byId('claim-note');
    show(place, status.state === 'note');
    // By this alone the style knows what to print: older browsers have no `:has`.
    document.body.classList.toggle('has-note', status.state === 'note');
    if (status.state !== 'note') return byId('claim-note-shown').replaceChildren();
    const note = await this.worker.ask('note', { words: this.words, number: status.offer_number });
    const value = say('note-value', { amount: yuan(status.open_fen), day: status.last_day ?? '' });
    // Groups of five, for reading aloud; spaces are ignored wherever the note is typed.
    const chinese = element('p', note.chinese.replace(/.{5}(?=.)/gu, '$& '), 'words');
    const english = element('p', note.english, 'words');
    chinese.lang = 'zh';
    english.lang = 'en';
    chinese.id = 'note-words';
    byId('claim-note-shown').replaceChildren(element('p', value, 'state'), qrCode(note.qr, say('note-qr')), chinese, english);
  }

  private async send(): Promise<void> {
    const { status } = this;
    if (status === null) return;
    const missing = this.missing();
    problem(byId('claim-problem'), missing);
    if (missing !== '') return;
    const button = byId<HTMLButtonElement>('claim-send');
    button.disabled = true;
    problem(byId('claim-sent'), say('travel-sending'));
    try {
      const choice = await this.made(status);
      const open = choice.choice === 'open';
      const payee = { name: typed('payee-name'), contact: typed('payee-contact'), account: typed('payee-account') };
      const text = choice.choice === 'reconsider' ? typed('claim-reasons') : '';
      await this.deliver({ kind: 'claim', choice, text }, open ? payee : null);
      this.sent = true;
      this.offer(status);
      byId<HTMLFormElement>('claim-form').reset();
      problem(byId('claim-sent'), say('claim-sent'));
    } catch (error) {
      problem(byId('claim-sent'), '');
      problem(byId('claim-problem'), sentenceOf(error));
    } finally {
      button.disabled = false;
    }
  }

  private missing(): string {
    const { value } = this.choice;
    if (value === '') return say('claim-nothing-chosen');
    if (value === 'open' && (typed('payee-name') === '' || typed('payee-account') === '')) return say('payee-missing');
    if (value === 'reconsider' && typed('claim-reasons') === '') return say('field-missing');
    return '';
  }

  private async made(status: ClaimStatus): Promise<Choice> {
    const { value } = this.choice;
    if (value === 'open' || value === 'refuse' || value === 'reconsider') return { choice: value, offer_number: status.offer_number };
    const { hash } = await this.worker.ask('note', { words: this.words, number: status.offer_number });
    return { choice: 'note', offer_number: status.offer_number, note: hash };
  }
}

const typed = (id: string): string => entered(byId<HTMLInputElement>(id).value);

/** The choices that are open in a state. */
function choices(status: ClaimStatus): string[] {
  const take = status.against_code ? ['note', 'open'] : ['open'];
  const again = status.reconsider_until === null ? [] : ['reconsider'];
  switch (status.state) {
    case 'open':
      return [...take, 'refuse', ...again];
    case 'refused':
    case 'waived':
      return [...take, ...again];
    case 'lapsed':
    case 'paid':
    case 'nothing':
      return again;
    default:
      return [];
  }
}

/** The state of the claim, with the time limits. */
function inWords(status: ClaimStatus): HTMLElement[] {
  const { state, last_day, reconsider_until, paid_fen, paid_on, answered_on } = status;
  const values = { day: last_day ?? '', amount: yuan(status.open_fen) };
  const shown = [element('p', say(`claim-${state}`, values), 'state')];
  if (paid_on !== null) shown.push(element('p', say('claim-paid-on', { amount: yuan(paid_fen), day: paid_on })));
  if (answered_on !== null) shown.push(element('p', say('claim-answered', { day: answered_on })));
  if (reconsider_until !== null) {
    shown.push(element('p', say('claim-reconsider-until', { day: reconsider_until }), 'hint'));
  }
  return shown;
}
