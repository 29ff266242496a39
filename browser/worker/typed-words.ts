// The words in a text as people type, print and paste them: with what a page or a paper has around them, numbered, in
// one or both languages. Rust's `crypto::keys::typed_words` reads alike.
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as chinese } from '@scure/bip39/wordlists/simplified-chinese.js';
import { isHan, plain } from '../shared/human-text';

/** A label without a colon: one of the names of secrets, with nothing of meaning around it. */
const LABEL = /^(?:我|你|您|的|这|是|为|字)*(?:回执码|(?:领取)?凭证)(?:我|你|您|的|这|是|为|字)*$|^(?:(?:my|your|the|this|is) )*(?:receipt code|claim note)(?: (?:my|your|the|this|is))*$/;
/** Other words of such a label. A secret that begins with one is read after a colon only. */
const AROUND = new Set([...'我你您的这是为字', 'my', 'your', 'the', 'this', 'is']);
/** Words of a repeated label before each word of a secret, at most: 第…个字. */
const REPEATED = 4;

interface Word {
  text: string;
  afterColon: boolean;
}

export interface Reading {
  list: string[];
  words: string[];
}

/** The words of a text, apart by script, without numbers. */
export class TypedWords {
  private readonly scripts: { list: string[]; words: Word[] }[];

  /**
   * Splits text: Chinese by character, other words at anything that is no letter or digit. Digits alone, and before a
   * word, number the words.
   */
  constructor(typed: string) {
    const han: Word[] = [];
    const others: Word[] = [];
    let word = '';
    let afterColon = false;
    for (const c of [...plain(typed), ' ']) {
      if (/[\p{Alphabetic}\p{N}]/u.test(c) && !isHan(c)) {
        word += c;
        continue;
      }
      const text = word.replace(/^[0-9]+/, '');
      word = '';
      if (text !== '') {
        others.push({ text, afterColon });
        afterColon = false;
      }
      if (isHan(c)) {
        han.push({ text: c, afterColon });
        afterColon = false;
      }
      afterColon ||= c === ':';
    }
    this.scripts = [{ list: chinese, words: han }, { list: english, words: others }];
  }

  /** The readings of the text as a secret of so many words, at most one in each list. */
  readings(count: number): Reading[] {
    return this.scripts.flatMap(({ list, words }) => {
      const found = reading(words, count);
      return found === null ? [] : [{ list, words: found }];
    });
  }

  /** How many words there are, in the script that has more of them; after the last colon, if it has words after it. */
  count(): number {
    return Math.max(...this.scripts.map(({ words }) => words.length - Math.max(afterLastColon(words), 0)));
  }
}

/**
 * The words of a secret of `count` words: all of them, or the last of each group under one repeated label, or those
 * after the last colon, or after words that only say what follows.
 */
function reading(words: readonly Word[], count: number): string[] | null {
  const texts = words.map(({ text }) => text);
  const extra = texts.length - count;
  if (extra < 0) return null;
  if (extra === 0) return texts;
  const group = Math.floor(texts.length / count);
  const repeated = texts.every((text, at) => at % group === group - 1 || text === texts[at % group]);
  if (texts.length === group * count && group <= REPEATED && repeated) return texts.filter((_, at) => at % group === group - 1);
  const label = texts.slice(0, extra).join(isHan(texts[0] ?? '') ? '' : ' ');
  const labelled = LABEL.test(label) && !AROUND.has(texts[extra] ?? '');
  return labelled || afterLastColon(words) === extra ? texts.slice(extra) : null;
}

/** The place of the first word after the last colon, or -1. */
function afterLastColon(words: readonly Word[]): number {
  return words.map(({ afterColon }) => afterColon).lastIndexOf(true);
}
