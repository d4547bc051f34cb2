import { rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../dev/processes.js';
import { stopOnSignal } from '../dev/stop-on-signal.js';
import { crowd } from './crowd.js';
import { engine } from './engine.js';
import { events } from './events.js';
import { fair } from './fair.js';
import { fixStory } from './imports/fix.js';
import { figures } from './live/figures.js';
import { freed } from './freed.js';
import { history } from './live/history.js';
import { importStory } from './imports/import.js';
import { describeMachine, startLoadMeter } from './machine-load.js';
import { listeners } from './live/listeners.js';
import { many } from './many.js';
import { morning } from './morning.js';
import { neighbours } from './neighbours.js';
import { page } from './page/page.js';
import { pages } from './imports/pages.js';
import { pause } from './pause.js';
import { recover } from './recover.js';
import { replay } from './replay.js';
import { restart } from './restart.js';
import { retry } from './retry.js';
import { slots } from './slots.js';
import { snapshot } from './snapshot.js';
import { start } from './start.js';
import { uploads } from './imports/uploads.js';
import { formatRow, isFarOff, type Story } from './story.js';
import { worst } from './worst/worst.js';
import { zones } from './zones.js';

/** `npm run bench -- <story>…`: runs stories, all when none is named, and compares each figure with its bar. */
const STORIES: readonly Story[] = [
  slots,
  engine,
  events,
  replay,
  freed,
  start,
  pause,
  recover,
  restart,
  fair,
  importStory,
  uploads,
  fixStory,
  neighbours,
  pages,
  page,
  zones,
  snapshot,
  morning,
  worst,
  many,
  crowd,
  retry,
  listeners,
  history,
  figures,
];
const DIR = path.join(projectRoot, '.data', `bench-${process.pid}`);

const names = process.argv.slice(2);
const unknown = names.filter((name) => !STORIES.some((story) => story.name === name));
if (unknown.length > 0) {
  console.error(`There is no story ${unknown.join(', ')}. Stories: ${STORIES.map((story) => story.name).join(', ')}`);
  process.exit(2);
}
const chosen = STORIES.filter((story) => names.length === 0 || names.includes(story.name));

// Servers die with this process, the parent that started them.
void stopOnSignal().received.then((signal) => {
  console.error(`Stopped by ${signal}.`);
  process.exit(130);
});

console.log(describeMachine());
let failed = false;
const lines: string[] = [];
for (const story of chosen) {
  const outcome = await runStory(story);
  failed ||= outcome.failed;
  lines.push(...outcome.lines);
}
console.log(`\n${lines.join('\n')}`);
if (!failed) rmSync(DIR, { recursive: true, force: true, maxRetries: 3 });
process.exit(failed ? 1 : 0);

async function runStory({ name, what, run }: Story): Promise<{ failed: boolean; lines: string[] }> {
  const startMs = performance.now();
  const say = (text: string): void => console.log(`  [${((performance.now() - startMs) / 1000).toFixed(1)} s] ${text}`);
  console.log(`\n${name}: ${what}`);
  const load = startLoadMeter();
  try {
    const rows = await run({ dir: path.join(DIR, name), say });
    const report = load.stop();
    say(report.text);
    const lines = rows.map((row) => formatRow(name, row));
    for (const line of lines) console.log(line);
    return { failed: rows.some(isFarOff), lines };
  } catch (err) {
    load.stop();
    console.error(err);
    return { failed: true, lines: [`${name} failed; logs are in ${path.join(DIR, name)}`] };
  }
}
