// Uploads that are paused, given up and gone on with, against a site that counts what reaches it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { random } from '../worker/bytes';
import { reporterOf } from '../worker/receipt';
import { Upload } from '../worker/upload';

const file = { name: 'x.txt', size: 3, stream: () => new Blob(['abc']).stream() as ReadableStream<Uint8Array> };
const letter = '00'.repeat(16);

/** A site that answers the beginning, and lets `part` decide about parts. */
function site(part: () => Response | Promise<Response>): { parts: number } {
  const seen = { parts: 0 };
  globalThis.fetch = async (_path, init) => {
    if (init?.method === 'POST') return Response.json({ attempt: 1, size: 1, parts: [], complete: false });
    seen.parts += 1;
    return part();
  };
  return seen;
}

const busy = (): Response => Response.json({ code: 'busy', message: '' }, { status: 503 });

test('what is given up while it waits is not sent once more', async () => {
  for (const paused of [true, false]) {
    const seen = site(busy);
    let waiting: (() => void) | null = null;
    const waits = new Promise<void>((go) => (waiting = go));
    const upload: Upload = new Upload('', await reporterOf(random(16)), letter, [file], false, (progress) => {
      if (progress.waiting === 'busy' && paused) upload.pause();
      if (progress.waiting === (paused ? 'paused' : 'busy')) waiting?.();
    });
    const ended = assert.rejects(upload.run());
    // A waiting upload that was paused looks at it when its wait is over.
    await waits;
    const before = seen.parts;
    upload.cancel();
    await ended;
    assert.equal(seen.parts, before);
  }
});

test('a line that returns does not go on with what a person has paused', async () => {
  const seen = site(busy);
  let waiting: (() => void) | null = null;
  const waits = new Promise<void>((go) => (waiting = go));
  const upload: Upload = new Upload('', await reporterOf(random(16)), letter, [file], false, (progress) => {
    if (progress.waiting === 'busy') upload.pause();
    if (progress.waiting === 'paused') waiting?.();
  });
  const ended = assert.rejects(upload.run());
  await waits;
  const before = seen.parts;
  upload.retry();
  await new Promise((go) => setTimeout(go, 50));
  assert.equal(seen.parts, before);
  upload.cancel();
  await ended;
});
