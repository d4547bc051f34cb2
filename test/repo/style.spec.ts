import path from 'node:path';
import { readRepoFile, repoFiles } from './repo-files.js';

const LINES_MAX = 300;
/** A specification is a list; it may be longer. */
const SPEC_LINES_MAX = 500;
const IS_TEST = /^test\/|\.spec\.ts$/;
const FOLDERS = [
  '.ci',
  '.github',
  'activities',
  'api',
  'bench',
  'carrier',
  'client',
  'cli',
  'dashboard',
  'dev',
  'docker',
  'docs',
  'domain',
  'examples',
  'platform',
  'prisma',
  'store',
  'telephony',
  'test',
  'worker',
  'workflows',
];
const SQL_COLUMNS_MAX = 120;
const SQL_FUNCTION_LINES_MAX = 70;
const FILES_PER_FOLDER_MAX = 25;
const CODE = /\.(ts|tsx|mjs|cjs|sql)$/;
/** Made by a command or by a person in one piece: their length says nothing. */
const MAY_BE_LONG =
  /^(prisma\/|package-lock\.json$|openapi\.json$|LICENSE$|docs\/|examples\/|test\/replay\/histories\/|dashboard\/src\/api\/)/;
const READS_ENVIRONMENT = /^(platform\/|cli\/|dev\/|examples\/|test\/|bench\/|prisma\.config\.ts$)/;
/** Put together here, so that this file holds none of them. */
const ENVIRONMENT = new RegExp(['process', 'env'].join('\\.'));
const ONLY_OR_SKIP = new RegExp(
  `\\b(it|test|describe)\\.(${['on' + 'ly', 'sk' + 'ip', 'to' + 'do'].join('|')})\\b|\\b[xf](it|describe)\\(`,
);
const CLIENT = new RegExp(`import (?!type)[^;]*\\bPrisma` + `Client\\b`);

const sources = repoFiles().filter((file) => /\.(ts|tsx|mts|mjs|cjs|js)$/.test(file));

function whereMatches(pattern: RegExp, isExempt: (file: string) => boolean = () => false): string[] {
  return sources.filter((file) => !isExempt(file) && pattern.test(readRepoFile(file)));
}

it('there are sources to check', () => {
  expect(sources.length).toBeGreaterThan(100);
});

it('every top-level folder is one that the README explains', () => {
  const found = repoFiles().flatMap((file) => (file.includes('/') ? [file.slice(0, file.indexOf('/'))] : []));
  expect([...new Set(found)].filter((folder) => !FOLDERS.includes(folder))).toEqual([]);
});

it('the environment is read in platform/ only, and by what is no part of the product', () => {
  expect(whereMatches(ENVIRONMENT, (file) => READS_ENVIRONMENT.test(file) || file.endsWith('.spec.ts'))).toEqual([]);
});

it('no test is skipped, and none runs alone', () => {
  expect(whereMatches(ONLY_OR_SKIP)).toEqual([]);
});

it('the database client is made in store/ only', () => {
  expect(whereMatches(CLIENT, (file) => file.startsWith('store/'))).toEqual([]);
});

it(`no file is longer than ${LINES_MAX} lines`, () => {
  const long = repoFiles().filter(
    (file) =>
      !MAY_BE_LONG.test(file) &&
      readRepoFile(file).split('\n').length > (IS_TEST.test(file) ? SPEC_LINES_MAX : LINES_MAX) + 1,
  );
  expect(long).toEqual([]);
});

it(`no line of SQL is longer than ${SQL_COLUMNS_MAX} columns`, () => {
  const long = repoFiles()
    .filter((file) => file.endsWith('.sql'))
    .flatMap((file) =>
      readRepoFile(file)
        .split('\n')
        .flatMap((line, index) => (line.length > SQL_COLUMNS_MAX ? [`${file}:${index + 1}`] : [])),
    );
  expect(long).toEqual([]);
});

it(`no function of SQL is longer than ${SQL_FUNCTION_LINES_MAX} lines`, () => {
  const functions = repoFiles()
    .filter((file) => file.startsWith('store/') && file.endsWith('.sql'))
    .map((file) => ({ file, lines: linesFrom(readRepoFile(file), 'CREATE OR REPLACE FUNCTION') }));
  expect(functions.length).toBeGreaterThan(50);
  expect(functions.filter(({ lines }) => lines > SQL_FUNCTION_LINES_MAX)).toEqual([]);
});

it(`no folder of code has more than ${FILES_PER_FOLDER_MAX} files at its own level`, () => {
  const counts = new Map<string, number>();
  for (const folder of repoFiles()
    .filter((file) => CODE.test(file))
    .map((file) => path.posix.dirname(file)))
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > FILES_PER_FOLDER_MAX)).toEqual([]);
});

/** How many there are from the first that begins like this. */
function linesFrom(text: string, beginning: string): number {
  const lines = text.trimEnd().split('\n');
  return lines.length - lines.findIndex((line) => line.startsWith(beginning));
}
