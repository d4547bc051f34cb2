import { SETTINGS } from '../../platform/settings.js';
import { readRepoFile } from './repo-files.js';

const page = readRepoFile('docs/configuration.md');

function rowsOf(heading: string): string[][] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

it('docs/configuration.md has every setting with its default, bounds and meaning, and no other', () => {
  const settings = Object.entries(SETTINGS).map(([name, { env, default: usual, min, max, what }]) => [
    env,
    name,
    String(usual),
    String(min),
    String(max),
    what,
  ]);
  expect(rowsOf('Limits and time-outs')).toEqual(settings);
});

it('docs/configuration.md has every other variable that a process reads, and no other', () => {
  const read = [...readRepoFile('platform/config.ts').matchAll(/environment\['(\w+)'\]/g)].map(([, name]) => name);
  expect(read.length).toBeGreaterThan(0);
  expect(
    rowsOf('The process')
      .map(([name]) => name)
      .sort(),
  ).toEqual([...new Set(read)].sort());
});

it('every variable of a process is read where it is documented to be read', () => {
  expect(Object.values(SETTINGS).filter(({ env }) => !env.startsWith('DIALWRIGHT_'))).toEqual([]);
  expect(Object.values(SETTINGS).filter(({ default: usual, min, max }) => usual < min || usual > max)).toEqual([]);
});
