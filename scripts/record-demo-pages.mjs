// Keeps every page of a running demonstration that a link leads to, for everybody who can sign in and in both
// languages, so that two versions can be compared (scripts/compare-pages).
// Usage: record-demo-pages.mjs PORTAL_URL CONSOLE_URL CASES_URL FINANCE_URL SIGN_INS_FILE FOLDER
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const [portal, console_url, cases, finance, file, folder] = process.argv.slice(2);
const people = readFileSync(file, 'utf8').trim().split('\n').map((line) => line.split(' '));

/** Everything random and the time of day. */
function masked(page) {
  return page
    .replace(/[A-Za-z0-9+/=_]{16,}/g, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) && !run.includes('//') ? '*' : run))
    .replace(/(?<![\w+/=])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,15}(?![\w+/=])/g, '*')
    .replace(/(class="(?:code|key|words)"|id="(?:code-other|first-password|receipt-code|code-input|receipt-retype)")[^]*?<\//g, '$1*</')
    .replace(/class="qr"[^]*?<\/div/g, 'class="qr"*</div')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:*')
    .replace(/\d\d:\d\d(:\d\d)?/g, '**:**')
    .replaceAll('><', '>\n<');
}

/** Loads what can be reached by links, each address once. */
async function crawl(name, base, cookie) {
  const seen = new Set();
  const next = ['/zh/', '/en/'];
  while (next.length > 0) {
    const path = next.shift();
    if (seen.has(path) || /\.(css|js|svg|mjs|csv|json|html)$|^\/(log|keys|results)\b/.test(path.split('?')[0])) continue;
    seen.add(path);
    const answer = await fetch(base + path, { headers: { cookie }, redirect: 'manual' });
    if (answer.status >= 300 && answer.status < 400) next.push(answer.headers.get('location'));
    if (!answer.headers.get('content-type')?.startsWith('text/html')) continue;
    const page = await answer.text();
    const text = masked(page);
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
    mkdirSync(`${folder}/demo/${name}`, { recursive: true });
    const plain = masked(path).replace(/[^A-Za-z0-9.]/g, '-').replace(/^-|-$/g, '');
    writeFileSync(`${folder}/demo/${name}/GET-${plain}-${digest}.html`, text);
    for (const [, link] of page.matchAll(/<a [^>]*href="([^"#]+)"/g)) {
      const path = link.replaceAll('&amp;', '&');
      if (path.startsWith('/')) next.push(path);
    }
  }
  return seen.size;
}

async function signIn(base, account, password) {
  const body = new URLSearchParams({ account, password });
  const answer = await fetch(`${base}/zh/sign-in`, { method: 'POST', body, redirect: 'manual' });
  if (answer.status !== 303) throw new Error(`${account} cannot sign in: ${answer.status}`);
  return answer.headers.getSetCookie().map((set) => set.split(';')[0]).join('; ');
}

console.log(`portal: ${await crawl('portal', portal, '')} pages`);
for (const [account, role, password] of people) {
  const base = role === 'case-unit' ? cases : role === 'finance' ? finance : console_url;
  console.log(`${account}: ${await crawl(account, base, await signIn(base, account, password))} pages`);
}
