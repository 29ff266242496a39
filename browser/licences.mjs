// Refuses packages under licences other than these, build tools included: `npm run licences`.
import { readFileSync } from 'node:fs';

const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT', 'Unlicense']);

/** Whether one of the alternatives of an SPDX expression is allowed. */
const allowed = (licence) => licence.replace(/[()]/g, '').split(' OR ').some((one) => ALLOWED.has(one.trim()));

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const refused = Object.entries(packages).filter(([, { license }]) => !allowed(license ?? 'none'));
for (const [path, { license }] of refused) console.error(`${path}: ${license ?? 'no licence'}`);
if (refused.length > 0) process.exit(1);
console.log(`licences of ${Object.keys(packages).length} npm packages: allowed`);
