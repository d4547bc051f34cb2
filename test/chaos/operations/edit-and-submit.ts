import { rangesWithout } from '../plan.js';
import { areConcurrent, atOnce } from './ask.js';
import type { EditRound } from './plan-operations.js';
import { batchIdOf, createSideBatch, everyDay, hold, show, untilStatus, type Bench } from './side-batch.js';
import { sidePhone } from './side-numbers.js';
import type { Story } from './story.js';

const PAIR = 'edit with submit';
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Settings with which a batch is open now, and those that close it. */
type Edit = { open: Record<string, unknown>; closed: Record<string, unknown> };

/** A draft is closed and submitted at the same time. When GET shows it closed, nobody is called until it is opened again. */
export async function editAndSubmit(bench: Bench, round: EditRound): Promise<Story> {
  const { ask } = bench;
  const phones = round.ends.map(sidePhone);
  const { open, closed } = editOf(round.edit, Date.now());
  const batchId = batchIdOf(await createSideBatch(bench, { pair: PAIR, phones, settings: open }));
  const path = `/v1/batches/${batchId}`;
  const killsBefore = bench.killsSoFar();
  const [edited, submitted] = await atOnce(
    round.offsetMs,
    () => ask('PATCH', path, closed),
    () => ask('POST', `${path}/submit`),
  );
  const shown = await show(bench, batchId);
  const isClosed = Object.entries(closed).every(([field, value]) => isSame(shown[field], value));
  const fromMs = Math.max(edited.answeredMs, submitted.answeredMs);
  if (isClosed) await hold(round.holdMs);
  const untilMs = Date.now();
  if (isClosed) await ask('PATCH', path, open);
  await untilStatus(bench, batchId, 'COMPLETED');
  return {
    ...{ pair: PAIR, batchId, phones, retryPolicy: {}, retriesGranted: 0, lastRetryMs: null, keyChange: null },
    ended: isClosed ? `shown closed by its ${round.edit}` : `the edit was refused, ${edited.code}`,
    isForbidden: isClosed,
    isConcurrent: areConcurrent(edited, submitted),
    kills: bench.killsSoFar() - killsBefore,
    forbidden: isClosed ? [{ fromMs, untilMs, why: `its ${round.edit} forbade it` }] : [],
    answers: [
      { request: 'edit', answered: edited, mayBeRefused: ['action_not_allowed', 'version_conflict'] },
      { request: 'submit', answered: submitted, mayBeRefused: [] },
    ],
  };
}

function editOf(edit: EditRound['edit'], nowMs: number): Edit {
  const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
  const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  switch (edit) {
    case 'blackout dates':
      return {
        open: { blackoutDates: [] },
        closed: { blackoutDates: [nowMs - DAY_MS, nowMs, nowMs + DAY_MS].map(date) },
      };
    case 'window':
      return {
        open: { window: everyDay([['00:00', '24:00']]) },
        closed: {
          window: everyDay(rangesWithout({ fromMs: nowMs - 2 * MINUTE_MS, untilMs: nowMs + 15 * MINUTE_MS })),
        },
      };
    case 'time zone':
      // Open for an hour more; eleven hours behind, in Samoa, the clock shows another time.
      return {
        open: { timeZone: 'UTC', window: everyDay([[clock(nowMs - HOUR_MS), clock(nowMs + HOUR_MS)]]) },
        closed: { timeZone: 'Pacific/Pago_Pago' },
      };
  }
}

function isSame(shown: unknown, asked: unknown): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).sort(([a], [b]) => a.localeCompare(b))
      : value;
  return JSON.stringify(sorted(shown)) === JSON.stringify(sorted(asked));
}
