// Sends the demonstration's sample reports through the portal's API, sealed by the browser's own code.
// Usage: send-samples.mjs PORTAL_URL ROOT_KEY new|handled
//        send-samples.mjs PORTAL_URL ROOT_KEY claim RECEIPT_CODE    chooses to be paid against the code
import { fetchStatement, sendVisit } from '../shared/api';
import { beijingDay } from '../shared/day';
import type { Attachment } from '../worker/enclosure';
import { random, utf8 } from '../worker/bytes';
import { claimNote } from '../worker/claim-note';
import { parseReceipt, reporterOf, wordsOf } from '../worker/receipt';
import { openSlot, slotKeys } from '../worker/slot';
import { verifyStatement } from '../worker/statement';
import { Upload } from '../worker/upload';
import { sealVisit } from '../worker/visit';
import type { Draft, Report } from '../worker/visit';

const empty: Report = {
  category: 'other', party: '', address: '', town: '', what: '', when: '', ongoing: 'unknown', knowledge: '',
  evidence: '', reporter: 'public', elsewhere: '', danger: '', reward: 'later', naming: 'anonymous', restricted: false,
};

function attachment(name: string, content: string): Attachment {
  const blob = new Blob([utf8(content) as BlobPart]);
  return { name, size: blob.size, stream: () => blob.stream() as ReadableStream<Uint8Array> };
}

interface Sample {
  report: Report;
  files: Attachment[];
  identity: { name: string; contact: string } | null;
  /** Text printed next to the receipt code. */
  about: string;
}

/** Reports left unhandled, for people who try the demonstration. */
const fresh: Sample[] = [
  {
    report: {
      ...empty, category: 'covert-discharge', party: '（演示）东溪印染厂', address: '东溪桥下游约两百米', town: '平桥镇',
      what: '每天夜里十一点以后，厂区西墙外的暗管向溪里排放深色废水。白天用石板盖住。', when: '今年九月以来', ongoing: 'yes',
      reporter: 'insider', reward: 'yes', danger: '担心被单位知道。',
    },
    files: [attachment('位置说明.txt', '从桥头往下游走，西墙第三根电线杆旁。\n')],
    identity: null,
    about: '未收取，待摆渡 · not yet collected',
  },
  {
    report: {
      ...empty, category: 'falsified-monitoring', party: '(Demonstration) Green Valley Boiler House',
      what: 'The probe of the stack monitor is hung into a bucket of clean air before every inspection.',
      when: 'Every quarter', ongoing: 'yes', knowledge: 'Seen twice.',
    },
    files: [],
    identity: null,
    about: '未收取，待摆渡 · not yet collected',
  },
  {
    report: {
      ...empty, category: 'hazardous-dumping', party: '不清楚', address: '（演示）南屏乡山坳旧采石场', town: '南屏乡',
      what: '卡车夜间倾倒铁桶，桶上有骷髅标志，气味刺鼻。', when: '十一月五日凌晨', naming: 'real-name', reward: 'yes',
    },
    files: [],
    identity: { name: '（演示）王某', contact: '演示电话' },
    about: '未收取，待摆渡 · not yet collected',
  },
];

function plain(about: string, report: Partial<Report>): Sample {
  return { report: { ...empty, reward: 'yes', ...report }, files: [], identity: null, about };
}

/** Reports that deploy/demo-stages.mjs handles further; it recognises them by their party. */
const handled: Sample[] = [
  plain('无效线索 · not effective', { party: '（演示）某工厂', what: '有味道。' }),
  plain('核查中，不透露 · being checked, told nothing', {
    category: 'covert-discharge', party: '（演示）福溪电镀厂', town: '福溪街道', what: '雨天从雨水口排酸水。', when: '雨天',
  }),
  plain('整改中，不透露 · case being rectified, told nothing', {
    category: 'water-protection-zone', party: '（演示）石梁山庄', town: '石梁镇', what: '污水直接流进水库。', ongoing: 'yes',
  }),
  plain('奖励待批，不透露 · reward waits for approval, told nothing', {
    category: 'falsified-monitoring', party: '（演示）白鹤热电', town: '白鹤镇', what: '在线监测探头被插进清水瓶。',
  }),
  plain('奖励已定 · reward decided', {
    category: 'hazardous-dumping', party: '（演示）坦头化工', town: '坦头镇', what: '夜里把废酸桶埋在后山。', reporter: 'insider',
  }),
  plain('领取凭证可兑付 · claim note ready', {
    category: 'covert-discharge', party: '（演示）三合印染', town: '三合镇', what: '夜里抽走沉淀池里的废水，倒进河沟。',
  }),
  plain('奖励已定，案件已销号 · reward decided, case closed', {
    category: 'covert-discharge', party: '（演示）街头造纸厂', town: '街头镇', what: '白天关闸，夜里从暗沟排放。',
  }),
];

const [base = '', root = '', which = '', words = ''] = process.argv.slice(2);
const samples = which === 'handled' ? handled : fresh;
const now = Date.now();
const keys = verifyStatement(await fetchStatement(base), root, beijingDay(now), null);

/** Sends the choice to be paid against the code, for the sample that shows a claim note. */
async function claim(): Promise<void> {
  const reporter = await reporterOf(parseReceipt(words));
  const choice = { choice: 'note' as const, offer_number: 1, note: claimNote(reporter.claimKey, 1).hash };
  const body = { kind: 'claim' as const, choice, text: '' };
  const draft: Draft = { body, sequence: 1, previous: null, encloses: false, identity: null };
  await sendVisit(base, await sealVisit(reporter, draft, keys, now));
}

if (which === 'claim') await claim();
else for (const { report, files, identity, about } of samples) {
  const code = random(16);
  const reporter = await reporterOf(code);
  const encloses = files.length > 0;
  const draft = { body: { kind: 'report' as const, ...report }, sequence: 0, previous: null, encloses, identity };
  const visit = await sealVisit(reporter, draft, keys, now);
  const slot = await openSlot((await sendVisit(base, visit)).slot, reporter, slotKeys(keys));
  if (slot.kind !== 'first' || slot.received[0]?.letter !== visit.letter) throw new Error('the portal answered with another slot');
  if (encloses) await new Upload(base, reporter, visit.letter, files, false, () => undefined).run();
  console.log(`  ${wordsOf(code, 'chinese')}   ${wordsOf(code, 'english')}\n      ${about}`);
}
