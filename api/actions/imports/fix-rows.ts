import { publicId } from '../../../domain/ids.js';
import type { Fix } from '../../../domain/imports/fixes.js';
import { previewFix } from '../../../store/imports/fixes/preview-fix.js';
import { runFix } from '../../../store/imports/fixes/run-fix.js';
import { startFix, startUndo, type StartFixResult } from '../../../store/imports/fixes/start-fix.js';
import type { ReviewRules } from '../../../store/imports/read-import.js';
import { ApiError, notFound } from '../../http/errors.js';
import type { Auth, Command, RequestDeps } from '../../http/operation.js';
import { toImportRowView } from '../../views/import-view.js';
import { fixOutstanding, notInReview, requireImport } from '../confirm-and-move.js';

type Asked = { deps: RequestDeps; auth: Auth; command: Command };

/** Rows are fixed by the request for this long; the sweeper fixes the rest. */
const FIX_TIME_MS = 2_000;

/** Fixes rows of an import under review, or begins to. @throws ApiError when it cannot be fixed now */
export async function fixRows(asked: Asked, importId: string, fix: Fix): Promise<void> {
  requireStarted(importId, await startFix(asked.deps.db, { ...commandOf(asked, importId), fix }));
  await carryOn(asked.deps, importId);
}

/** Undoes the last fix of an import under review, or begins to. @throws ApiError when there is none */
export async function undoFix(asked: Asked, importId: string): Promise<void> {
  requireStarted(importId, await startUndo(asked.deps.db, commandOf(asked, importId)));
  await carryOn(asked.deps, importId);
}

/** What a fix would do. @throws ApiError when the import cannot be fixed now */
export async function showFix(asked: Asked, importId: string, { rules, fix }: { rules: ReviewRules; fix: Fix }) {
  if (rules.status !== 'REVIEW') throw notInReview(importId, rules.status);
  if (rules.isFixed) throw fixOutstanding(importId);
  const { problemCounts } = await requireImport(asked, importId);
  const { samples, ...rows } = await previewFix(asked.deps.db, importId, rules, fix);
  const matched = problemCounts && fix.cell === null ? (problemCounts[fix.code]?.rejected ?? 0) : null;
  return {
    matchedRows: matched,
    checkedRows: rows.checked,
    acceptedRows: rows.accepted,
    changedRows: rows.changed,
    leftOutRows: rows.leftOut,
    examples: samples.map(({ before, after }) => ({
      before: toImportRowView(before),
      after: after && toImportRowView(after),
    })),
  };
}

function commandOf({ auth, command }: Asked, importId: string) {
  return { workspaceId: auth.workspaceId, actor: auth.actor, importId, commandId: command.id };
}

async function carryOn({ db, logger }: RequestDeps, importId: string): Promise<void> {
  await runFix(db, importId, FIX_TIME_MS).catch((err: unknown) =>
    logger.warn({ importId, err }, 'rows of an import will be fixed later'),
  );
}

function requireStarted(importId: string, started: StartFixResult): void {
  const id = publicId('import', importId);
  switch (started.result) {
    case 'STARTED':
      return;
    case 'NOT_FOUND':
      throw notFound('import', id);
    case 'NOT_IN_REVIEW':
      throw notInReview(importId, started.status);
    case 'FIX_OUTSTANDING':
      throw fixOutstanding(importId);
    case 'NOTHING_TO_UNDO':
      throw new ApiError('no_fix_to_undo', `The import ${id} has no fix that could be undone.`);
  }
}
