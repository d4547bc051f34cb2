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
import { readRecipientOptions } from '../../../store/recipients/read-recipient-options.js';
import { requireReading } from '../require-reading.js';
import { ApiError, ClientGone } from '../../http/errors.js';
import type { RequestDeps, Auth, Command } from '../../http/operation.js';
import { toImportView } from '../../views/import-view.js';
import type { Separator } from '../../../domain/imports/csv/csv-shape.js';
import type { ColumnChoice } from '../../../domain/imports/column-choice.js';
import type { DoNotCallColumns } from '../../../domain/imports/order-columns.js';
import type { TextEncoding } from '../../../domain/imports/text-encodings.js';
import { openCsv, type CsvFile } from './open-csv.js';
import { readColumnChoice } from './read-column-choice.js';
import { readCsv } from './read-csv.js';
import type { Upload } from '../../http/receive-upload.js';

export type Uploading = { deps: RequestDeps; auth: Auth; command: Command; gone: AbortSignal };
export type FileQuery = {
  defaultCountry?: string | undefined;
  numbersWithoutPlus: NumbersWithoutPlus;
  encoding?: TextEncoding | undefined;
  separator?: Separator | undefined;
  headerRow: number;
  doNotCallColumns: DoNotCallColumns;
};
type ImportQuery = FileQuery & {
  autoConfirm: boolean;
  /** Chosen by the client, who can then follow the import while its rows are read. */
  importId?: string | undefined;
};

/** Reads an uploaded file into an import under review. A file that is refused leaves nothing behind. */
export async function importFile(asked: Uploading, batch: BatchRow, upload: Upload, query: ImportQuery) {
  if (!isAllowed('addRecipients', batch.status, batch.kind)) throw notAllowed(batch, 'addRecipients');
  const importId = await receive(asked, batch, { ...openFile(asked, upload, query), chosenId: query.importId });
  const record = await requireImport(asked, importId);
  // A guess is not confirmed by itself: it would give people names that are not theirs, or call what is no number of theirs.
  const isGuess = record.encoding?.certain !== true || record.columns?.some(({ how }) => how === 'guessed') !== false;
  const mayConfirm = query.autoConfirm && !isGuess;
  if (!mayConfirm || record.status !== 'REVIEW' || record.acceptedRows === 0) return toImportView(record);
  await confirmAndMove(asked, record);
  return toImportView(await requireImport(asked, importId));
}

type Received = { file: CsvFile; query: FileQuery; choice: ColumnChoice; reading: PhoneReading };

/** What a file and its query say. @throws ApiError for what is no CSV, or cannot be meant */
export function openFile({ deps }: Uploading, upload: Upload, query: FileQuery): Received {
  const reading = requireReading(query);
  const choice = readColumnChoice(upload.columns);
  const file = openCsv(upload, { ...query, choice }, deps.config.settings);
  return { file, query, choice, reading };
}

/** @returns the id of the import that the file was read into: by now, or by an earlier try of the same request. */
async function receive(
  asked: Uploading,
  batch: BatchRow,
  { chosenId, ...received }: Received & { chosenId: string | undefined },
): Promise<string> {
  const { deps, auth, command } = asked;
  const { file, query } = received;
  const { defaultCountry, numbersWithoutPlus, doNotCallColumns } = query;
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
      await fillFrom(asked, await requireBatch(asked, batch.id), opened, received);
      return opened.importId;
  }
}

/** Reads a file into an import that was opened for it. @throws ApiError for a file that is refused: the import is what it was before */
export async function fillFrom(
  { deps, auth, gone }: Uploading,
  batch: BatchRow,
  receipt: Receipt,
  received: Received,
): Promise<void> {
  const { db, config, pools } = deps;
  const { settings } = config;
  const { file, query, choice, reading } = received;
  const { importId } = receipt;
  try {
    const recipient = {
      ...(await readRecipientOptions(db, batch, reading)),
      localTimeZone: batch.timeZone ?? undefined,
      doNotCallColumns: query.doNotCallColumns,
    };
    const { step, summary } = readCsv({
      ...{ importId, file, choice, recipient, settings },
      headerRow: query.headerRow,
      hours: batch,
    });
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
