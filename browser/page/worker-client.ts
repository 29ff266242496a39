// The page's side of the worker protocol.
import { script } from '../shared/api';
import type { Failure, Ops, Reply } from '../shared/worker-protocol';

declare const SEAL_WORKER: { path: string; integrity: string };

/** A request that the worker could not fulfil. */
export class WorkerError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.code);
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  progress(value: unknown): void;
}

export class SealWorker {
  private worker: Promise<Worker> | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  constructor() {
    this.worker = this.load();
  }

  ask<Op extends keyof Ops>(
    op: Op,
    ask: Ops[Op]['ask'],
    progress: (value: Ops[Op] extends { progress: infer P } ? P : never) => void = () => undefined,
  ): Promise<Ops[Op]['value']> {
    const id = (this.next += 1);
    const worker = (this.worker ??= this.load());
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, progress: progress as Waiting['progress'] });
      worker.then((loaded) => loaded.postMessage({ id, ask: { op, ...ask } })).catch(() => this.fail());
    });
  }

  /**
   * Starts the worker from the very bytes that the page's script names. A worker's address takes no `integrity`, so its
   * script is fetched with one and handed over as a blob.
   */
  private load(): Promise<Worker> {
    const loading = script(SEAL_WORKER.path, SEAL_WORKER.integrity).then((bytes) => {
      const worker = new Worker(URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' })));
      worker.onmessage = (event: MessageEvent<Reply>) => this.receive(event.data);
      worker.onerror = () => this.fail();
      return worker;
    });
    loading.catch(() => this.fail());
    return loading;
  }

  private receive(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    if (waiting === undefined) return;
    if (reply.progress !== undefined) return waiting.progress(reply.progress);
    this.waiting.delete(reply.id);
    if (reply.failure === undefined) waiting.resolve(reply.value);
    else waiting.reject(new WorkerError(reply.failure));
  }

  /** The worker could not be loaded or has failed: requests that wait are rejected, and the next one loads it anew. */
  private fail(): void {
    // It may have an upload that nobody sees any more.
    this.worker?.then((worker) => worker.terminate(), () => undefined);
    this.worker = null;
    for (const waiting of this.waiting.values()) waiting.reject(new WorkerError({ code: 'worker', at: 0 }));
    this.waiting.clear();
  }
}
