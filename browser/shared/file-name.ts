// File names as Rust's `human_text::safe_name` makes them: safe to show, to save under and to put into an archive.
import { plain } from './human-text';

/** Characters of a name at most; file systems take 255 bytes. */
const LONGEST = 80;
/** Names that Windows takes for devices, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|(?:com|lpt)[^.])\p{White_Space}*(?:\.|$)/iu;
/** Characters that turn the direction of text leave a mark; what is otherwise invisible goes. */
const TURNS = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const INVISIBLE = new RegExp(`(?![${TURNS}])\\p{Default_Ignorable_Code_Point}`, 'gu');
const REFUSED = new RegExp(`[${TURNS}\\p{Cc}\\u2028\\u2029<>:"|?*\\ufffd]`, 'gu');
const EDGES = /^[.\p{White_Space}]+|[.\p{White_Space}]+$/gu;

/** The name without folders and whatever is refused; its ending stays. `number`, from 1, names a file without a name. */
export function safeName(raw: string, number: number): string {
  const last = raw.split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(INVISIBLE, '').replace(REFUSED, '_').replace(EDGES, '');
  if (name === '') return `file-${number}`;
  const short = [...name].slice(-LONGEST).join('').replace(/^[.\p{White_Space}]+/u, '');
  return DEVICE.test(name) ? `file-${number}-${short}` : short;
}

/** The names of an archive. One that reads like an earlier one gets its number in front until it does not. */
export function safeNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((raw, index) => {
    let name = safeName(raw, index + 1);
    // Some file systems take capitals for small letters, so names are compared as text is.
    while (taken.has(plain(name))) name = `${index + 1}-${name}`;
    taken.add(plain(name));
    return name;
  });
}
