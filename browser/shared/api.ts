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

async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...plain, ...init });
  } catch {
    throw new ApiError('network', true);
  }
  if (response.ok) return response;
  const answer: unknown = await response.json().catch(() => null);
  const code = (answer as { code?: unknown } | null)?.code;
  const again = code !== 'full' && (response.status >= 500 || response.status === 408);
  throw new ApiError(typeof code === 'string' ? code : 'unexpected', again);
}

export async function fetchStatement(base: string): Promise<unknown> {
  return (await request(`${base}/keys/statement.json`, {})).json();
}

export async function fetchCapacity(base: string): Promise<Capacity> {
  return (await (await request(`${base}/api/capacity`, {})).json()) as Capacity;
}

/** Sends a visit and returns the mailbox's sealed slot. The letter is durable then. */
export async function sendVisit(base: string, visit: SealedVisit): Promise<Uint8Array> {
  const response = await request(`${base}/api/visits`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: visit.request as BufferSource,
  });
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new ApiError('network', true);
  }
}

/** Begins a new attempt to send an enclosure, which replaces an earlier one. `token` permits it. */
export async function beginEnclosure(base: string, token: string, size: number): Promise<Arrived> {
  const response = await request(`${base}/api/enclosure`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ size }),
  });
  return (await response.json()) as Arrived;
}

export async function putPart(
  base: string, token: string, attempt: number, number: number, part: Uint8Array,
): Promise<Arrived> {
  const response = await request(`${base}/api/enclosure/${attempt}/parts/${number}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/octet-stream', Authorization: `Bearer ${token}` },
    body: part as BufferSource,
  });
  return (await response.json()) as Arrived;
}
