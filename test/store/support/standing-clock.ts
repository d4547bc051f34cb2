import type { Database } from '../../../store/database.js';
import { bindClock } from '../../support/bind-clock.js';
import { seedBatch, type Workspace } from '../../support/seed.js';

/** The clock of a test's database, which stands until the test lets time pass. */
export type StandingClock = { nowMs(): number; pass(ms: number): Promise<void> };

export async function standStill(db: Database): Promise<StandingClock> {
  const clock = await bindClock(db, { stands: true });
  let nowMs = Date.UTC(2026, 5, 1, 9);
  return {
    nowMs: () => nowMs,
    pass(ms) {
      nowMs += ms;
      return clock.set(nowMs);
    },
  };
}

/** A batch with one recipient, open for a week by that clock. */
export function seedOpenBatch(db: Database, workspace: Workspace, clock: StandingClock): Promise<string> {
  return seedBatch(db, workspace, {
    recipients: 1,
    opening: { opensInMs: -60_000, closesInMs: 7 * 86_400_000 },
    startAt: new Date(clock.nowMs() - 1_000),
  });
}
