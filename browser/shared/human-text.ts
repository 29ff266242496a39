// One reading of what people type and paste. Rust's crate `human-text` reads alike: both are held to
// `vectors/human-text.json`, and both have the characters of one table.
import table from '../../human-text/src/han-folding.txt';

/** Unicode's characters that nothing shows: joiners, direction marks, variation selectors, fillers, tags. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Anything that is shown. U+2800 is a blank pattern of dots. */
const SHOWN = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u;

let forms: Map<string, string> | null = null;

/** Radicals and traditional characters with their simplified forms; read when first needed. */
function simplified(): Map<string, string> {
  if (forms !== null) return forms;
  const lines = table.split('\n').filter((line) => !line.startsWith('#'));
  const pairs = lines.join('').match(/../gsu) ?? [];
  forms = new Map(pairs.map((pair) => [...pair] as [string, string]));
  return forms;
}

export function visible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** Whether a text shows nothing: a required field that holds it is empty. */
export function isBlank(text: string): boolean {
  return !SHOWN.test(text);
}

/** What a field holds, without white space around it; empty if it shows nothing. */
export function entered(text: string): string {
  return isBlank(text) ? '' : text.trim();
}

/**
 * Text as it is compared: without invisible characters, in NFKC, radicals as ideographs, traditional characters as
 * simplified ones, in lower case. White space and punctuation stay.
 */
export function plain(text: string): string {
  const table = simplified();
  return Array.from(visible(text).normalize('NFKC'), (c) => (table.get(c) ?? c).toLowerCase()).join('');
}

/** Whether a character is an ideograph, of which each is a word or part of one without spaces. */
export function isHan(c: string): boolean {
  return /[\u3400-\u9fff\u{20000}-\u{3ffff}]/u.test(c);
}
