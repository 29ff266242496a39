// The calculator reproduces casework's results.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ordinary, yuan } from '../page/reward';

test('every vector of casework', () => {
  const { rules, cases } = JSON.parse(readFileSync('../vectors/calculator.json', 'utf8'));
  for (const { fine, award, text } of cases) {
    assert.deepEqual(ordinary(fine, rules), award);
    assert.equal(yuan(award.due_fen), text);
  }
});
