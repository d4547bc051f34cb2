import { ALLOWED_WHEN } from '../../../domain/batches/status.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import type { Database } from '../../../store/database.js';
import type { Workspace } from '../../support/seed.js';

export async function cancelBatch(
  db: Database,
  { workspaceId }: Workspace,
  batchId: string,
  patch: { hangUp?: boolean } = {},
): Promise<void> {
  await changeBatch(db.pool, {
    workspaceId,
    batchId,
    action: 'cancel',
    from: ALLOWED_WHEN.cancel,
    actor: 'test',
    commandId: null,
    patch,
  });
}
