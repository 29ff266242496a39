// Conversions between bytes and text that the formats need.
import { hex, base64 } from '@scure/base';

export const toHex = (bytes: Uint8Array): string => hex.encode(bytes);
export const toBase64 = (bytes: Uint8Array): string => base64.encode(bytes);
export const fromBase64 = (text: string): Uint8Array => base64.decode(text);
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Decodes lower-case hexadecimal of exactly `length` bytes; anything else throws. */
export function fromHex(text: string, length: number): Uint8Array {
  if (!/^[0-9a-f]*$/.test(text) || text.length !== length * 2) throw new Error('not hexadecimal of its length');
  return hex.decode(text);
}

/** Decodes UTF-8; invalid UTF-8 throws. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Random bytes from the browser's cryptographic generator. */
export function random(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
