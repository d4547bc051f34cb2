import { ALLOWED_WHEN, isAllowed } from '../../../domain/batches/status.js';
import type { PhoneReading } from '../../../domain/recipients/suppression-rows.js';
import { publicId } from '../../../domain/ids.js';
import {
  createImport,
  dropImport,
  failImport,
  UPLOAD_INTERRUPTED,
  type Receipt,
} from '../../../store/imports/create-import.js';
import { fillImport, ImportTakenBack } from '../../../store/imports/fill-import.js';
import type { NumbersWithoutPlus } from '../../../domain/recipients/phone-readings.js';
import { keepDuplicates } from '../../../store/imports/keep-duplicates.js';
import type { BatchRow } from '../../../store/batches/read-batches.js';
import { notAllowed, requireBatch } from '../change-batch.js';
import { confirmAndMove, requireImport } from '../confirm-and-move.js';
import { readRecipientOptions } from '../check-recipients.js';
import { requireReading } from '../require-reading.js';
import { ApiError, ClientGone } from '../../http/errors.js';
import type { RequestDeps, Auth, Command } from '../../http/operation.js';
import { toImportView } from '../../views/import-view.js';
import type { DoNotCallColumns } from '../../../domain/imports/order-columns.js';
import type { TextEncoding } from '../../../domain/imports/text-encodings.js';
import { openCsv, type CsvFile } from './open-csv.js';
import { readCsv } from './read-csv.js';
import type { Upload } from '../../http/receive-upload.js';

type Asked = { deps: RequestDeps; auth: Auth; command: Command; gone: AbortSignal };
type ImportQuery = {
  autoConfirm: boolean;
  defaultCountry?: string | undefined;
  numbersWithoutPlus: NumbersWithoutPlus;
  encoding?: TextEncoding | undefined;
  doNotCallColumns: DoNotCallColumns;
  /** Chosen by the client, who can then follow the import while its rows are read. */
  importId?: string | undefined;
};

/** Reads an uploaded file into an import under review. A file that is refused leaves nothing behind. */
export async function importFile(asked: Asked, batch: BatchRow, upload: Upload, query: ImportQuery) {
  if (!isAllowed('addRecipients', batch.status, batch.kind)) throw notAllowed(batch, 'addRecipients');
  const reading = requireReading(query);
  const file = openCsv(upload, query.encoding, asked.deps.config.settings);
  const importId = await receive(asked, batch, { file, query, reading });
  const record = await requireImport(asked, importId);
  // A guess is not confirmed by itself: it would give people names that are not theirs.
  const mayConfirm = query.autoConfirm && record.encoding?.certain === true;
  if (!mayConfirm || record.status !== 'REVIEW' || record.acceptedRows === 0) return toImportView(record);
  await confirmAndMove(asked, record);
  return toImportView(await requireImport(asked, importId));
}

type Received = { file: CsvFile; query: ImportQuery; reading: PhoneReading };

/** @returns the id of the import that the file was read into: by now, or by an earlier try of the same request. */
async function receive(asked: Asked, batch: BatchRow, received: Received): Promise<string> {
  const { deps, auth, command } = asked;
  const { file, query } = received;
  const { importId: chosenId, defaultCountry, numbersWithoutPlus, doNotCallColumns } = query;
  const opened = await createImport(deps.db.pool, {
    id: chosenId ?? command.newId('import'),
    workspaceId: auth.workspaceId,
    batchId: batch.id,
    fileName: file.upload.fileName,
    defaultCountry,
    numbersWithoutPlus,
    doNotCallColumns,
    from: ALLOWED_WHEN.addRecipients,
  });
  switch (opened.is) {
    case 'not-allowed':
      throw notAllowed(await requireBatch(asked, batch.id), 'addRecipients');
    case 'taken':
      throw new ApiError('already_exists', 'This importId is in use. Choose a new one for every upload.');
    case 'there':
      if (command.id === null) throw isThere(opened.importId, opened.status);
      if (opened.status === 'RECEIVING') throw isBeingReceived(opened.importId);
      return opened.importId;
    case 'receiving':
      // Read again: from now on the import keeps whose clock counts from being changed, until now it could be.
      await fill(asked, await requireBatch(asked, batch.id), opened, received);
      return opened.importId;
  }
}

async function fill({ deps, auth, gone }: Asked, batch: BatchRow, receipt: Receipt, received: Received): Promise<void> {
  const { db, config, pools } = deps;
  const { settings } = config;
  const { file, query, reading } = received;
  const { importId } = receipt;
  try {
    const recipient = {
      ...(await readRecipientOptions(db, batch, reading)),
      localTimeZone: batch.timeZone,
      doNotCallColumns: query.doNotCallColumns,
    };
    const { step, summary } = readCsv({ importId, file, recipient, hours: batch, settings });
    const by = { workspaceId: auth.workspaceId, actor: auth.actor, batchId: batch.id };
    await fillImport(db, receipt, { source: file.upload.open(), step, summary, signs: pools.control.pool, gone, by });
    const whose = { workspaceId: auth.workspaceId, batchId: batch.id, importId, days: settings.recentCallDays };
    await keepDuplicates(db, whose, { countedInFile: summary().duplicateRows });
  } catch (thrown) {
    if (thrown instanceof ImportTakenBack) throw takenBack(importId);
    if (thrown instanceof ClientGone) await failImport(db.pool, receipt, UPLOAD_INTERRUPTED);
    else if (thrown instanceof ApiError) await dropImport(db.pool, receipt);
    else await failImport(db.pool, receipt);
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
