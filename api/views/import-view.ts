import { publicId } from '../../domain/ids.js';
import type { ImportRecord } from '../../store/imports/read-import.js';

export function toImportView({ id, batchId, createdAt, confirmedAt, phoneFits, ...record }: ImportRecord) {
  return {
    id: publicId('import', id),
    batchId: publicId('batch', batchId),
    ...record,
    readings: { national: 0, international: 0, both: 0, ...phoneFits },
    droppedRows: record.totalRows - record.acceptedRows - record.rejectedRows,
    createdAt: createdAt.toISOString(),
    confirmedAt: confirmedAt?.toISOString() ?? null,
  };
}
