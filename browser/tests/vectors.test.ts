// The project's vectors and age's own, read by the browser's code.
import './no-subtle';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as cctv from 'cctv-age';
import { fromBase64, fromHex, toHex, utf8, text } from '../worker/bytes';
import { claimNote } from '../worker/claim-note';
import { sizeHolding } from '../shared/enclosure-size';
import { PART, partsOf } from '../worker/enclosure';
import { BadReceipt, parseReceipt, reporterOf, wordsOf } from '../worker/receipt';
import { open, pad, seal, TooLong, unpad, verify } from '../worker/seal';
import { isInLog, readCheckpoint, readProof } from '../worker/log-proof';
import { openSlot } from '../worker/slot';
import type { PostSlot, Slot, SlotKeys } from '../worker/slot';
import { BadStatement, verifyStatement } from '../worker/statement';
import { Refused } from '../worker/strict';
import { IDENTITY, LETTER, OUTER_HEADER, SEALED_LETTER, SEALED_SLOT, SLOT, VISIT, sealedSize } from '../worker/visit';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const read = (name: string): any => JSON.parse(readFileSync(`../vectors/${name}.json`, 'utf8'));

test('receipt codes', async () => {
  const { letter, codes, typed, refused } = read('receipt');
  // B01, B08, B09
  for (const vector of typed) {
    assert.equal(toHex((await reporterOf(parseReceipt(vector.typed))).secret), vector.secret, vector.typed);
  }
  for (const vector of codes) {
    const code = fromHex(vector.bytes, 16);
    assert.equal(wordsOf(code, 'chinese'), vector.chinese);
    assert.equal(wordsOf(code, 'english'), vector.english);
    assert.deepEqual(parseReceipt(vector.chinese), code);
    assert.deepEqual(parseReceipt(vector.english.toUpperCase()), code);
    const reporter = await reporterOf(code);
    assert.equal(toHex(reporter.secret), vector.secret);
    assert.equal(reporter.lock, vector.lock);
    assert.equal(toHex(reporter.keys), vector.keys);
    assert.equal(reporter.mailbox, vector.mailbox);
    assert.equal(reporter.replyTo, vector.replyTo);
    assert.equal(reporter.verifyWith, vector.verifyWith);
    assert.equal(toHex(reporter.claimKey), vector.claimKey);
    const { token, lock, seed } = reporter.enclosure(letter);
    assert.equal(toHex(token), vector.enclosureToken);
    assert.equal(toHex(lock), vector.enclosureLock);
    assert.equal(toHex(seed), vector.enclosureSeed);
    assert.deepEqual([1, 2].map((number) => claimNote(reporter.claimKey, number)), vector.notes);
  }
  for (const vector of refused) {
    assert.throws(() => parseReceipt(vector.typed), (error: BadReceipt) => {
      assert.equal(error.code, vector.code, vector.typed);
      if (vector.at !== undefined) assert.equal(error.at, vector.at);
      return true;
    });
  }
});

test('sealed letters', async () => {
  const vector = read('letter');
  assert.deepEqual(vector.sizes, { visit: VISIT, letter: SEALED_LETTER, slot: SEALED_SLOT });
  for (const { name, sealed, header, letter, envelope } of vector.letters) {
    const outer = await open(vector.recorderIdentity, fromBase64(sealed));
    assert.deepEqual(unpad(outer.slice(0, OUTER_HEADER), OUTER_HEADER), header, name);
    const signed = unpad(await open(vector.postIdentity, outer.slice(OUTER_HEADER)), LETTER);
    assert.deepEqual(verify(signed, 'qingniao/letter/v2', () => header.verify_with), letter, name);
    if (envelope === null) assert.equal(letter.identity, null, name);
    else assert.deepEqual(unpad(await open(vector.custodianIdentity, fromBase64(letter.identity)), IDENTITY), envelope, name);
  }
});

/** The reporter of `slot.json`, and the keys by which slots are read. */
async function mailbox() {
  const vector = read('slot');
  const reporter = await reporterOf(fromHex(vector.code, 16));
  const { post, recorder, log, witnesses } = vector;
  const keys: SlotKeys = { post, recorder, log, witnesses };
  /** Opens a case; seals it first if it has only what is inside. */
  const opened = async ({ sealed, signed, padded }: Case, other: Partial<SlotKeys> = {}): Promise<Slot> => {
    const plain = () => (padded === undefined ? pad(signed, SLOT) : utf8(JSON.stringify(signed).padEnd(padded)));
    const bytes = sealed === undefined ? await seal(reporter.replyTo, plain()) : fromBase64(sealed);
    return openSlot(bytes, reporter, { ...keys, ...other });
  };
  return { vector, reporter, keys, opened };
}

interface Case {
  name: string;
  sealed?: string;
  signed?: { content: string; signature: string };
  padded?: number;
}

/** What a slot holds, with its access list as it is shown. */
function shown({ witnessed, access, ...rest }: PostSlot) {
  const state = typeof witnessed === 'string' ? witnessed : witnessed.old ? 'old' : 'cosigned';
  return { rest, state, access };
}

test('slots of every kind', async () => {
  const { vector, opened } = await mailbox();
  for (const one of [...vector.sealed, ...vector.slots]) {
    const slot = await opened(one);
    const expected = one.slot ?? JSON.parse(one.signed.content);
    if (slot.kind === 'first') {
      assert.deepEqual(slot, expected, one.name);
      continue;
    }
    const { witnessed: _, access, ...rest } = expected;
    const { proofs = ['proved', 'none'], witnessed = 'cosigned' } = one;
    const list = (one.access ?? 'ok') === 'ok' ? JSON.parse(access.content) : null;
    list?.records.forEach((record: object, index: number) => Object.assign(record, { proof: proofs[index] }));
    assert.deepEqual(shown(slot), { rest, state: witnessed, access: list }, one.name);
  }
});

test('bad slots are refused', async () => {
  const { vector, opened } = await mailbox();
  for (const one of vector.refused) {
    await assert.rejects(opened(one), (error: Error) => {
      const code = error instanceof TooLong ? 'too-long' : error instanceof Refused ? error.code : error;
      assert.equal(code, one.reason, one.name);
      return true;
    });
  }
});

test('a slot read with other keys', async () => {
  const { vector, reporter, keys, opened } = await mailbox();
  const [, answer] = vector.sealed;
  const proved = (await opened(answer)) as PostSlot;
  assert.ok(typeof proved.witnessed === 'object' && proved.witnessed.size === 3 && proved.witnessed.day === '2026-11-23');
  const other = reporter.verifyWith;
  await assert.rejects(opened(answer, { post: other }), { code: 'signature' });
  assert.equal(((await opened(answer, { recorder: other })) as PostSlot).access, null);
  const unwitnessed = shown((await opened(answer, { witnesses: [] })) as PostSlot);
  assert.deepEqual([unwitnessed.state, unwitnessed.access?.records.map(({ proof }) => proof)], ['none', ['none', 'none']]);
  const { checkpoint, proofs } = answer.slot.witnessed;
  const [record] = JSON.parse(answer.slot.access.content).records;
  const [proof, at] = [readProof(proofs[0]), readCheckpoint(checkpoint, keys)];
  assert.ok(isInLog(proof, at, reporter.mailbox, record));
  assert.ok(!isInLog(proof, { ...at, root: other }, reporter.mailbox, record));
  assert.ok(!isInLog(proof, at, reporter.mailbox, { ...record, person: 3 }) && !isInLog(proof, at, other, record));
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
