import { publicId } from '../../domain/ids.js';
import type { RejectedCells } from '../../domain/imports/rejected-row.js';
import type { StoredRecipient } from '../../domain/recipients/stored-recipient.js';
import type { ImportRecord, ImportRowRecord } from '../../store/imports/read-import.js';

export function toImportView({ id, batchId, createdAt, confirmedAt, phoneFits, cursorAt: _, ...record }: ImportRecord) {
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

/** A row as it is shown: what is stored of a recipient has keys of our own beside it. */
export function toImportRowView({ rowNumber, accepted, content, problems }: ImportRowRecord) {
  return {
    rowNumber,
    accepted,
    recipient: accepted ? toImportedRecipient(content as StoredRecipient) : null,
    cells: accepted ? null : (content as RejectedCells),
    problems,
  };
}

function toImportedRecipient(stored: StoredRecipient) {
  return {
    phoneNumber: stored.phone,
    originalPhoneNumber: stored.original ?? null,
    name: stored.name ?? null,
    variables: stored.variables,
    metadata: stored.metadata ?? {},
    customSipHeaders: stored.sipHeaders ?? {},
    ignoreE164Validation: stored.skipPhoneCheck ?? false,
    overrideAgentId: stored.overrideAgentId ?? null,
    overrideAgentVersion: stored.overrideAgentVersion ?? null,
    timeZone: stored.timeZone ?? null,
    notBefore: toIso(stored.notBefore),
    notAfter: toIso(stored.notAfter),
  };
}

/** It was read from the database, or made by the mend of a row just now. */
function toIso(time: string | Date | number | null | undefined): string | null {
  return time == null ? null : new Date(time).toISOString();
}
