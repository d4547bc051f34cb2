import { ALLOWED_WHEN, isAllowed } from '../../../domain/batches/status.js';
import type { PhoneReading } from '../../../domain/recipients/suppression-rows.js';
import { publicId } from '../../../domain/ids.js';
import { createImport, dropImport, failImport, type Receipt } from '../../../store/imports/create-import.js';
import { fillImport, ImportTakenBack } from '../../../store/imports/fill-import.js';
import type { NumbersWithoutPlus } from '../../../domain/recipients/phone-readings.js';
import { keepDuplicates } from '../../../store/imports/keep-duplicates.js';
import type { BatchRow } from '../../../store/batches/read-batches.js';
import { notAllowed, requireBatch } from '../change-batch.js';
import { confirmAndMove, requireImport } from '../confirm-and-move.js';
import { readRecipientOptions } from '../check-recipients.js';
import { requireReading } from '../require-reading.js';
import { ApiError } from '../../http/errors.js';
import type { RequestDeps, Auth, Command } from '../../http/operation.js';
import { toImportView } from '../../views/import-view.js';
import { checkFile } from './check-file.js';
import type { TextEncoding } from './decode-text.js';
import { readCsv } from './read-csv.js';
import type { Upload } from '../../http/receive-upload.js';

type Asked = { deps: RequestDeps; auth: Auth; command: Command };
type ImportQuery = {
  autoConfirm: 'true' | 'false';
  defaultCountry?: string | undefined;
  numbersWithoutPlus: NumbersWithoutPlus;
  /** Chosen by the client, who can then follow the import while its rows are read. */
  importId?: string | undefined;
};

/** Reads an uploaded file into an import under review. A file that is refused leaves nothing behind. */
export async function importFile(asked: Asked, batch: BatchRow, upload: Upload, query: ImportQuery) {
  if (!isAllowed('add recipients', batch.status, batch.kind)) throw notAllowed(batch, 'add recipients');
  const reading = requireReading(query);
  const seen = checkFile(upload);
  // A file of Windows does not say what it is; what is not UTF-8 can hardly be anything else.
  const encoding = seen === 'utf-8' && !upload.isUtf8 ? 'windows-1252' : seen;
  const importId = await receive(asked, batch, { upload, encoding, query, reading });
  const record = await requireImport(asked, importId);
  if (query.autoConfirm === 'false' || record.status !== 'REVIEW' || record.acceptedRows === 0)
    return toImportView(record);
  await confirmAndMove(asked, record);
  return toImportView(await requireImport(asked, importId));
}

type File = { upload: Upload; encoding: TextEncoding; query: ImportQuery; reading: PhoneReading };

/** @returns the id of the import that the file was read into: by now, or by an earlier try of the same request. */
async function receive(asked: Asked, batch: BatchRow, file: File): Promise<string> {
  const { deps, auth, command } = asked;
  const { importId: chosenId, defaultCountry, numbersWithoutPlus } = file.query;
  const opened = await createImport(deps.db.pool, {
    id: chosenId ?? command.newId('import'),
    workspaceId: auth.workspaceId,
    batchId: batch.id,
    fileName: file.upload.fileName,
    defaultCountry,
    numbersWithoutPlus,
    from: ALLOWED_WHEN['add recipients'],
  });
  switch (opened.is) {
    case 'not-allowed':
      throw notAllowed(await requireBatch(asked, batch.id), 'add recipients');
    case 'taken':
      throw new ApiError('already_exists', 'This importId is in use. Choose a new one for every upload.');
    case 'there':
      if (command.id === null) throw isThere(opened.importId, opened.status);
      if (opened.status === 'RECEIVING') throw isBeingReceived(opened.importId);
      return opened.importId;
    case 'receiving':
      // Read again: from now on the import keeps whose clock counts from being changed, until now it could be.
      await fill(asked, await requireBatch(asked, batch.id), opened, file);
      return opened.importId;
  }
}

async function fill({ deps, auth }: Asked, batch: BatchRow, receipt: Receipt, file: File): Promise<void> {
  const { db, config } = deps;
  const { settings } = config;
  const { upload, encoding, reading } = file;
  const { importId } = receipt;
  try {
    const recipient = await readRecipientOptions(db, batch, reading);
    const { step, summary } = readCsv({ importId, encoding, head: upload.head, recipient, hours: batch, settings });
    await fillImport(db, receipt, { source: upload.open(), step, summary });
    const whose = { workspaceId: auth.workspaceId, batchId: batch.id, importId, days: settings.recentCallDays };
    await keepDuplicates(db, whose, { inFile: summary().duplicateRows ?? null });
  } catch (thrown) {
    if (thrown instanceof ImportTakenBack) throw takenBack(importId);
    await (thrown instanceof ApiError ? dropImport : failImport)(db.pool, receipt);
    throw thrown;
  }
}

function isThere(importId: string, status: string): ApiError {
  const id = publicId('import', importId);
  return new ApiError('already_exists', `The import ${id} exists and is ${status}. Choose a new id for every upload.`);
}

function isBeingReceived(importId: string): ApiError {
  const id = publicId('import', importId);
  return new ApiError('request_in_progress', `The import ${id} is still being received. Wait, then send it again.`, {
    headers: { 'Retry-After': '1' },
  });
}

function takenBack(importId: string): ApiError {
  const id = publicId('import', importId);
  return new ApiError(
    'import_not_in_review',
    `The import ${id} was discarded while its file was being read. Nothing of the file was kept.`,
    { members: { importStatus: 'DISCARDED' } },
  );
}
