// The vectors of Rust's crate human-text.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { wordlist as simplified } from '@scure/bip39/wordlists/simplified-chinese.js';
// By its path: the package's name for it is misspelt in version 2.0.1.
import { wordlist as traditional } from '../node_modules/@scure/bip39/wordlists/traditional-chinese.js';
import { fenOf } from '../shared/amount';
import { safeNames } from '../shared/file-name';
import { isBlank, plain } from '../shared/human-text';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const vectors: any = JSON.parse(readFileSync('../vectors/human-text.json', 'utf8'));

function every<From, To>(part: string, read: (typed: From) => To): void {
  assert.ok(vectors[part].length > 0);
  for (const [typed, expected] of vectors[part]) assert.deepEqual(read(typed), expected, JSON.stringify(typed));
}

test('text as it is compared', () => every('plain', plain));
// B16
test('text that shows nothing', () => every('blank', isBlank));
// B14
test('amounts', () => every('amounts', fenOf));
// B15
test('names in an archive', () => every('archives', safeNames));
// B09
test('every traditional word of BIP-39 is read as its simplified one', () => {
  assert.deepEqual(traditional.map(plain), simplified);
  assert.deepEqual(simplified.map(plain), simplified);
});
