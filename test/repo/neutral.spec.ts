import { lineOf, readRepoFile, repoFiles } from './repo-files.js';

/** Put together here, so that this file holds none of them. */
const MACHINE_PATHS = ['work', 'root', 'home', 'Users'].map(
  (folder) => new RegExp(`(?<![\\w./~-])/${folder}/[\\w.-]`, 'g'),
);
const REGISTRIES = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['npm', 'pkg', 'github', 'com'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['binaries', 'prisma', 'sh'],
].map((parts) => new RegExp(parts.join('\\.'), 'g'));
const BINARY = /\.(png|jpe?g|gif|ico|woff2?|gz|zip)$/;

const files = repoFiles().filter((file) => !BINARY.test(file));

function findAll(patterns: readonly RegExp[]): string[] {
  return files.flatMap((file) => {
    const text = readRepoFile(file);
    return patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].map((match) => `${file}:${lineOf(text, match.index)} ${match[0]}`),
    );
  });
}

it('there are files to check', () => {
  expect(files).toEqual(expect.arrayContaining(['README.md', 'package-lock.json', 'workflows/run-batch.ts']));
});

it('no file names a folder of the machine that it was written on', () => {
  expect(findAll(MACHINE_PATHS)).toEqual([]);
});

it('no file names a package registry: whose registry is used is up to the person who installs', () => {
  expect(findAll(REGISTRIES)).toEqual([]);
});

it('the lockfile holds no download addresses', () => {
  const addresses = readRepoFile('package-lock.json')
    .split('\n')
    .filter((line) => line.includes('"resolved": "http'));
  expect(addresses).toEqual([]);
  expect(readRepoFile('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
});
