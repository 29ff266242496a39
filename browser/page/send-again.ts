// Attachments of a letter that have not arrived: chosen once more, on any device that has the receipt code.
import { Attachments } from './attachments';
import { byId, element, problem, show } from './dom';
import { say } from './sentences';
import type { ListedLetter, Slot } from '../worker/slot';

export class SendAgain {
  private readonly attachments = new Attachments('again-files');
  private readonly choice = byId<HTMLSelectElement>('again-letter');
  /** Letters whose attachments have arrived from this page. */
  private readonly sent = new Set<string>();

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

  /** Offers the letters in a slot whose attachments have not arrived. */
  show(slot: Slot): void {
    const before = slot.kind === 'first' ? 0 : slot.earlier;
    const options = slot.received.flatMap((listed, at) => {
      if (!isAwaited(listed) || this.sent.has(listed.letter)) return [];
      const option = element('option', say('again-letter', { number: before + at + 1 }));
      option.value = listed.letter;
      return [option];
    });
    this.choice.replaceChildren(...options);
    show(byId('again'), options.length > 0);
    show(byId('again-choice'), options.length > 1);
  }

  private async send(): Promise<void> {
    const letter = this.choice.value;
    const { files } = this.attachments;
    problem(byId('again-problem'), files.length === 0 ? say('field-missing') : '');
    if (files.length === 0 || !this.attachments.fit()) return;
    const button = byId<HTMLButtonElement>('again-send');
    button.disabled = true;
    try {
      if (!(await this.upload(letter, files))) return;
      this.sent.add(letter);
      this.attachments.clear();
      this.choice.querySelector(`option[value="${letter}"]`)?.remove();
      show(byId('again-form'), this.choice.options.length > 0);
      problem(byId('again-sent'), say('again-sent'));
    } finally {
      button.disabled = false;
    }
  }
}

function isAwaited({ enclosure }: ListedLetter): boolean {
  return enclosure.state === 'announced' || enclosure.state === 'incomplete';
}
