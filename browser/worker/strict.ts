// One strict reading of everything that was sealed or signed, the same as in Rust (`crypto`): what one reader accepts
// and another reads differently could say one thing to the post and another to the reporter.
import { isDay } from '../shared/day';

/** Why something sealed or signed is refused; codes as in `vectors/`. */
export class Refused extends Error {
  constructor(readonly code: 'open' | 'size' | 'form' | 'signature' | 'foreign') {
    super(code);
  }
}

/** Requires that something holds; otherwise the format is wrong. */
export function check(holds: boolean): asserts holds {
  if (!holds) throw new Refused('form');
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
/** Half of a character that UTF-16 writes in two parts; whole ones are one character to `u`. */
export const HALF = /[\ud800-\udfff]/u;

/**
 * Parses JSON. Refuses what readers disagree about: a name that occurs twice in an object, half a character, and a
 * number that is not written as a whole one (no format has others, and none below zero).
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused('form');
  }
  const tokens = text.match(TOKEN) ?? [];
  /** The names seen in each open object, innermost last; null for an array. */
  const open: (Set<string> | null)[] = [];
  tokens.forEach((token, at) => {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : null);
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"')) {
      const name = JSON.parse(token) as string;
      check(!HALF.test(name));
      if (tokens[at + 1] !== ':') return;
      const names = open.at(-1);
      check(!names?.has(name));
      names?.add(name);
    } else if (/^[-0-9]/.test(token)) check(/^(0|[1-9][0-9]*)$/.test(token));
  });
  return value;
}

/** Requires an object with exactly these fields; unknown and missing fields are refused. */
export function strict<K extends string>(value: unknown, fields: readonly K[]): Record<K, unknown> {
  check(typeof value === 'object' && value !== null && !Array.isArray(value));
  const found = Object.keys(value);
  check(found.length === fields.length && fields.every((field) => found.includes(field)));
  return value as Record<K, unknown>;
}

export const isText = (value: unknown): value is string => typeof value === 'string';

/** A civil day as `2026-11-23`, one that is in the calendar. */
export const isCivilDay = (value: unknown): value is string => isText(value) && isDay(value);

/** A digest or an id of 32 bytes: 64 lower-case hexadecimal characters. */
export const isDigest = (value: unknown): value is string => isText(value) && /^[0-9a-f]{64}$/.test(value);

/** A letter's id, 16 bytes: 32 lower-case hexadecimal characters. */
export const isLetterId = (value: unknown): value is string => isText(value) && /^[0-9a-f]{32}$/.test(value);

/** A whole number that is not negative, and not above 2^53 - 1. Amounts are such numbers of fen. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A whole number of at most 32 bits. */
export const isSmall = (value: unknown): value is number => isCount(value) && value <= 0xffffffff;

/** One of the codes of a closed list. */
export function isOneOf<T extends string>(codes: readonly T[], value: unknown): value is T {
  return (codes as readonly unknown[]).includes(value);
}

/** Whether a value is a list of which every element is of a kind. */
export function isListOf<T>(value: unknown, is: (element: unknown) => element is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}
