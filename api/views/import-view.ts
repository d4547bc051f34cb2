import { publicId } from '../../domain/ids.js';
import type { FieldCode } from '../../domain/field-codes.js';
import { fixesOf } from '../../domain/imports/fixes.js';
import type { ProblemCounts } from '../../domain/imports/problem-counts.js';
import type { RejectedCells } from '../../domain/imports/rejected-row.js';
import type { StoredRecipient } from '../../domain/recipients/stored-recipient.js';
import type { FixState } from '../../store/imports/fixes/fix-state.js';
import type { ImportRecord, ImportRowRecord } from '../../store/imports/read-import.js';

export function toImportView({ cursorAt: _, phoneFits, problemCounts, ...found }: ImportRecord) {
  const { id, batchId, createdAt, confirmedAt, undoneAt, fix, ...record } = found;
  return {
    id: publicId('import', id),
    batchId: publicId('batch', batchId),
    ...record,
    readings: { national: 0, international: 0, both: 0, ...phoneFits },
    problems: problemCounts && toProblems(problemCounts),
    fix: fix && toFixView(fix),
    droppedRows: record.totalRows - record.acceptedRows - record.rejectedRows,
    createdAt: createdAt.toISOString(),
    confirmedAt: confirmedAt?.toISOString() ?? null,
    undoneAt: undoneAt?.toISOString() ?? null,
  };
}

function toProblems(counts: ProblemCounts) {
  const problems = Object.entries(counts).map(([code, { accepted, rejected }]) => ({
    // Only our own checks write them.
    code: code as FieldCode,
    ...{ rejectedRows: rejected, acceptedRows: accepted, actions: [...fixesOf(code as FieldCode)] },
  }));
  return problems.sort(
    (a, b) => b.rejectedRows - a.rejectedRows || b.acceptedRows - a.acceptedRows || (a.code < b.code ? -1 : 1),
  );
}

const STATUS_OF = {
  CLEARING: 'RUNNING',
  RUNNING: 'RUNNING',
  DONE: 'DONE',
  UNDOING: 'UNDOING',
  UNDONE: 'UNDONE',
} as const;

function toFixView(fix: FixState) {
  const { code, action, cell, stage, rows, startedAt, endedAt } = fix;
  return {
    ...{ code, action, status: STATUS_OF[stage] },
    country: fix.action === 'country' ? fix.country : null,
    numbersWithoutPlus: 'numbersWithoutPlus' in fix ? (fix.numbersWithoutPlus ?? null) : null,
    timeZone: fix.action === 'zone' ? fix.timeZone : null,
    cell,
    rejectedRows: rows.of,
    checkedRows: rows.checked,
    acceptedRows: rows.accepted,
    changedRows: rows.changed,
    leftOutRows: rows.leftOut,
    undoneRows: rows.undone,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: toIso(endedAt),
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
