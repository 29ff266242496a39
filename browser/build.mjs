// Bundles the scripts of the reporter's browser and of finance's desk into dist/. With --tests or --samples, bundles
// the code that runs under Node into dist-node/.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { refuseWorkerCode } from './bundle-wall.mjs';
import { notices } from './notices.mjs';

const browser = {
  bundle: true,
  format: 'iife',
  // Supported by Tor Browser's long-term-support base and Debian's stable browsers.
  target: ['firefox115', 'chrome110', 'safari16.4'],
  minify: true,
  legalComments: 'none',
  banner: { js: '/* Third-party notices: /static/third-party-notices.txt */' },
  charset: 'utf8',
  loader: { '.txt': 'text' },
  metafile: true,
  write: false,
};

/** The worker's file name contains its hash, as the manifest shows, and the page's script its integrity. */
async function site() {
  const worker = await build({ ...browser, entryPoints: ['worker/seal-worker.ts'] });
  const code = worker.outputFiles[0].contents;
  const name = `seal-${createHash('sha256').update(code).digest('hex').slice(0, 32)}.js`;
  const pages = await build({
    ...browser,
    entryPoints: ['page/page.ts'],
    define: { SEAL_WORKER: JSON.stringify({ path: `/static/${name}`, integrity: integrity(code) }) },
  });
  refuseWorkerCode(pages.metafile);
  const desk = await build({ ...browser, entryPoints: ['desk/desk.ts'] });
  refuseWorkerCode(desk.metafile);
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/seal-worker.js', code);
  writeFileSync('dist/seal-worker.name', name);
  writeFileSync('dist/page.js', pages.outputFiles[0].contents);
  writeFileSync('dist/desk.js', desk.outputFiles[0].contents);
  const bundles = [worker.metafile, pages.metafile, desk.metafile];
  writeFileSync('dist/third-party-notices.txt', notices(bundles));
}

function integrity(code) {
  return `sha384-${createHash('sha384').update(code).digest('base64')}`;
}

async function node(folder, out) {
  const entryPoints = readdirSync(folder).filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
  await build({
    entryPoints, outdir: out, bundle: true, format: 'esm', platform: 'node', target: 'node18',
    outExtension: { '.js': '.mjs' }, charset: 'utf8', loader: { '.txt': 'text' }, packages: 'bundle', external: ['esbuild'],
  });
}

if (process.argv.includes('--tests')) await node('tests', 'dist-node/tests');
else if (process.argv.includes('--samples')) await node('samples', 'dist-node');
else await site();
