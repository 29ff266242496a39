// The page's bundle contains no worker code; a bundle with worker code is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { refuseWorkerCode } from '../bundle-wall.mjs';

async function inputs(contents: string): Promise<{ inputs: Record<string, unknown> }> {
  const stdin = { contents, resolveDir: 'page', sourcefile: 'page/try.ts', loader: 'ts' as const };
  const built = await build({ stdin, bundle: true, metafile: true, write: false, platform: 'browser', format: 'iife' });
  return built.metafile;
}

test('worker code in a page stops the build; naming its types does not', async () => {
  const types = await inputs("import type { Slot } from '../worker/slot'; export const none: Slot | null = null;");
  refuseWorkerCode(types);
  const code = await inputs("import { claimNote } from '../worker/claim-note'; console.log(claimNote);");
  assert.throws(() => refuseWorkerCode(code), /worker\/claim-note\.ts/);
});
