import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { lineOf, readRepoFile, repoFiles, ROOT } from './repo-files.js';

const FIRST_SCREENS_LINES = 90;
const REQUIRED_LINKS = [
  'domain/hours/openings.ts',
  'store/claims/claim_calls.sql',
  'activities/place-next-calls.ts',
  'docs/PROTOCOL.md#if-the-process-dies',
];
const FOLDERS = new Set(repoFiles().flatMap((file) => (file.includes('/') ? [file.slice(0, file.indexOf('/'))] : [])));
/** Made by a command; not in a fresh clone. */
const MADE = ['.data/', 'dist/', 'store/generated/', 'client/generated/'];

const pages = repoFiles().filter((file) => /^([A-Z]+\.md|docs\/.*\.md|examples\/.*\.md)$/.test(file));

/** Code, in blocks and in lines, holds no links. Blanked, so that line numbers stay. */
function withoutCode(text: string): string {
  return text
    .replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ' '))
    .replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
}

/** The anchors that a page has: its headings as GitHub writes them, and ids written by hand. */
function anchorsOf(page: string): Set<string> {
  const text = readRepoFile(page);
  const headings = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]);
}

function brokenLinks(page: string): string[] {
  const text = withoutCode(readRepoFile(page));
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => {
    const [file = '', anchor] = (match[1] ?? '').split('#');
    if (/^[a-z]+:/.test(file)) return [];
    const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
    const isThere = existsSync(path.join(ROOT, target));
    const hasAnchor =
      anchor === undefined || (isThere && statSync(path.join(ROOT, target)).isFile() && anchorsOf(target).has(anchor));
    return isThere && hasAnchor ? [] : [`${page}:${lineOf(text, match.index)} ${match[1]}`];
  });
}

/** `folder/…` in backticks, where the first part is one of our folders. Placeholders such as `<name>` and `…` are left alone. */
function missingPaths(page: string): string[] {
  const text = readRepoFile(page);
  return [...text.matchAll(/`([\w.-]+\/[^`\s]*)`/g)].flatMap((match) => {
    const written = (match[1] ?? '').replace(/[:,#].*$/, '');
    const isOurs = FOLDERS.has(written.slice(0, written.indexOf('/'))) && !/[<>…*{}]/.test(written);
    if (!isOurs || MADE.some((made) => written.startsWith(made)) || existsSync(path.join(ROOT, written))) return [];
    return [`${page}:${lineOf(text, match.index)} ${written}`];
  });
}

it('there are pages to check', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['README.md', 'docs/PROTOCOL.md', 'docs/ARCHITECTURE.md', 'docs/runbook.md']),
  );
});

it('every link from a page leads to a file that is there, and to a heading that it has', () => {
  expect(pages.flatMap(brokenLinks)).toEqual([]);
});

it('every path that a page names is there', () => {
  expect(pages.flatMap(missingPaths)).toEqual([]);
});

it('the first two screens of the README say where the hours are decided, where a call is placed, and what happens when it dies there', () => {
  const start = readRepoFile('README.md').split('\n').slice(0, FIRST_SCREENS_LINES).join('\n');
  expect(REQUIRED_LINKS.filter((link) => !start.includes(`](${link})`))).toEqual([]);
  expect(start).toContain('npm test -- claim-calls');
});

it('every npm command that a page names is one of package.json', () => {
  const { scripts } = JSON.parse(readRepoFile('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) =>
    [...readRepoFile(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name),
  );
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});
