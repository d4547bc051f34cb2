import { parsePublicId } from '../../../domain/ids.js';
import type { TestApi } from './test-api.js';

export const uuidOf = (batchId: string): string => parsePublicId('batch', batchId)!;

export const storedBatch = (api: TestApi, batchId: string) =>
  api.db.prisma.batch.findUniqueOrThrow({ where: { id: uuidOf(batchId) } });

/** Sets columns of a batch's recipients; `p.place` counts them from 1, in order. */
export const setWaits = (api: TestApi, uuid: string, waits: string) =>
  api.db.pool.query(
    `UPDATE recipient_states s SET ${waits}
       FROM (SELECT recipient_id, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $1) p
      WHERE p.recipient_id = s.recipient_id`,
    [uuid],
  );
