// The wall inside the scripts: what runs in a page never holds a key, so the page's bundle must contain nothing of
// worker/. Types are erased before bundling and may be named.

/** Names the inputs of a bundle that stand in worker/. Fails the build if there are any. */
export function refuseWorkerCode(metafile) {
  const inside = Object.keys(metafile.inputs).filter((path) => path.startsWith('worker/'));
  if (inside.length > 0) throw new Error(`the page's bundle contains worker code: ${inside.join(', ')}`);
}
