// Attachments of a letter that have not arrived: chosen once more, on any device that has the receipt code.
import { Attachments } from './attachments';
import { byId, element, problem, show } from './dom';
import { say } from './sentences';
import { isWaitedFor } from './slot-view';
import type { ListedLetter, Slot } from '../worker/slot';

export class SendAgain {
  private readonly attachments = new Attachments('again-files');
  private readonly choice = byId<HTMLSelectElement>('again-letter');
  /** Letters whose attachments have arrived from this page. */
  private readonly sent = new Set<string>();
  /** Letters that were sent from this page without all of their attachments; no slot lists them yet. */
  private readonly unfinished: string[] = [];
  private slot: Slot | null = null;

  /** `upload` sends the files of a letter, and returns whether all arrived. */
  constructor(private readonly upload: (letter: string, files: readonly File[]) => Promise<boolean>) {
    byId('again-form').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  /** Whether files are chosen that would be lost. */
  isChosen(): boolean {
    return this.attachments.files.length > 0;
  }

  /** Nothing can be chosen while something is sent. */
  busy(isBusy: boolean): void {
    this.attachments.busy(isBusy);
  }

  /** Called when the site accepts no attachments now. */
  close(): void {
    this.attachments.close();
  }

  /** Offers a letter that was sent from this page, and whose attachments did not all arrive. */
  offer(letter: string): void {
    this.unfinished.push(letter);
    if (this.slot !== null) this.show(this.slot);
  }

  /** Offers the letters in a slot whose attachments have not arrived. */
  show(slot: Slot): void {
    this.slot = slot;
    const before = slot.kind === 'first' ? 0 : slot.earlier;
    const option = (letter: string, text: string): HTMLOptionElement[] => {
      if (this.sent.has(letter)) return [];
      const made = element('option', text);
      made.value = letter;
      return [made];
    };
    const listed = slot.received.flatMap((one, at) =>
      isAwaited(one) ? option(one.letter, say('again-letter', { number: before + at + 1 })) : [],
    );
    const latest = this.unfinished.flatMap((letter) => option(letter, say('again-letter-latest')));
    const options = [...latest, ...listed];
    this.choice.replaceChildren(...options);
    show(byId('again'), options.length > 0 || this.sent.size > 0);
    show(byId('again-form'), options.length > 0);
    show(byId('again-choice'), options.length > 1);
  }

  private async send(): Promise<void> {
    const letter = this.choice.value;
    const { files } = this.attachments;
    problem(byId('again-problem'), files.length === 0 ? say('field-missing') : '');
    if (files.length === 0 || !this.attachments.fit()) return;
    problem(byId('again-sent'), '');
    if (!(await this.upload(letter, files))) return;
    this.sent.add(letter);
    this.attachments.clear();
    if (this.slot !== null) this.show(this.slot);
    problem(byId('again-sent'), say('again-sent'));
  }
}

/** Whether the site still waits for the attachments of a letter. */
function isAwaited({ enclosure }: ListedLetter): boolean {
  return enclosure.state === 'announced' || (enclosure.state === 'incomplete' && isWaitedFor(enclosure.since));
}
