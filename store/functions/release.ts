import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SQL_ROOT } from './sql-functions.js';

/** The release of this code: `version` in package.json. */
export function currentRelease(root = SQL_ROOT): string {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Below 0 when `a` is the older release, above 0 when it is the newer one. Numbers and dots; what follows a `-` is ignored. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const place = [0, 1, 2].find((index) => left[index] !== right[index]);
  return place === undefined ? 0 : (left[place] ?? 0) - (right[place] ?? 0);
}

function numbersOf(release: string): number[] {
  return (release.split('-')[0] ?? '').split('.').map(Number);
}
