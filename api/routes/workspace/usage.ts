import { z } from 'zod';
import { BATCH_STATUSES } from '../../../domain/batches/status.js';
import { fairShares } from '../../../domain/calls/fair-shares.js';
import { publicId } from '../../../domain/ids.js';
import { readUsage } from '../../../store/workspaces/read-usage.js';
import { isTemporalThere } from '../../actions/read-readiness.js';
import { defineOperation } from '../../http/operation.js';
import { count, idOut, time } from '../../schemas/fields.js';

const LATELY_S = 10;

const usageSchema = z
  .object({
    at: time,
    slots: z
      .object({
        limit: count,
        held: count.meta({ description: 'Slots that have a call' }),
        dialing: count.meta({ description: 'Of these, calls that the provider has not taken yet' }),
        reserved: count.meta({ description: 'What the batches that run leave free for other calls' }),
        forBatches: count.meta({ description: 'What is left for batches now' }),
      })
      .meta({ description: 'Live calls that the workspace may have at once' }),
    callsPerSecond: z.object({
      limit: z.int().nullable(),
      now: z.number().meta({ description: 'Calls that began in the last 10 seconds, for each second' }),
    }),
    batches: z
      .array(
        z.object({
          id: idOut('batch'),
          name: z.string(),
          status: z.enum(BATCH_STATUSES),
          live: count.meta({ description: 'Slots that it holds' }),
          waiting: count.meta({ description: 'How many more calls it would start now, if it had the slots' }),
          fairShare: count.meta({ description: 'The slots that it comes to hold, shared evenly with the others' }),
        }),
      )
      .meta({ description: 'Those that hold slots or wait for some, at most 100, the largest first' }),
    backedOffNumbers: z
      .array(
        z.object({
          id: idOut('phoneNumber'),
          phoneNumber: z.string(),
          until: time
            .nullable()
            .meta({ description: 'No call starts from it before; null: calls may, up to the ceiling' }),
          ceiling: z.int().nullable().meta({ description: 'Live calls that it may have at once for now' }),
          live: count.meta({ description: 'Live calls that it has' }),
        }),
      )
      .meta({ description: 'Numbers for which the provider refused calls for capacity, at most 100' }),
    workers: z
      .object({ count, seenAt: time.nullable().meta({ description: 'When one was last seen; null: never' }) })
      .meta({
        description:
          'Processes of the installation that dial and were seen in the last 3 seconds; when one was last seen',
      }),
    temporal: z.object({ ok: z.boolean() }).meta({ description: 'Whether Temporal answers within a second' }),
  })
  .meta({ id: 'Usage' });

export const getUsageOperation = defineOperation({
  id: 'getUsage',
  method: 'get',
  path: '/v1/workspace/usage',
  summary: 'Get who uses what now',
  description:
    'Slots in use and left, by batch; calls per second; numbers that back off; whether workers and Temporal are there.',
  tag: 'workspace',
  role: 'viewer',
  responses: { 200: { description: 'At this moment', schema: usageSchema } },
  async handler({ auth, deps }) {
    const { dialBudgetMs } = deps.config.settings;
    const [usage, isThere] = await Promise.all([
      readUsage(deps.db.pool, auth.workspaceId, dialBudgetMs),
      isTemporalThere(deps),
    ]);
    const { at, slots, batches, backedOffNumbers, workers } = usage;
    const shares = fairShares(batches, slots.limit - slots.reserved);
    return {
      status: 200,
      body: {
        at: at.toISOString(),
        slots: { ...slots, forBatches: Math.max(slots.limit - slots.held - slots.reserved, 0) },
        callsPerSecond: { limit: usage.callsPerSecondLimit, now: usage.startedLately / LATELY_S },
        batches: batches.map(({ id, wants, ...batch }, place) => ({
          ...batch,
          id: publicId('batch', id),
          waiting: wants,
          fairShare: shares[place],
        })),
        backedOffNumbers: backedOffNumbers.map(({ id, phone, until, ...number }) => ({
          ...number,
          phoneNumber: phone,
          id: publicId('phoneNumber', id),
          until: until?.toISOString() ?? null,
        })),
        workers: { count: workers.count, seenAt: workers.seenAt?.toISOString() ?? null },
        temporal: { ok: isThere },
      },
    };
  },
});
