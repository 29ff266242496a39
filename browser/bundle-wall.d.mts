/** Fails if a bundle's metafile names an input in worker/. */
export function refuseWorkerCode(metafile: { inputs: Record<string, unknown> }): void;
