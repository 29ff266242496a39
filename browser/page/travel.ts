// Where a letter is on its way: what is being done, that it takes long, what went wrong, and how to go on.
import { byId, problem, show } from './dom';
import type { Progress } from './delivery';
import { sentenceOf } from './error-text';
import { say } from './sentences';
import { WorkerError } from './worker-client';

/** After so many milliseconds without an answer the page says so, and offers a way on. */
const SLOW = 15_000;

/** What the same letter can never pass: it must be changed first. */
const HOPELESS = ['too-long', 'too-long-identity', 'too-much', 'file-changed'];

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
    show(byId('travel-actions'), false);
    show(byId('travel'), true);
    return { state: (state) => this.tell(state), done: (done) => (bar.value = done), stop: this.stop.signal };
  }

  arrived(): void {
    this.tell('arrived');
  }

  /** `sent`: whether the letter may have arrived all the same. */
  failed(error: unknown, sent: boolean): void {
    this.tell(sent ? 'failed' : 'unsent');
    problem(byId('travel-problem'), sentenceOf(error));
    show(byId('travel-actions'), true);
    const code = error instanceof WorkerError ? error.failure.code : '';
    show(byId('travel-again'), !HOPELESS.includes(code));
  }

  private tell(state: 'keys' | 'sealing' | 'sending' | 'arrived' | 'failed' | 'unsent'): void {
    clearTimeout(this.timer);
    byId('travel-state').textContent = say(`travel-${state}`);
    byId('travel').dataset['state'] = state;
    show(byId('seal-bar'), state === 'sealing');
    show(byId('travel-actions'), false);
    show(byId('travel-again'), true);
    if (state !== 'keys' && state !== 'sealing' && state !== 'sending') return;
    this.timer = setTimeout(() => {
      byId('travel-state').textContent = say(`travel-${state}-slow`);
      show(byId('travel-actions'), true);
    }, SLOW);
  }
}
