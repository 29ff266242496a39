// Where a letter is on its way: what is being done, that it takes long, what went wrong, and how to go on.
import { byId, problem, show } from './dom';
import type { Progress } from './delivery';
import { sentenceOf } from './error-text';
import { say } from './sentences';

/** After so many milliseconds without an answer the page says so, and offers a way on. */
const SLOW = 15_000;

export class Travel {
  private stop = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `again` sends once more, `change` goes back to the answers. Either ends what is on its way. */
  constructor(again: () => void, change: () => void) {
    const then = (go: () => void) => (): void => {
      this.stop.abort();
      go();
    };
    byId('travel-again').addEventListener('click', then(again));
    byId('travel-change').addEventListener('click', then(change));
  }

  begin(): Progress {
    this.stop = new AbortController();
    const bar = byId<HTMLProgressElement>('seal-bar');
    bar.value = 0;
    problem(byId('travel-problem'), '');
    show(byId('travel'), true);
    return { state: (state) => this.tell(state), done: (done) => (bar.value = done), stop: this.stop.signal };
  }

  arrived(): void {
    this.tell('arrived');
  }

  failed(error: unknown): void {
    this.tell('failed');
    problem(byId('travel-problem'), sentenceOf(error));
    show(byId('travel-actions'), true);
  }

  private tell(state: 'keys' | 'sealing' | 'sending' | 'arrived' | 'failed'): void {
    clearTimeout(this.timer);
    byId('travel-state').textContent = say(`travel-${state}`);
    byId('travel').dataset['state'] = state;
    show(byId('seal-bar'), state === 'sealing');
    show(byId('travel-actions'), false);
    if (state !== 'keys' && state !== 'sending') return;
    this.timer = setTimeout(() => {
      byId('travel-state').textContent = say(`travel-${state}-slow`);
      show(byId('travel-actions'), true);
    }, SLOW);
  }
}
