// The messages between page and worker.
import type { ClaimNote } from '../worker/claim-note';
import type { Slot } from '../worker/slot';
import type { Verified } from '../worker/statement';
import type { Draft, SealedVisit } from '../worker/visit';
import type { List } from '../worker/receipt';
import type { Progress } from '../worker/upload';

/** Attachments to be sent for a letter. */
export interface Enclosing {
  words: string;
  letter: string;
  files: File[];
  /** Whether they may have been sent before. */
  again: boolean;
}

/** Every operation with its request and its result. */
export interface Ops {
  verify: { ask: { bundle: unknown; root: string; today: string; seen: number | null; grace: number }; value: Verified };
  'new-code': { ask: { list: List }; value: string };
  'check-code': { ask: { typed: string }; value: boolean };
  'same-code': { ask: { typed: string; words: string }; value: boolean };
  note: { ask: { words: string; number: number }; value: ClaimNote };
  seal: { ask: { words: string; draft: Draft; keys: Verified; now: number }; value: SealedVisit; progress: number };
  open: { ask: { words: string; sealed: Uint8Array; keys: Verified }; value: Slot };
  /** `base` is the portal's address: the worker is a blob and has none of its own. */
  upload: { ask: Enclosing & { base: string }; value: void; progress: Progress };
  pause: { ask: object; value: void };
  resume: { ask: object; value: void };
  retry: { ask: object; value: void };
  cancel: { ask: object; value: void };
}

export interface Request {
  id: number;
  ask: { [Op in keyof Ops]: { op: Op } & Ops[Op]['ask'] }[keyof Ops];
}

/** `at` and `name`: the position or number, and the name, that the sentence for this code contains. */
export interface Failure {
  code: string;
  at: number;
  name?: string;
}

export interface Reply {
  id: number;
  progress?: unknown;
  value?: unknown;
  failure?: Failure;
}
