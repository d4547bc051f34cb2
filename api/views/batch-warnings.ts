import { publicId } from '../../domain/ids.js';
import type { BatchWarning } from '../schemas/batch-schemas.js';
import { NEVER_OPEN_COUNTED_MAX, type BatchRow } from '../../store/batches/read-batches.js';

/** What is likely a mistake and is taken all the same. */
export function warningsOf(batch: BatchRow): BatchWarning[] {
  const warnings: BatchWarning[] = [];
  if (batch.sameNameId !== null) {
    const message = `Another batch is called '${batch.name}' too. Rename one to tell them apart.`;
    warnings.push({ code: 'duplicate_name', message, batchId: publicId('batch', batch.sameNameId) });
  }
  if (batch.neverOpenCount > 0) warnings.push(neverOpenWarning(batch.neverOpenCount));
  return warnings;
}

/** `count`: recipients to whom no call may ever start. */
export function neverOpenWarning(count: number): BatchWarning {
  const many = `More than ${NEVER_OPEN_COUNTED_MAX.toLocaleString('en')} recipients`;
  const who = count > NEVER_OPEN_COUNTED_MAX ? many : count === 1 ? '1 recipient' : `${count} recipients`;
  const why = 'their time zone is unknown, or its hours and those of the batch have no time in common within 400 days';
  const advice = 'Give them a time zone (PATCH /v1/recipients/{recipientId}) or change the hours';
  const message = `${who} can never be called: ${why}. ${advice}; else they fail when all others are settled.`;
  return { code: 'never_open', message };
}
