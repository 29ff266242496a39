// What the worker does for the page. All code that handles keys is behind this.
import { random } from './bytes';
import { claimNote } from './claim-note';
import { TooMuch } from '../shared/enclosure-size';
import { FileChanged } from './enclosure';
import { BadReceipt, parseReceipt, reporterOf, wordsOf } from './receipt';
import { TooLong, TooLongIdentity } from './seal';
import { openSlot, slotKeys } from './slot';
import { BadStatement, verifyStatement } from './statement';
import { Upload } from './upload';
import { ApiError } from '../shared/api';
import { sealVisit } from './visit';
import type { Failure, Request } from '../shared/worker-protocol';

let upload: Upload | null = null;
/** Counts uploads and their ends: one that was ended before it began never begins. */
let turns = 0;

/** Carries out one request of the page. */
export async function operate(ask: Request['ask'], progress: (value: unknown) => void): Promise<unknown> {
  switch (ask.op) {
    case 'verify':
      return verifyStatement(ask.bundle, ask.root, ask.today, ask.seen, ask.grace);
    case 'new-code':
      return wordsOf(random(16), ask.list);
    case 'check-code':
      return parseReceipt(ask.typed).length > 0;
    case 'same-code': {
      const [one, other] = [parseReceipt(ask.typed), parseReceipt(ask.words)];
      return one.every((byte, index) => byte === other[index]);
    }
    case 'note':
      return claimNote((await reporterOf(parseReceipt(ask.words))).claimKey, ask.number);
    case 'seal': {
      const reporter = await reporterOf(parseReceipt(ask.words));
      return sealVisit(reporter, ask.draft, ask.keys, ask.now, progress);
    }
    case 'open': {
      const reporter = await reporterOf(parseReceipt(ask.words));
      return openSlot(ask.sealed, reporter, slotKeys(ask.keys));
    }
    case 'upload': {
      const turn = (turns += 1);
      const reporter = await reporterOf(parseReceipt(ask.words));
      if (turn !== turns) throw new ApiError('network', false);
      const current = new Upload(ask.base, reporter, ask.letter, ask.files, ask.again, progress);
      upload = current;
      // It holds the reporter's keys, and is kept no longer than it runs.
      return current.run().finally(() => {
        if (upload === current) upload = null;
      });
    }
    case 'pause':
      return upload?.pause();
    case 'resume':
      return upload?.resume();
    case 'retry':
      return upload?.retry();
    case 'cancel':
      turns += 1;
      return upload?.cancel();
  }
}

/** Errors as data: their classes are lost between worker and page. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BadReceipt) return { code: `receipt-${error.code}`, at: error.at };
  if (error instanceof BadStatement) return { code: `statement-${error.code}`, at: 0 };
  if (error instanceof TooLong) {
    const code = error instanceof TooLongIdentity ? 'too-long-identity' : 'too-long';
    return { code, at: Math.ceil((error.found - error.size) / 3) };
  }
  if (error instanceof TooMuch) return { code: 'too-much', at: 0 };
  if (error instanceof FileChanged) return { code: 'file-changed', at: 0, name: error.file };
  if (error instanceof ApiError) return { code: error.code, at: 0 };
  return { code: 'unexpected', at: 0 };
}
