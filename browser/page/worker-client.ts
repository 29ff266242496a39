// The page's side of the worker protocol.
import type { Failure, Ops, Reply } from '../shared/worker-protocol';

declare const SEAL_WORKER: string;

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
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private broken = false;

  constructor() {
    this.worker = new Worker(SEAL_WORKER);
    this.worker.onmessage = (event: MessageEvent<Reply>) => this.receive(event.data);
    this.worker.onerror = () => this.fail();
  }

  ask<Op extends keyof Ops>(
    op: Op,
    ask: Ops[Op]['ask'],
    progress: (value: Ops[Op] extends { progress: infer P } ? P : never) => void = () => undefined,
  ): Promise<Ops[Op]['value']> {
    const id = (this.next += 1);
    if (this.broken) return Promise.reject(new WorkerError({ code: 'worker', at: 0 }));
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, progress: progress as Waiting['progress'] });
      this.worker.postMessage({ id, ask: { op, ...ask } });
    });
  }

  private receive(reply: Reply): void {
    const waiting = this.waiting.get(reply.id);
    if (waiting === undefined) return;
    if (reply.progress !== undefined) return waiting.progress(reply.progress);
    this.waiting.delete(reply.id);
    if (reply.failure === undefined) waiting.resolve(reply.value);
    else waiting.reject(new WorkerError(reply.failure));
  }

  /** The worker could not be loaded or has failed: pending and later requests are rejected. */
  private fail(): void {
    this.broken = true;
    for (const waiting of this.waiting.values()) waiting.reject(new WorkerError({ code: 'worker', at: 0 }));
    this.waiting.clear();
  }
}
