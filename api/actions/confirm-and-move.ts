import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { publicId } from '../../domain/ids.js';
import { confirmImport } from '../../store/imports/confirm-import.js';
import { readImport, type ImportRecord } from '../../store/imports/read-import.js';
import { moveImportRows } from '../../store/batches/sweep-rows.js';
import { notAllowed } from './change-batch.js';
import { ApiError, notFound } from '../http/errors.js';
import type { RequestDeps, Auth, Command } from '../http/operation.js';
import { wakeBatch } from './wake-batch.js';

type Asked = { deps: RequestDeps; auth: Auth; command: Command };

/** Rows are moved by the request for this long; the sweeper moves the rest. */
const MOVE_TIME_MS = 2_000;

export async function requireImport(
  { deps, auth }: { deps: RequestDeps; auth: Auth },
  importId: string,
): Promise<ImportRecord> {
  const record = await readImport(deps.db.pool, auth.workspaceId, importId);
  if (!record) throw notFound('import', publicId('import', importId));
  return record;
}

/** Confirms an import and lets its accepted rows become recipients. @throws ApiError when it cannot be confirmed */
export async function confirmAndMove({ deps, auth, command }: Asked, { id, batchId }: ImportRecord): Promise<void> {
  const request = {
    workspaceId: auth.workspaceId,
    importId: id,
    batchId,
    actor: auth.actor,
    commandId: command.id,
  };
  const confirmed = await confirmImport(deps.db.pool, { ...request, from: ALLOWED_WHEN.addRecipients });
  switch (confirmed.result) {
    case 'NOT_FOUND':
      throw notFound('import', publicId('import', id));
    case 'NO_ACCEPTED_ROWS':
      throw new ApiError(
        'no_accepted_rows',
        `No row of the import ${publicId('import', id)} was accepted. Mend the file and upload it again.`,
      );
    case 'FIX_OUTSTANDING':
      throw fixOutstanding(id);
    case 'NOT_IN_REVIEW':
      throw notInReview(id, confirmed.status);
    case 'NOT_ALLOWED':
      throw notAllowed({ id: batchId, kind: 'BATCH', status: confirmed.status }, 'addRecipients');
    case 'CONFIRMED':
      await moveRows(deps, id).catch((err: unknown) =>
        deps.logger.warn({ importId: id, err }, 'rows of an import will follow later'),
      );
      await wakeBatch(deps, batchId);
  }
}

export function fixOutstanding(importId: string): ApiError {
  const id = publicId('import', importId);
  return new ApiError(
    'import_fix_outstanding',
    `Rows of the import ${id} are being fixed, or a fix is being undone. Wait until \`fix\` of the import says that it is over.`,
  );
}

export function notInReview(importId: string, status: string): ApiError {
  return new ApiError(
    'import_not_in_review',
    `The import ${publicId('import', importId)} is ${status}; only one in REVIEW can be confirmed or discarded.`,
    {
      members: { importStatus: status },
    },
  );
}

async function moveRows({ db }: RequestDeps, importId: string): Promise<void> {
  const endMs = performance.now() + MOVE_TIME_MS;
  while (performance.now() < endMs && (await moveImportRows(db.pool, importId)));
}
