import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../dev/processes.js';
import { readRepoFile, repoFiles } from './repo-files.js';

const IMPORTED = /import \{([^}]*)\} from '@mantine\/core'/g;
const stylesOf = (name: string): string => `@mantine/core/styles/${name}.css`;

it('the dashboard loads the styles of each component that it uses', () => {
  const sources = repoFiles().filter((file) => /^dashboard\/src\/.*\.tsx?$/.test(file));
  const names = new Set(
    sources.flatMap((file) => [...readRepoFile(file).matchAll(IMPORTED)].flatMap(([, list = '']) => list.split(','))),
  );
  const used = [...names]
    .map((name) => name.replace(/^\s*type\s/, '').trim())
    .filter((name) => existsSync(path.join(projectRoot, 'node_modules', stylesOf(name))));
  const loaded = ['mantine-styles', 'mantine-styles-of-pages']
    .map((name) => readRepoFile(`dashboard/src/app/${name}.ts`))
    .join();

  expect(used.length).toBeGreaterThan(20);
  expect(used.filter((name) => !loaded.includes(`'${stylesOf(name)}'`))).toEqual([]);
});
