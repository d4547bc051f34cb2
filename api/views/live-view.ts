import { publicId } from '../../domain/ids.js';
import type { LiveChange } from '../../domain/live.js';
import { createBatchCounter } from '../../store/batches/create-batch-counter.js';
import { readBatch } from '../../store/batches/read-batches.js';
import { readImport } from '../../store/imports/read-import.js';
import { readJob } from '../../store/jobs/jobs.js';
import { readLiveWorkspace } from '../../store/live/read-live.js';
import type { Pools } from '../../store/pools.js';
import type { LiveEvent } from '../http/live/event-text.js';
import { toBatchView } from './batch-view.js';
import { toImportView } from './import-view.js';
import { toJobView } from './job-view.js';

/** Reads what is told of things that have changed: as a GET of them says, but for what only an id is told of. */
export function createLiveReader({ page, search }: Pick<Pools, 'page' | 'search'>) {
  const counter = createBatchCounter(search);
  const { pool } = page;

  return async ({ workspaceId, kind, id }: LiveChange): Promise<LiveEvent | null> => {
    switch (kind) {
      case 'batch':
      case 'calls':
        return readLiveBatch(workspaceId, id);
      case 'import': {
        const record = await readImport(pool, workspaceId, id);
        return record && { name: 'import', data: toImportView(record) };
      }
      case 'job': {
        const job = await readJob(pool, workspaceId, id);
        return job && { name: 'job', data: toJobView(job) };
      }
      case 'workspace': {
        const { stoppedAt, ...workspace } = await readLiveWorkspace(pool, workspaceId);
        const data = { ...workspace, id: publicId('workspace', id), stoppedAt: stoppedAt?.toISOString() ?? null };
        return { name: 'workspace', data };
      }
      default:
        return { name: kind, data: { id: publicId(kind, id) } };
    }
  };

  async function readLiveBatch(workspaceId: string, id: string): Promise<LiveEvent> {
    const batch = await readBatch(pool, workspaceId, id);
    if (!batch) return { name: 'batchDeleted', data: { id: publicId('batch', id) } };
    const counts = await counter.count([id]);
    return { name: 'batch', data: toBatchView(batch, counts.get(id)!) }; // counted above
  }
}
