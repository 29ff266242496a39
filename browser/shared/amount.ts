// Amounts of yuan as people type them, in the grammar of Rust's `human_text::read_fen`. What is not certainly an amount
// is refused, never guessed.
import { visible } from './human-text';

/** Digits together, or in groups of three between which stand commas or single spaces of one kind; decimals. */
const NUMBER = /^(\d+|\d{1,3}(?:([ ,\u00a0\u2007\u2009\u202f])\d{3})(?:\2\d{3})*)(?:\.(\d*))?$/;
/** A number, and what stands behind it. */
const PARTS = /^¥?\p{White_Space}*([\d., \u00a0\u2007\u2009\u202f]*)(.*)$/su;
const UNIT = /^([万萬]?)(?:[元圆圓][整正]?)?$/u;

/** Full-width digits and signs as plain ones. Not NFKC, which would make digits of ① and ². */
function halfWidth(text: string): string {
  const plain = text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  return plain.replace(/￥/g, '¥').replace(/\u3000/g, ' ');
}

/** The fen of an amount with at most two decimals, with 万 at most six; null if the text is no amount, or too large. */
export function fenOf(typed: string): number | null {
  const [, number = '', rest = ''] = PARTS.exec(trimmed(halfWidth(visible(typed)))) ?? [];
  const [, tenThousand] = UNIT.exec(rest.replace(/\p{White_Space}/gu, '')) ?? [];
  const [, whole, , part = ''] = NUMBER.exec(trimmed(number)) ?? [];
  const decimals = tenThousand === '' ? 2 : 6;
  if (tenThousand === undefined || whole === undefined || part.length > decimals) return null;
  const fen = Number(whole.replace(/\D/g, '') + part.padEnd(decimals, '0'));
  return Number.isSafeInteger(fen) ? fen : null;
}

const trimmed = (text: string): string => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
