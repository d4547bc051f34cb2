import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../dev/processes.js';
import { ALL_MUTANTS } from './all-mutants.js';
import { inAnyLines } from './mutant.js';

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');

it('every protection that `npm run mutants` takes out stands once in its file, and its test is there', () => {
  const stale = ALL_MUTANTS.filter(({ file, find, spec }) => {
    const found = read(file).match(inAnyLines(find)) ?? [];
    return found.length !== 1 || read(spec).length === 0;
  });
  expect(stale.map(({ protection }) => protection)).toEqual([]);
});

it('takes out no protection under two names', () => {
  const names = ALL_MUTANTS.map(({ protection }) => protection);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
