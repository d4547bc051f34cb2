import { statSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { writeImportFile } from '../../test/support/upload-file.js';
import { ROWS } from '../imports/import-load.js';
import type { Row, StoryOptions } from '../story.js';
import type { Seen } from './in-page.js';

/** Reading, checking and adding a million rows takes minutes on two cores. */
const IMPORT_MAX_MS = 900_000;
const NAME = 'A million';

/** Uploads, checks and adds a file in the page, which is watched. @returns the id of its draft, and the longest task of the page meanwhile */
export async function measureLargeFile(
  page: Page,
  { dir, say }: StoryOptions,
): Promise<{ batchId: string; rows: Row[] }> {
  const file = path.join(dir, 'people.csv');
  await writeImportFile(file, ROWS);
  await page.goto('/batches/new');
  await page.getByRole('textbox', { name: 'Batch Call Name' }).fill(NAME);
  await page.waitForURL(/\/batches\/bat_[0-9a-f]+\/edit$/);
  const batchId = /bat_[0-9a-f]+/.exec(page.url())?.[0] ?? '';
  await page.evaluate('seen.tasksMs.splice(0)');

  const beganMs = performance.now();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Upload (Another )?CSV$/ }).click();
  await (await choosing).setFiles(file);
  const add = page.getByRole('dialog').getByRole('button', { name: 'Add Accepted Rows' });
  await page
    .getByRole('dialog')
    .getByText(/rows will be added/)
    .waitFor({ timeout: IMPORT_MAX_MS });
  await add.click();
  await page.getByText(`You have added ${ROWS.toLocaleString('en-GB')} recipients`).waitFor({ timeout: IMPORT_MAX_MS });
  const tookMs = performance.now() - beganMs;
  const { tasksMs: tasks } = await page.evaluate<Seen>('seen');
  const longestMs = Math.max(0, ...tasks);
  say(
    `${(statSync(file).size / 1e6).toFixed(0)} MB uploaded, checked and added in ${(tookMs / 1000).toFixed(0)} s; ${tasks.length} tasks over 50 ms, the longest ${longestMs} ms`,
  );
  return {
    batchId,
    rows: [{ label: 'large file, longest task', value: longestMs, unit: 'ms', bar: 200, better: 'lower' }],
  };
}
