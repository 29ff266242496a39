// Third-party notices: the licence of every package with code in a bundle, as the licences require.
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** The folders of the packages in a bundle. */
function packages(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const path of Object.keys(inputs)) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
      if (folder) folders.add(folder[1]);
    }
  }
  return [...folders].sort();
}

/** Data of others in a bundle that is no package's, with its name and the file of its licence. */
const DATA = {
  '../human-text/src/han-folding.txt': [
    ['OpenCC 1.4.2, TSCharacters.txt (Apache-2.0)', '../LICENSE'],
    ['Unicode Character Database 15.0.0, EquivalentUnifiedIdeograph.txt (Unicode-3.0)', '../human-text/LICENSE-UNICODE'],
  ],
};

/** Name and licence text of each source of data. */
function dataNotices(metafiles) {
  const inputs = new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs)));
  const sources = Object.entries(DATA).filter(([path]) => inputs.has(path)).flatMap(([, sources]) => sources);
  return sources.map(([name, file]) => `${name}\n\n${readFileSync(file, 'utf8').trim()}\n`);
}

/** Name, version and licence text of each package. Fails the build if a package has no licence text. */
export function notices(metafiles) {
  const parts = packages(metafiles).map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((file) => /^licen[cs]e(\.|$)/i.test(file));
    if (!file || !existsSync(`${folder}/${file}`)) throw new Error(`${name} has no licence text`);
    return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
  });
  return `Packages and data that are in these scripts, and their licences.\n\n${[...parts, ...dataNotices(metafiles)].join(`\n${'-'.repeat(72)}\n\n`)}`;
}
