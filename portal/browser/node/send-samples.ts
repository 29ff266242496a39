// Sends the demonstration's sample reports through the portal's API, sealed by the browser's own code.
// Usage: send-samples.mjs PORTAL_URL ROOT_KEY
import { fetchStatement, sendVisit } from '../src/api';
import { beijingDay } from '../src/day';
import { newKey } from '../src/enclosure';
import type { Attachment } from '../src/enclosure';
import { random, utf8 } from '../src/bytes';
import { reporterOf, wordsOf } from '../src/receipt';
import { openSlot, slotKeys } from '../src/slot';
import { verifyStatement } from '../src/statement';
import { Upload } from '../src/upload';
import { sealVisit } from '../src/visit';
import type { Report } from '../src/visit';

const empty: Report = {
  category: 'other', party: '', address: '', town: '', what: '', when: '', ongoing: 'unknown', knowledge: '',
  evidence: '', reporter: 'public', elsewhere: '', danger: '', reward: 'later', naming: 'anonymous',
};

function attachment(name: string, content: string): Attachment {
  const blob = new Blob([utf8(content) as BlobPart]);
  return { name, size: blob.size, stream: () => blob.stream() as ReadableStream<Uint8Array> };
}

const samples: { report: Report; files: Attachment[]; identity: { name: string; contact: string } | null }[] = [
  {
    report: {
      ...empty, category: 'covert-discharge', party: '（演示）东溪印染厂', address: '东溪桥下游约两百米', town: '平桥镇',
      what: '每天夜里十一点以后，厂区西墙外的暗管向溪里排放深色废水。白天用石板盖住。', when: '今年九月以来', ongoing: 'yes',
      reporter: 'insider', reward: 'yes', danger: '担心被单位知道。',
    },
    files: [attachment('位置说明.txt', '从桥头往下游走，西墙第三根电线杆旁。\n')],
    identity: null,
  },
  {
    report: {
      ...empty, category: 'falsified-monitoring', party: '(Demonstration) Green Valley Boiler House',
      what: 'The probe of the stack monitor is hung into a bucket of clean air before every inspection.',
      when: 'Every quarter', ongoing: 'yes', knowledge: 'Seen twice.',
    },
    files: [],
    identity: null,
  },
  {
    report: {
      ...empty, category: 'hazardous-dumping', party: '不清楚', address: '（演示）南屏乡山坳旧采石场', town: '南屏乡',
      what: '卡车夜间倾倒铁桶，桶上有骷髅标志，气味刺鼻。', when: '十一月五日凌晨', naming: 'real-name', reward: 'yes',
    },
    files: [],
    identity: { name: '（演示）王某', contact: '演示电话' },
  },
];

const [base = '', root = ''] = process.argv.slice(2);
const now = Date.now();
const keys = verifyStatement(await fetchStatement(base), root, beijingDay(now), null);
for (const { report, files, identity } of samples) {
  const code = random(16);
  const reporter = await reporterOf(code);
  const enclosure = files.length > 0 ? newKey(files) : null;
  const draft = { body: { kind: 'report' as const, ...report }, sequence: 0, previous: null, enclosure, identity };
  const visit = await sealVisit(reporter, draft, keys, now);
  const slot = await openSlot(await sendVisit(base, visit), reporter, slotKeys(keys));
  if (slot.kind !== 'first' || slot.received[0] !== visit.digest) throw new Error('the portal answered with another slot');
  if (enclosure !== null) await new Upload(base, visit.digest, files, enclosure, () => undefined).run();
  console.log(`  ${wordsOf(code, 'chinese')}   ${wordsOf(code, 'english')}`);
}
