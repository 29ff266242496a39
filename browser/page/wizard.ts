// The steps of a page. The browser's "back" goes one step back, and never leaves a step that must not be lost: the
// receipt code is not shown a second time.
import { byId, show, step } from './dom';

export class Steps {
  private current = '';

  constructor(
    /** The step that "back" leads to, by step. */
    private readonly before: Readonly<Record<string, string>>,
    /** Steps that "back" and the navigation must not leave. */
    private readonly held: readonly string[],
  ) {
    window.addEventListener('popstate', () => {
      if (this.before[this.current] !== undefined) this.back();
      else if (this.held.includes(this.current)) history.pushState(null, '');
    });
  }

  /** The step that is shown; empty for the first. */
  get at(): string {
    return this.current;
  }

  go(id: string): void {
    // The address does not change, so nothing is added to the browser's history of addresses.
    history.pushState(null, '');
    this.show(id);
  }

  back(): void {
    const before = this.before[this.current];
    if (before !== undefined) this.show(before);
  }

  private show(id: string): void {
    this.current = id;
    show(byId('navigation'), !this.held.includes(id) && this.before[id] !== 'code');
    step(id);
  }
}
