// Sends one report after another as the report page does, until it is killed. Prints `shown CODE` when the page would
// have a receipt code on the screen, and `arrived CODE` when it would say that the letter has arrived.
// Usage: keep-sending.mjs PORTAL_URL ROOT_KEY
import { writeSync } from 'node:fs';
import { Delivery } from '../page/delivery';
import { WorkerError } from '../page/worker-client';
import type { SealWorker } from '../page/worker-client';
import type { Request } from '../shared/worker-protocol';
import { failureOf, operate } from '../worker/operations';
import type { Draft } from '../worker/visit';

const [base = '', root = ''] = process.argv.slice(2);

// The page's own modules run here, on what they use of a page.
Object.assign(globalThis, {
  window: { isSecureContext: true }, location: { hostname: '127.0.0.1' }, document: { body: { dataset: { root } } },
});
const { fetch } = globalThis;
globalThis.fetch = (path, init) => fetch(`${base}${String(path)}`, init);

/** The worker without a thread. */
const worker = {
  ask: (op: string, ask: object): Promise<unknown> =>
    operate({ op, ...ask } as Request['ask'], () => undefined).catch((error: unknown) => {
      throw new WorkerError(failureOf(error));
    }),
} as unknown as SealWorker;

/** Written at once: what a person could read when the process is killed is in the pipe. */
function print(line: string): void {
  writeSync(1, `${line}\n`);
}

async function report(what: string): Promise<void> {
  const words = await worker.ask('new-code', { list: 'english' });
  print(`shown ${words}`);
  const delivery = new Delivery(worker);
  const body = {
    kind: 'report' as const, category: 'other' as const, party: '', address: '', town: '', what, when: '',
    ongoing: 'unknown' as const, knowledge: '', evidence: '', reporter: 'public' as const, elsewhere: '', danger: '',
    reward: 'later' as const, naming: 'anonymous' as const, restricted: false,
  };
  const draft: Draft = { body, sequence: 0, previous: null, encloses: false, identity: null };
  for (;;) {
    try {
      const slot = await delivery.send(await delivery.sealed({ words: () => words, said: what, files: [], draft }));
      if (slot.received.some(({ letter }) => delivery.made.includes(letter))) return print(`arrived ${words}`);
    } catch (error) {
      delivery.failed(error);
      await new Promise((go) => setTimeout(go, 20));
    }
  }
}

for (let number = 1; ; number += 1) await report(`report ${number}`);
