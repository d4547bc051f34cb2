import type { Logger } from '../platform/logger.js';
import type { Database } from '../store/database.js';
import { findOutstandingFixes, runFix } from '../store/imports/fixes/run-fix.js';

/** How long one import's rows are fixed before it is the next one's turn. */
const TURN_MS = 1_000;

/**
 * Carries on fixes of many rows of an import, and their undo, that their request has left or has died with. One that fails is
 * passed over until the next time, and keeps no other waiting. Safe to repeat: each step begins where the last one was committed.
 */
export async function followFixes(
  { db, logger }: { db: Database; logger: Logger },
  isStopping: () => boolean,
): Promise<void> {
  const failed = new Set<string>();
  for (let isMore = true; isMore && !isStopping();) {
    isMore = false;
    for (const importId of await findOutstandingFixes(db.pool)) {
      if (failed.has(importId) || isStopping()) continue;
      const isLeft = await runFix(db, importId, TURN_MS).catch((err: unknown) => {
        logger.warn({ err, importId }, 'rows of an import could not be fixed; it will be tried again');
        failed.add(importId);
        return false;
      });
      isMore ||= isLeft;
    }
  }
}
