import { ALLOWED_WHEN, isAllowed } from '../../domain/batch-status.js';
import { createImport, dropImport, failImport } from '../../store/create-import.js';
import { fillImport } from '../../store/fill-import.js';
import { findActiveAgentIds } from '../../store/find-caller.js';
import type { BatchRow } from '../../store/read-batches.js';
import { notAllowed, requireBatch } from '../change-batch.js';
import { confirmAndMove, requireImport } from '../confirm-and-move.js';
import { ApiError } from '../errors.js';
import type { ApiDeps, Auth, Command } from '../operation.js';
import { toImportView } from '../views/import-view.js';
import { checkFile } from './check-file.js';
import { readCsv, toFileError } from './read-csv.js';
import type { Upload } from './receive-upload.js';

type Asked = { deps: ApiDeps; auth: Auth; command: Command };
type ImportQuery = { autoConfirm: 'true' | 'false'; defaultCountry?: string | undefined };

/** Reads an uploaded file into an import under review. A file that is refused leaves nothing behind. */
export async function importFile(asked: Asked, batch: BatchRow, upload: Upload, query: ImportQuery) {
  const { deps, auth, command } = asked;
  if (!isAllowed('add recipients', batch.status)) throw notAllowed(batch.id, 'add recipients', batch.status);
  const encoding = checkFile(upload);
  const opened = await createImport(deps.db.pool, {
    id: command.newId('import'),
    workspaceId: auth.workspaceId,
    batchId: batch.id,
    fileName: upload.fileName,
    from: ALLOWED_WHEN['add recipients'],
  });
  if (opened.is === 'not-allowed')
    throw notAllowed(batch.id, 'add recipients', (await requireBatch(asked, batch.id)).status);
  const { importId } = opened;
  if (opened.is === 'receiving')
    await fill(deps, batch, { importId, upload, encoding, defaultCountry: query.defaultCountry });
  const record = await requireImport(asked, importId);
  if (query.autoConfirm === 'false' || record.status !== 'REVIEW' || record.acceptedRows === 0)
    return toImportView(record);
  await confirmAndMove(asked, record);
  return toImportView(await requireImport(asked, importId));
}

type File = {
  importId: string;
  upload: Upload;
  encoding: ReturnType<typeof checkFile>;
  defaultCountry: string | undefined;
};

async function fill(
  { db, config }: ApiDeps,
  batch: BatchRow,
  { importId, upload, encoding, defaultCountry }: File,
): Promise<void> {
  const { settings } = config;
  try {
    const knownAgentIds = await findActiveAgentIds(db.pool, batch.providerAccountId);
    const recipient = {
      hoursIn: batch.hoursIn,
      knownAgentIds,
      ...(defaultCountry !== undefined && { defaultCountry }),
    };
    const { steps, summary } = readCsv({ importId, encoding, head: upload.head, recipient, settings });
    await fillImport(db, importId, { source: upload.open(), steps, summary });
  } catch (thrown) {
    const err = toFileError(thrown, settings);
    await (err instanceof ApiError ? dropImport : failImport)(db.pool, importId);
    throw err;
  }
}
