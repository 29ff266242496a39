// The wall inside the scripts: code in a page never holds a key, so the page's bundle must contain nothing of
// worker/. Types are erased before bundling and may be named.

/** Fails the build if a bundle has inputs from worker/, and names them. */
export function refuseWorkerCode(metafile) {
  const inside = Object.keys(metafile.inputs).filter((path) => path.startsWith('worker/'));
  if (inside.length > 0) throw new Error(`the page's bundle contains worker code: ${inside.join(', ')}`);
}
