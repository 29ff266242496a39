// Requests to the portal. `base` is empty in the browser, and the portal's address elsewhere.
import type { SealedVisit } from '../worker/visit';

/** The portal answered with an error, or not at all. `code` is stable; `docs/formats/api.md` lists the codes. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    /** Whether sending the same request again may succeed. */
    readonly again: boolean,
  ) {
    super(code);
  }
}

export interface Capacity {
  letters: boolean;
  enclosures: boolean;
}

/** An attempt to send an enclosure, and the parts that have arrived. */
export interface Arrived {
  attempt: number;
  size: number;
  parts: number[];
  complete: boolean;
}

/** Requests carry nothing that identifies: no cookies, no referrer, no cache. */
const plain: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store', redirect: 'error' };

/** Time limits in milliseconds, in which a slow line over Tor still answers. */
const SMALL = 60_000;
/** A visit of 106 kB, at 4 kB/s, and a minute in line; or the worker's script, of some 170 kB. */
const VISIT = 120_000;
/** A part of 4 MiB, at 4 kB/s. */
const PART = 1_060_000;

interface Answer {
  ok: boolean;
  status: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Sends a request and reads the whole answer within a time. `stop` ends it before. */
async function exchange(url: string, init: RequestInit, within: number, stop?: AbortSignal): Promise<Answer> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = setTimeout(end, within);
  stop?.addEventListener('abort', end);
  if (stop?.aborted === true) end();
  try {
    const response = await fetch(url, { ...plain, ...init, signal: ended.signal });
    return { ok: response.ok, status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch {
    throw new ApiError('network', true);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', end);
  }
}

/** A script of the site, if it is the one with this integrity; an error as if it had not come otherwise. */
export async function script(path: string, integrity: string): Promise<Uint8Array<ArrayBuffer>> {
  return (await request(path, { integrity }, VISIT)).bytes;
}

function json({ bytes }: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function errorOf(answer: Answer): ApiError {
  const code = (json(answer) as { code?: unknown } | null)?.code;
  const again = code !== 'full' && (answer.status >= 500 || answer.status === 408);
  return new ApiError(typeof code === 'string' ? code : 'unexpected', again);
}

async function request(url: string, init: RequestInit, within: number, stop?: AbortSignal): Promise<Answer> {
  const answer = await exchange(url, init, within, stop);
  if (!answer.ok) throw errorOf(answer);
  return answer;
}

export async function fetchStatement(base: string, stop?: AbortSignal): Promise<unknown> {
  return json(await request(`${base}/keys/statement.json`, {}, SMALL, stop));
}

export async function fetchCapacity(base: string): Promise<Capacity> {
  return json(await request(`${base}/api/capacity`, {}, SMALL)) as Capacity;
}

/** The answer to a visit: the mailbox's sealed slot, and whether the letter is durable. */
export interface Visited {
  slot: Uint8Array;
  /** False if the store is full: the mailbox can be read all the same. */
  kept: boolean;
}

/** Sends a visit. */
export async function sendVisit(base: string, visit: SealedVisit, stop?: AbortSignal): Promise<Visited> {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: visit.request as BufferSource,
  };
  const answer = await exchange(`${base}/api/visits`, init, VISIT, stop);
  // An error is a few characters of JSON.
  const isFull = answer.status === 507 && answer.bytes.length > 1024;
  if (!answer.ok && !isFull) throw errorOf(answer);
  return { slot: answer.bytes, kept: answer.ok };
}

/** The newest attempt to send an enclosure. */
export async function fetchEnclosure(base: string, token: string, stop: AbortSignal): Promise<Arrived> {
  const init = { headers: { Authorization: `Bearer ${token}` } };
  return json(await request(`${base}/api/enclosure`, init, SMALL, stop)) as Arrived;
}

/** Begins a new attempt to send an enclosure, which replaces an earlier one. `token` permits it. */
export async function beginEnclosure(base: string, token: string, size: number, stop: AbortSignal): Promise<Arrived> {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ size }),
  };
  return json(await request(`${base}/api/enclosure`, init, SMALL, stop)) as Arrived;
}

export async function putPart(
  base: string, token: string, attempt: number, number: number, part: Uint8Array, stop: AbortSignal,
): Promise<Arrived> {
  const init = {
    method: 'PUT',
    headers: { 'Content-Type': 'application/octet-stream', Authorization: `Bearer ${token}` },
    body: part as BufferSource,
  };
  return json(await request(`${base}/api/enclosure/${attempt}/parts/${number}`, init, PART, stop)) as Arrived;
}
