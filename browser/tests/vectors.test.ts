// The project's vectors and age's own, read by the browser's code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as cctv from 'cctv-age';
import { fromBase64, fromHex, toHex, utf8, text } from '../worker/bytes';
import { claimNote } from '../worker/claim-note';
import { PART, partsOf, sizeHolding } from '../worker/enclosure';
import { BadReceipt, parseReceipt, reporterOf, wordsOf } from '../worker/receipt';
import { open, unpad, verify } from '../worker/seal';
import { isInLog, readCheckpoint } from '../worker/log-proof';
import { openSlot } from '../worker/slot';
import type { PostSlot } from '../worker/slot';
import { BadStatement, verifyStatement } from '../worker/statement';
import { LETTER, OUTER_HEADER, SEALED_LETTER, SEALED_SLOT, VISIT, sealedSize } from '../worker/visit';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const read = (name: string): any => JSON.parse(readFileSync(`../vectors/${name}.json`, 'utf8'));

test('receipt codes', async () => {
  const { codes, refused } = read('receipt');
  for (const vector of codes) {
    const code = fromHex(vector.bytes, 16);
    assert.equal(wordsOf(code, 'chinese'), vector.chinese);
    assert.equal(wordsOf(code, 'english'), vector.english);
    assert.deepEqual(parseReceipt(vector.chinese), code);
    assert.deepEqual(parseReceipt(vector.english.toUpperCase()), code);
    const reporter = await reporterOf(code);
    assert.equal(toHex(reporter.token), vector.token);
    assert.equal(reporter.mailbox, vector.mailbox);
    assert.equal(reporter.replyTo, vector.replyTo);
    assert.equal(reporter.verifyWith, vector.verifyWith);
    assert.equal(toHex(reporter.claimKey), vector.claimKey);
    assert.deepEqual([1, 2].map((number) => claimNote(reporter.claimKey, number)), vector.notes);
  }
  for (const vector of refused) {
    assert.throws(() => parseReceipt(vector.typed), (error: BadReceipt) => {
      assert.equal(error.code, vector.code);
      if (vector.at !== undefined) assert.equal(error.at, vector.at);
      return true;
    });
  }
});

test('a sealed letter', async () => {
  const vector = read('letter');
  assert.deepEqual(vector.sizes, { visit: VISIT, letter: SEALED_LETTER, slot: SEALED_SLOT });
  const outer = await open(vector.recorderIdentity, fromBase64(vector.sealed));
  assert.deepEqual(unpad(outer.slice(0, OUTER_HEADER), OUTER_HEADER), vector.header);
  const signed = unpad(await open(vector.postIdentity, outer.slice(OUTER_HEADER)), LETTER);
  const letter = verify(signed, 'qingniao/letter/v1', (claimed) => (claimed as { verify_with: string }).verify_with);
  assert.deepEqual(letter, vector.letter);
});

test('slots', async () => {
  const vector = read('slot');
  const reporter = await reporterOf(fromHex(vector.code, 16));
  const { post, recorder, log, witnesses } = vector;
  const keys = { post, recorder, log, witnesses };
  assert.deepEqual(await openSlot(fromBase64(vector.first.sealed), reporter, keys), vector.first.slot);
  const { sealed, slot, access } = vector.answer;
  const opened = async (other: object) => (await openSlot(fromBase64(sealed), reporter, { ...keys, ...other })) as PostSlot;
  const marks = ({ access }: PostSlot) => access?.records.map(({ proof }) => proof);
  const proved = await opened({});
  const records = access.records.map((record: object, index: number) => ({ ...record, proof: ['proved', 'none'][index] }));
  const { witnessed, ...rest } = proved;
  assert.deepEqual(rest, (({ witnessed, ...rest }) => ({ ...rest, access: { ...access, records } }))(slot));
  assert.ok(typeof witnessed === 'object' && witnessed.size === 3 && witnessed.time === 1_795_000_000);
  const other = reporter.verifyWith;
  await assert.rejects(opened({ post: other }), /signature/);
  assert.equal((await opened({ recorder: other })).access, null);
  const unwitnessed = await opened({ witnesses: [] });
  assert.equal(unwitnessed.witnessed, 'none');
  assert.deepEqual(marks(unwitnessed), ['none', 'none']);
  const otherLog = await opened({ log: witnesses[0] });
  assert.equal(otherLog.witnessed, 'wrong');
  assert.deepEqual(marks(otherLog), ['wrong', 'none']);
  const checkpoint = readCheckpoint(slot.witnessed.checkpoint, keys);
  const [proof] = slot.witnessed.proofs;
  const [record] = access.records;
  const holds = (changed: object, at = checkpoint, of = record, mailbox = reporter.mailbox) =>
    isInLog({ ...proof, ...changed }, at, mailbox, of);
  assert.ok(holds({}));
  for (const wrong of [{ sequence: 1 }, { sequence: 4 }, { salt: proof.entry }, { path: [] }, { path: [...proof.path, proof.salt] }, { number: 6 }]) {
    assert.ok(!holds(wrong), JSON.stringify(wrong));
  }
  assert.ok(!holds({}, { ...checkpoint, size: 2 }) && !holds({}, { ...checkpoint, root: other }));
  assert.ok(!holds({}, checkpoint, { ...record, person: 3 }) && !holds({}, checkpoint, record, other));
  assert.throws(() => readCheckpoint(slot.witnessed.checkpoint.replace('\n3\n', '\n4\n'), keys));
});

test('key statements', () => {
  for (const vector of read('statement')) {
    const verifies = () => verifyStatement(vector.bundle, vector.root, vector.today, vector.seen);
    if (vector.expect === 'ok') assert.equal(verifies().statement.serial, 7, vector.name);
    else assert.throws(verifies, (error: BadStatement) => error.code === vector.expect, vector.name);
  }
});

test('enclosure sizes', () => {
  for (const size of read('enclosure').sizes) {
    assert.equal(sizeHolding(size.plain), size.plain);
    assert.equal(sealedSize(size.plain), size.sealed);
    assert.equal(partsOf(size.plain), size.parts);
    assert.ok(size.parts * PART >= size.sealed);
  }
  assert.throws(() => sizeHolding(2049 * 1024 * 1024));
});

// Valid in age itself, refused here: a second stanza would let a second key open the file.
const moreThanOneStanza = ['hybrid_and_x25519', 'hybrid_grease', 'hybrid_multiple_recipients'];

test('age vectors of the hybrid type', async () => {
  let seen = 0;
  for (const [name, bytes] of Object.entries(cctv as unknown as Record<string, Uint8Array>)) {
    if (!name.startsWith('hybrid')) continue;
    const committed = readFileSync(`../vectors/age/${name}`);
    assert.ok(committed.equals(bytes), `${name} is the published one`);
    const split = committed.indexOf('\n\n');
    const header = text(committed.subarray(0, split));
    const identities = [...header.matchAll(/^identity: (AGE-SECRET-KEY-PQ-.*)$/gm)].map((match) => match[1] ?? '');
    const opened = await Promise.all(
      identities.map((identity) => open(identity, committed.subarray(split + 2)).then(() => true, () => false)),
    );
    const expected = /^expect: success$/m.test(header) && !moreThanOneStanza.includes(name);
    assert.equal(opened.includes(true), expected, name);
    seen += 1;
  }
  assert.equal(seen, 18);
});

test('bad UTF-8 is refused', () => {
  assert.throws(() => text(new Uint8Array([0x22, 0xff, 0x22])));
  assert.equal(text(utf8('水')), '水');
});
