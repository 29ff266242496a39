// Takes the demonstration's sample reports further, each to another stage, by the pages that people
// use: every step is recorded as theirs. They have been collected before.
// Usage: demo-stages.mjs CONSOLE_URL CASES_URL FINANCE_URL SIGN_INS_FILE handle|claim
import { readFileSync } from 'node:fs';

const [console_url, cases_url, finance_url, file, what] = process.argv.slice(2);
const passwords = Object.fromEntries(
  readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(' ')).map(([name, , password]) => [name, password]),
);

/** Somebody at a desk: cookies and the token of the forms, by hand. */
class Desk {
  #cookies = new Map();
  #token = '';

  constructor(url) {
    this.url = url;
  }

  static async signIn(url, account) {
    const desk = new Desk(url);
    await desk.post('/zh/sign-in', { account, password: passwords[account] });
    desk.#token = /name="csrf" value="([^"]+)"/.exec(await desk.get('/zh/password'))[1];
    return desk;
  }

  get(path) {
    return this.#send(path, {});
  }

  post(path, fields) {
    return this.#send(path, { method: 'POST', body: new URLSearchParams({ csrf: this.#token, ...fields }) });
  }

  /** Sends a form with files, each a name and its content. */
  postFiles(path, fields, name, files) {
    const body = new FormData();
    for (const [key, value] of Object.entries({ csrf: this.#token, ...fields })) body.append(key, value);
    for (const [file, content] of files) body.append(name, new Blob([content]), file);
    return this.#send(path, { method: 'POST', body });
  }

  async #send(path, options) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(this.url + path, { ...options, headers: { cookie }, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) {
      const [name, value] = set.split(';')[0].split('=');
      this.#cookies.set(name, value);
    }
    const text = await answer.text();
    if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${/role="alert">([^<]*)/.exec(text)?.[1] ?? ''}`);
    return text;
  }
}

const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
const later = `${Number(today.slice(0, 4)) + 1}${today.slice(4).replace('-02-29', '-02-28')}`;

/** By the party that a report names: what is found, what is fined, and how far it goes. */
const plans = [
  { party: '某工厂', upTo: 'not-effective' },
  { party: '福溪电镀厂', upTo: 'verifying' },
  { party: '石梁山庄', category: 'water-protection-zone', town: '石梁镇', found: '化粪池溢流管通向水库支流。', upTo: 'rectifying' },
  { party: '白鹤热电', category: 'falsified-monitoring', town: '白鹤镇', found: '烟气监测探头未插入采样孔。', fine: '1,234,567.89', upTo: 'proposed' },
  { party: '坦头化工', category: 'hazardous-dumping', town: '坦头镇', found: '后山挖出废酸桶四十二只。', fine: '2,600,000', upTo: 'approved' },
  { party: '三合印染', category: 'covert-discharge', town: '三合镇', found: '沉淀池旁有抽水泵和软管，通向河沟。', fine: '356,000', upTo: 'approved' },
  { party: '街头造纸厂', category: 'covert-discharge', town: '街头镇', found: '围墙下有暗沟一条，与调节池相连。', fine: '480,000', upTo: 'closed' },
];

const zhou = await Desk.signIn(console_url, 'zhou');
const wu = await Desk.signIn(console_url, 'wu');
const he = await Desk.signIn(console_url, 'he');
const qian = await Desk.signIn(cases_url, 'qian');
let cases = 0;
let claims = 0;

async function handle(report, plan) {
  const reach = (...stages) => stages.includes(plan.upTo);
  const path = `/zh/reports/${report}`;
  if (reach('not-effective')) {
    await wu.post(`${path}/handling`, { 'expected-version': 0, step: 'not-effective', note: '没有地点和时间，无法核查。' });
    await wu.post(`${path}/send`, { 'expected-version': 0, text: '感谢您的来信。请补充地点、时间和气味来源，我们会重新研究。' });
    return;
  }
  await zhou.post(`${path}/handling`, { 'expected-version': 0, step: 'verify', note: '周、吴现场核查。' });
  if (reach('verifying')) return;
  const { category, town, found } = plan;
  const sheet = { category, party: `（演示）${plan.party}`, address: '', town, found, 'found-on': today };
  // Urgent: else the demonstration would have no case before the next case day.
  const crossed = await zhou.post(`${path}/fact-sheet/cross`, { 'expected-version': 1, ...sheet, urgent: 'yes', looked: 'yes' });
  if (crossed.includes('复核')) {
    // Of an insider's report another officer looks at the sheet, who has opened it too.
    await wu.post(`${path}/open`, { purpose: 'review' });
    await wu.post(`${path}/draft`, { 'expected-version': 2, step: 'crossed', looked: 'yes' });
  }
  cases += 1;
  await rectify(cases, plan);
  if (reach('rectifying')) return;
  await reward(path, plan, reach('proposed'));
  if (reach('closed')) await close(cases);
}

async function rectify(number, plan) {
  const at = `/zh/cases/${number}`;
  const assignment = { unit: '（演示）生态环境执法中队', responsible: '钱某', measures: '切断排放，清理恢复。', deadline: later, standard: '现场无排放，周边恢复原状。' };
  await zhou.post(at, { 'expected-version': 1, kind: 'assigned', ...assignment });
  await qian.post(at, { 'expected-version': 2, kind: 'started' });
  const progress = { 'expected-version': 3, kind: 'progress', note: '已责令停产，正在清理。' };
  await qian.postFiles(at, progress, 'files', [['现场说明（演示）.txt', '演示用文件，没有内容。']]);
  if (plan.fine === undefined) return;
  const decision = { document: `（演示）台环罚〔2026〕${number} 号`, 'decided-party': `（演示）${plan.party}`, fine: plan.fine, 'decided-on': today };
  await qian.post(at, { 'expected-version': 4, kind: 'decided', ...decision });
}

async function reward(path, plan, only_propose) {
  const page = await zhou.get(`${path}/reward`);
  const shown = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)[1];
  const carried = Object.fromEntries(['expected-version', 'expected-claim-version', 'decisions'].map((name) => [name, shown(name)]));
  await zhou.post(`${path}/reward`, carried);
  claims += 1;
  if (!only_propose) await he.post(`/zh/approvals/claims/${claims}`, { 'expected-version': 1, entry: 'approved' });
}

async function close(number) {
  await qian.post(`/zh/cases/${number}`, { 'expected-version': 5, kind: 'applied', note: '暗沟已填实，申请销号。' });
  await wu.post(`/zh/cases/${number}`, { 'expected-version': 6, kind: 'verified', note: '现场核验，暗沟已填实。' });
  await he.post(`/zh/approvals/cases/${number}`, { 'expected-version': 7, kind: 'closed', note: '同意销号。' });
}

/** What comes otherwise than through a browser, and what waits for its day. */
async function otherChannels() {
  const told = { category: 'covert-discharge', what: '来电称夜间有人往溪里倒废液。', party: '（演示）不明', address: '', town: '平桥镇' };
  const rest = { when: '', ongoing: 'yes', knowledge: '', evidence: '', reporter: 'public', danger: '', reward: 'yes' };
  await zhou.post('/zh/enter', { origin: 'phone', ...told, ...rest });
  const clues = 'id,category,party,town,what\n'
    + '1,covert-discharge,（演示）河道巡查点,始丰街道,河面有油膜\n2,other,（演示）采石场,三合镇,扬尘\n';
  await wu.postFiles('/zh/import', { origin: 'patrol' }, 'file', [['巡查.csv', clues]]);
  const sheet = { category: 'other', party: '（演示）洗砂点', address: '', town: '洪畴镇', found: '检查发现洗砂废水直排。', 'found-on': today };
  await wu.post('/zh/cases/new/cross', sheet);
  const transfer = { authority: 'police', transfer: '（演示）台环移〔2026〕1 号', 'sent-on': today, note: '涉嫌污染环境，移送侦查。' };
  await zhou.post('/zh/cases/3', { 'expected-version': 5, kind: 'transferred', ...transfer });
}

/** By the plan, the number of its report; opening them is how it is known. */
async function openAll() {
  const reports = new Map();
  for (let report = 1; report <= plans.length; report += 1) {
    const text = await zhou.post(`/zh/reports/${report}/open`, { purpose: 'review' });
    const plan = plans.find(({ party }) => text.includes(party));
    if (plan !== undefined) reports.set(plan.party, [report, text]);
  }
  return reports;
}

/** Enters what the reporter of 三合印染 has chosen, and the year's budget at finance's desk. */
async function claim() {
  const [report, text] = (await openAll()).get('三合印染');
  const letter = /reports\/\d+\/claim"[\s\S]*?name="letter" value="([0-9a-f]+)"/.exec(text)[1];
  await zhou.post(`/zh/reports/${report}/claim`, { letter });
  const fang = await Desk.signIn(finance_url, 'fang');
  await fang.post('/zh/budget', { year: today.slice(0, 4), amount: '500000' });
  await fang.post('/zh/lock', {});
}

if (what === 'claim') await claim();
else {
  const reports = await openAll();
  for (const plan of plans) await handle(reports.get(plan.party)[0], plan);
  await otherChannels();
}
for (const desk of [zhou, wu, he, qian]) await desk.post('/zh/lock', {});
