// The worker: all code that handles keys. The page holds words and fields, nothing derived from them.
import { failureOf, operate } from './operations';
import type { Reply, Request } from '../shared/worker-protocol';

const scope = self as unknown as { onmessage: unknown; postMessage(message: unknown, transfer?: Transferable[]): void };

scope.onmessage = (event: MessageEvent<Request>): void => {
  const { id, ask } = event.data;
  const progress = (value: unknown): void => scope.postMessage({ id, progress: value } satisfies Reply);
  operate(ask, progress).then(
    (value) => scope.postMessage({ id, value } satisfies Reply),
    (error: unknown) => scope.postMessage({ id, failure: failureOf(error) } satisfies Reply),
  );
};
