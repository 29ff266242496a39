// What the browser's code seals opens again and has one size; violations of the formats are refused.
import './no-subtle';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { unpackTar } from 'modern-tar';
import { concat, random, utf8 } from '../worker/bytes';
import { FileChanged, partsOf, PART, sealedParts } from '../worker/enclosure';
import { sizeOf } from '../shared/enclosure-size';
import type { Attachment } from '../worker/enclosure';
import { safeNames } from '../shared/file-name';
import { identityOf, parseReceipt, reporterOf, wordsOf } from '../worker/receipt';
import { open, pad, seal, TooLong, TooLongIdentity, unpad } from '../worker/seal';
import { openSlot } from '../worker/slot';
import { verifyStatement } from '../worker/statement';
import type { Verified } from '../worker/statement';
import { LETTER, LETTER_AT, OUTER_HEADER, SEALED_LETTER, sealVisit, sealedSize, VISIT } from '../worker/visit';
import type { Body } from '../worker/visit';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const read = (name: string): any => JSON.parse(readFileSync(`../vectors/${name}.json`, 'utf8'));
const statement = read('statement')[0];
const keys: Verified = verifyStatement(statement.bundle, statement.root, statement.today, null);
const { postIdentity, recorderIdentity } = read('letter');
const now = Date.parse('2026-11-23T00:00:00Z');

const report: Body = {
  kind: 'report', category: 'other', party: '', address: '', town: '', what: '暗管 "quoted"\n', when: '', ongoing: '',
  knowledge: '', evidence: '', reporter: 'public', elsewhere: '', danger: '', reward: 'yes', naming: 'anonymous', restricted: false,
};
const draft = (body: Body) => ({ body, sequence: 0, previous: null, encloses: false, identity: null });

test('random codes come back from both lists', () => {
  for (let i = 0; i < 50; i += 1) {
    const code = random(16);
    for (const list of ['chinese', 'english'] as const) assert.deepEqual(parseReceipt(wordsOf(code, list)), code);
  }
});

test('every kind of visit has one size, and opens', async () => {
  const reporter = await reporterOf(random(16));
  const own = { post: reporter.verifyWith, recorder: reporter.verifyWith, log: '', witnesses: [] };
  const kinds: Body[] = [report, { kind: 'follow-up', text: '更多' }, { kind: 'claim', choice: { choice: 'refuse', offer_number: 1 }, text: '' }, { kind: 'claim', choice: { choice: 'open', offer_number: 1 }, text: '' }, { kind: 'cover' }];
  for (const body of kinds) {
    const visit = await sealVisit(reporter, draft(body), keys, now);
    assert.equal(visit.request.length, VISIT);
    const outer = await open(recorderIdentity, visit.request.slice(LETTER_AT, LETTER_AT + SEALED_LETTER));
    const signed = unpad(await open(postIdentity, outer.slice(OUTER_HEADER)), LETTER) as { content: string };
    const letter = JSON.parse(signed.content);
    assert.deepEqual(letter.body, body);
    const paidOpenly = body.kind === 'claim' && body.choice.choice === 'open';
    assert.equal(letter.identity === null, body.kind !== 'report' && !paidOpenly);
    const slot = await openSlot(visit.request.slice(LETTER_AT + SEALED_LETTER), reporter, own);
    const received = body.kind === 'cover' ? [] : [{ letter: visit.letter, enclosure: { state: 'none' } }];
    const expected = { kind: 'first', mailbox: reporter.mailbox, day: '2026-11-23', received };
    assert.deepEqual(slot, expected);
  }
});

test('half characters do not make a letter unreadable', async () => {
  const reporter = await reporterOf(random(16));
  const body = { ...report, what: 'half \ud83d, whole \ud83d\udc26, other half \udc26' } as Body;
  const visit = await sealVisit(reporter, draft(body), keys, now);
  const outer = await open(recorderIdentity, visit.request.slice(LETTER_AT, LETTER_AT + SEALED_LETTER));
  const signed = unpad(await open(postIdentity, outer.slice(OUTER_HEADER)), LETTER) as { content: string };
  assert.equal(JSON.parse(signed.content).body.what, 'half \ufffd, whole \ud83d\udc26, other half \ufffd');
});

