import { z } from 'zod';
import { lawfulHoursOf, UNKNOWN_ZONE_SET } from '../../../domain/hours/batch-hours.js';
import { preflightSteps, type PreflightGroup } from '../../../domain/batches/preflight.js';
import { nextOpeningForZoneSet, openingsForZoneSet, zonesOfKey } from '../../../domain/hours/zone-sets.js';
import { createPause, inSlices } from '../../../platform/pause.js';
import { readHoursContext } from '../../../store/hours/batch-zones.js';
import { readClock } from '../../../store/read-clock.js';
import type { BatchRow } from '../../../store/batches/read-batches.js';
import { readPreflight, type PreflightFacts } from '../../../store/hours/read-preflight.js';
import { requireBatch } from '../../actions/change-batch.js';
import { incomplete } from '../../actions/batches/incomplete.js';
import { requireHolidays } from '../../actions/require-holidays.js';
import { defineOperation } from '../../http/operation.js';
import { warningSchema } from '../../schemas/batch-schemas.js';
import { idIn, time } from '../../schemas/fields.js';
import { neverOpenWarning } from '../../views/batch-warnings.js';

const DAYS_MAX = 14;
const DAY_MS = 86_400_000;

const count = z.int().min(0);
const preflightSchema = z
  .object({
    from: time,
    hours: z.array(z.object({ start: time, callable: count, calls: count })).meta({
      description:
        'Whole hours of UTC up to the last one with a call: who could be called in it, and how many calls the limits let start',
    }),
    expectedFinish: time
      .nullable()
      .meta({ description: 'Null when somebody is left over at the end of the days asked for' }),
    recipients: count,
    blocked: z.object({ suppressed: count, zoneUnknown: count, neverOpen: count, notInTime: count }).meta({
      description:
        'Who would not be called in the days asked for, and why; `neverOpen`: nor within 400 days, because its hours and those of the batch have no time in common',
    }),
    warnings: z.array(warningSchema),
    assumed: z.object({ concurrency: count, callsPerSecond: z.int().nullable(), callLengthMs: z.int() }),
  })
  .meta({ id: 'Preflight' });

export const preflightOperation = defineOperation({
  id: 'preflightBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/preflight',
  summary: 'What a batch would do',
  description:
    'How many recipients can be called in each hour of the next days, and when the batch would be done, with one call each, the limits as they are, and no other batch. Changes nothing.',
  tag: 'batches',
  role: 'viewer',
  work: 'search',
  params: z.object({ batchId: idIn('batch') }),
  body: z
    .strictObject({
      days: z.int().min(1).max(DAYS_MAX).default(7),
      callLengthMs: z.int().min(1_000).max(14_400_000).default(120_000),
    })
    .prefault({}),
  responses: { 200: { description: 'Hour by hour', schema: preflightSchema } },
  errors: ['batch_incomplete', 'holidays_not_ready'],
  async handler({ auth, params, body, deps }) {
    const { pool } = deps.db;
    const batch = await requireBatch({ deps, auth }, params.batchId);
    checkForeseeable(batch);
    const nowMs = await readClock(pool);
    const [facts, { rulePacks }] = await Promise.all([
      readPreflight(pool, auth.workspaceId, batch.id),
      readHoursContext(pool, auth.workspaceId, batch.id),
    ]);
    const fromMs = Math.max(nowMs, batch.startAt?.getTime() ?? 0);
    const untilMs = Math.min(fromMs + body.days * DAY_MS, batch.endAt?.getTime() ?? Infinity);
    const { callLengthMs } = body;
    const { concurrency, callsPerSecond } = facts;
    await requireHolidays(batch.holidays, fromMs);
    const groups = await groupsOf(batch, facts, { rulePacks, fromMs, untilMs });
    const foreseen = await inSlices(
      preflightSteps({ groups, concurrency, callsPerSecond, callLengthMs, fromMs, untilMs }),
    );
    const unknown = facts.zones.find(({ zoneSet }) => zoneSet === UNKNOWN_ZONE_SET)?.recipients ?? 0;
    const neverCalled = unknown + foreseen.leftOver.neverOpen;
    return {
      status: 200,
      body: {
        from: new Date(fromMs).toISOString(),
        hours: foreseen.hours.map(({ startMs, ...hour }) => ({ start: new Date(startMs).toISOString(), ...hour })),
        expectedFinish: foreseen.finishMs === null || unknown > 0 ? null : new Date(foreseen.finishMs).toISOString(),
        recipients: facts.zones.reduce((sum, { recipients }) => sum + recipients, 0),
        blocked: {
          suppressed: facts.suppressed,
          zoneUnknown: unknown,
          neverOpen: foreseen.leftOver.neverOpen,
          notInTime: foreseen.leftOver.tooMany,
        },
        warnings: neverCalled > 0 ? [neverOpenWarning(neverCalled)] : [],
        assumed: { concurrency, callsPerSecond, callLengthMs },
      },
    };
  },
});

/** @throws ApiError that names what a draft needs to have hours */
function checkForeseeable({ id, window, timeZone }: BatchRow): void {
  const missing = [
    ...(window === null ? ['window' as const] : []),
    ...(timeZone === null ? ['timeZone' as const] : []),
  ];
  if (missing.length > 0) throw incomplete(id, missing);
}

type Span = { rulePacks: readonly string[] | null; fromMs: number; untilMs: number };

/** Suppressed recipients are counted in their zones: the claim settles them at their turn, in no time. */
async function groupsOf(
  batch: BatchRow,
  { zones }: PreflightFacts,
  { rulePacks, ...span }: Span,
): Promise<PreflightGroup[]> {
  const { window, blackoutDates, holidays, timeZone, hoursIn } = batch;
  if (!window || timeZone === null) return [];
  const pause = createPause();
  const groups: PreflightGroup[] = [];
  for (const { zoneSet, recipients } of zones) {
    if (zoneSet === UNKNOWN_ZONE_SET) continue;
    const places = zonesOfKey(zoneSet, timeZone);
    const hours = {
      rule: { window, blackoutDates, holidays },
      zones: places,
      ruleZones: hoursIn === 'batch' ? [timeZone] : places,
      lawful: lawfulHoursOf(batch, rulePacks),
    };
    const openings = openingsForZoneSet({ ...hours, ...span });
    const everOpens = openings.length > 0 || nextOpeningForZoneSet({ ...hours, nowMs: span.untilMs }) !== null;
    groups.push({ zoneSet, recipients, openings, everOpens });
    await pause();
  }
  return groups;
}
