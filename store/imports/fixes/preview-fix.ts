import type { Fix } from '../../../domain/imports/fixes.js';
import { createPause } from '../../../platform/pause.js';
import type { Database } from '../../database.js';
import { listImportRows, type ImportRowRecord, type ReviewRules } from '../read-import.js';
import { openFixer } from './run-fix.js';

/** Rows that are read at a time: 13 MB when each is as long as a row may be. */
const PAGE_ROWS = 200;
/** Rows that are checked for a preview, and shown. */
const CHECKED_MAX = 1_000;
const SAMPLES_MAX = 3;

type FixPreview = {
  checked: number;
  accepted: number;
  changed: number;
  leftOut: number;
  /** `after` is null for a row that is left out. */
  samples: { before: ImportRowRecord; after: ImportRowRecord | null }[];
};

/** What a fix would do with the first rows that it means; nothing is changed. */
export async function previewFix(db: Database, importId: string, rules: ReviewRules, fix: Fix): Promise<FixPreview> {
  const fixer = await openFixer(db, rules, fix);
  const pause = createPause();
  const preview: FixPreview = { checked: 0, accepted: 0, changed: 0, leftOut: 0, samples: [] };
  for (let after = 0, read = 0; read < CHECKED_MAX;) {
    const page = { accepted: false, after, limit: PAGE_ROWS, code: fix.code };
    const rows = await listImportRows(db.pool, importId, page);
    for (const before of rows) {
      await pause();
      const made = fixer(before);
      if (!made) continue;
      const { became, content, problems, reading } = made;
      preview.checked += 1;
      preview[became === 'ACCEPTED' ? 'accepted' : became === 'REJECTED' ? 'changed' : 'leftOut'] += 1;
      if (preview.samples.length === SAMPLES_MAX) continue;
      const fixed = { rowNumber: before.rowNumber, accepted: became === 'ACCEPTED', content, problems, reading };
      preview.samples.push({ before, after: became === 'LEFT_OUT' ? null : fixed });
    }
    read += rows.length;
    after = rows.at(-1)?.rowNumber ?? after;
    if (rows.length < PAGE_ROWS) break;
  }
  return preview;
}