test('a real name and a dummy have one size', async () => {
  const reporter = await reporterOf(random(16));
  const named = { ...draft(report), identity: { name: '王某', contact: '电话' } };
  const sizes = await Promise.all([named, draft(report)].map((d) => sealVisit(reporter, d, keys, now)));
  assert.equal(sizes[0]?.request.length, sizes[1]?.request.length);
});

test('too much text says by how much', async () => {
  const reporter = await reporterOf(random(16));
  const long = { ...report, what: '水'.repeat(30_000) } as Body;
  await assert.rejects(sealVisit(reporter, draft(long), keys, now), TooLong);
  const fits = { ...report, what: '水'.repeat(15_000) } as Body;
  await sealVisit(reporter, draft(fits), keys, now);
});

test('an altered, cut or classical file does not open', async () => {
  const seed = random(32);
  const { replyTo } = await reporterOf(seed.slice(0, 16));
  const identity = (await reporterOf(seed.slice(0, 16))).identity;
  const sealed = await seal(replyTo, new Uint8Array(100));
  assert.equal(sealed.length, sealedSize(100));
  for (const at of [30, 1600, sealed.length - 1]) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    await assert.rejects(open(identity, changed));
  }
  await assert.rejects(open(identity, sealed.slice(0, -1)));
  await assert.rejects(open(identityOf(random(32)), sealed));
  await assert.rejects(seal('age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj', utf8('x')));
});

const file = (name: string, bytes: Uint8Array): Attachment => ({
  name, size: bytes.length, stream: () => new Blob([bytes as BlobPart]).stream() as ReadableStream<Uint8Array>,
});

test('enclosures: parts of one size, a plain tar inside', async () => {
  const long = `${'很长的名字'.repeat(40)}.jpg`;
  const bodies = [random(3), new Uint8Array(0), random(5_000_000 % 65536), random(60_000)];
  const files = [file('暗管.jpg', bodies[0]!), file('空', bodies[1]!), file(long, bodies[2]!), file('暗管.jpg', concat(...Array<Uint8Array>(80).fill(bodies[3]!)))];
  const size = sizeOf(files);
  const { seed } = (await reporterOf(random(16))).enclosure('0b'.repeat(16));
  const parts: Uint8Array[] = [];
  for await (const part of sealedParts(files, seed)) parts.push(part);
  assert.equal(parts.length, partsOf(size));
  assert.ok(parts.slice(0, -1).every((part) => part.length === PART));
  const plain = await open(identityOf(seed), concat(...parts));
  assert.equal(plain.length, size);
  const entries = await unpackTar(plain);
  assert.deepEqual(entries.map((entry) => entry.header.name), safeNames(files.map((f) => f.name)));
  assert.deepEqual(new Uint8Array(entries[2]?.data ?? []), bodies[2]);
});

// B05 of the review: a file that was changed or deleted after it was chosen was told as an accident.
test('a file that cannot be read any more is named', async () => {
  const sound = file('暗管.jpg', random(3));
  const broken = () => new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error()) });
  for (const bad of [{ name: '记录.pdf', size: 9, stream: broken }, { ...sound, name: '照片.jpg', size: 2 }]) {
    const sent = async (): Promise<void> => {
      for await (const part of sealedParts([sound, bad], random(32))) assert.ok(part);
    };
    await assert.rejects(sent, (error: Error) => error instanceof FileChanged && error.file === bad.name);
  }
});

// M3 and B25 of the review: a mailbox could not be read when the keys had run out, or by a clock that was a day off.
test('keys that have run out serve to read, and are told from others', () => {
  const { bundle, root } = statement;
  const on = (today: string, grace: number) => verifyStatement(bundle, root, today, null, grace).inForce;
  assert.equal(on('2026-11-23', 0), true);
  for (const [today, grace] of [['2026-11-22', 1], ['2026-12-24', 1], ['2027-02-21', 60]] as const) {
    assert.equal(on(today, grace), false);
    assert.throws(() => on(today, grace - 1));
  }
});

test('too much in the envelope is told apart from too much in the report', async () => {
  const reporter = await reporterOf(random(16));
  const named = { ...draft(report), identity: { name: '王某', contact: '电'.repeat(900) } };
  await assert.rejects(sealVisit(reporter, named, keys, now), TooLongIdentity);
});

test('padding is refused when the size is another', () => {
  assert.throws(() => unpad(pad({}, 10), 11));
  assert.throws(() => pad({ long: 'x'.repeat(20) }, 10), TooLong);
});
