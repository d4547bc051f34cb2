import { isAllowed } from '../../../domain/batches/status.js';
import { publicId } from '../../../domain/ids.js';
import { reopenImport } from '../../../store/imports/create-import.js';
import { notAllowed, requireBatch } from '../change-batch.js';
import { fixOutstanding, notInReview, requireImport } from '../confirm-and-move.js';
import { notFound } from '../../http/errors.js';
import type { Upload } from '../../http/receive-upload.js';
import { toImportView } from '../../views/import-view.js';
import { fillFrom, openFile, type FileQuery, type Uploading } from './import-file.js';

/**
 * Reads a file into an import under review, whose rows it replaces. The old rows stay until the new ones are whole; a file that is
 * refused, a client that goes away and a process that dies leave the import as it was.
 */
export async function replaceFile(asked: Uploading, importId: string, upload: Upload, query: FileQuery) {
  const { deps, auth } = asked;
  const { id, batchId } = await requireImport(asked, importId);
  const batch = await requireBatch(asked, batchId);
  if (!isAllowed('addRecipients', batch.status, batch.kind)) throw notAllowed(batch, 'addRecipients');
  const received = openFile(asked, upload, query);
  const { defaultCountry, numbersWithoutPlus, doNotCallColumns } = query;
  const opened = await reopenImport(deps.db.pool, {
    ...{ importId: id, workspaceId: auth.workspaceId, fileName: upload.fileName },
    ...{ defaultCountry, numbersWithoutPlus, doNotCallColumns },
  });
  switch (opened.is) {
    case 'NOT_FOUND':
      throw notFound('import', publicId('import', id));
    case 'FIX_OUTSTANDING':
      throw fixOutstanding(id);
    case 'NOT_IN_REVIEW':
      throw notInReview(id, opened.status);
    case 'receiving':
      // Read again: as it is while the import is open.
      await fillFrom(asked, await requireBatch(asked, batchId), opened, received);
      return toImportView(await requireImport(asked, id));
  }
}
