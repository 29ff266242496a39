// The calculator reproduces casework's results.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fenOf, ordinary, yuan } from '../page/reward';

test('every vector of casework', () => {
  const { rules, cases } = JSON.parse(readFileSync('../vectors/calculator.json', 'utf8'));
  for (const { fine, award, text } of cases) {
    assert.deepEqual(ordinary(fine, rules), award);
    assert.equal(yuan(award.due_fen), text);
  }
});

test('amounts as people type them', () => {
  const read: [string, number | null][] = [
    ['1234567.89', 123456789], ['1,234,567.8', 123456780], ['５０００元', 500000], ['¥20', 2000], ['0', 0],
    ['', null], ['-5', null], ['1.234', null], ['abc', null], ['99999999999999', null],
  ];
  for (const [typed, fen] of read) assert.equal(fenOf(typed), fen, typed);
});
