import { z } from 'zod';
import { createBatchSchema, hoursOf, type CreateBatchRequest } from '../../../domain/batches/request.js';
import { toStoredBreakers } from '../../../domain/batches/circuit-breakers.js';
import { publicId } from '../../../domain/ids.js';
import { plainSettingsOf, type BatchSettings } from '../../../domain/batches/settings.js';
import { localTimeOf } from '../../../domain/batches/start-time.js';
import { toStoredRetries } from '../../../domain/batches/retry-policy.js';
import { toStoredCriterion } from '../../../domain/batches/success-criterion.js';
import { readHoursContext } from '../../../store/hours/batch-zones.js';
import { readClock } from '../../../store/read-clock.js';
import { createBatch } from '../../../store/changes/create-batch.js';
import type { Database } from '../../../store/database.js';
import { countKnownPhones } from '../../../store/imports/keep-duplicates.js';
import { requireBatch } from '../../actions/change-batch.js';
import { checkCaller, checkDraftCaller } from '../../actions/check-caller.js';
import { checkRecipients, zoneSetsOf } from '../../actions/check-recipients.js';
import { RECIPIENTS_MAX } from '../../http/bodies/recipient-list.js';
import { versionHeader } from '../../http/bodies/if-match.js';
import { defineOperation } from '../../http/operation.js';
import { checkEndAfterStart, planEnd, planOpenings, planStart } from '../../actions/plan-start.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { phoneReadingFields } from '../../schemas/phone-reading-schemas.js';
import { requireReading } from '../../actions/require-reading.js';
import { duplicateCountsSchema } from '../../schemas/import-schemas.js';
import { recipientInput } from '../../schemas/recipient-schemas.js';
import { takeOverride } from '../../actions/take-override.js';
import { toBatchView } from '../../views/batch-view.js';
import { wakeBatch } from '../../actions/wake-batch.js';

export const createBatchOperation = defineOperation({
  id: 'createBatch',
  method: 'post',
  path: '/v1/batches',
  summary: 'Create a batch',
  description: `Makes a draft, which may lack name, from-number, agent, time zone and window until it is submitted, or with \`submit: true\` a batch that starts at its start. At most ${RECIPIENTS_MAX} recipients may be sent along; more are added or imported as CSV into the draft. All of it is made, or nothing.`,
  tag: 'batches',
  role: 'operator',
  bodyKind: 'recipients',
  body: createBatchSchema
    .safeExtend({ recipients: z.array(recipientInput).default([]), ...phoneReadingFields })
    .meta({ id: 'CreateBatch' }),
  responses: {
    201: {
      description: 'The batch',
      headers: ['Location', 'ETag'],
      schema: batchSchema.extend({ duplicates: duplicateCountsSchema }),
    },
  },
  errors: [
    'from_number_not_found',
    'from_number_disabled',
    'from_number_inbound_only',
    'agent_not_found',
    'agent_disabled',
    'agent_of_other_account',
    'agent_missing',
    'provider_account_disabled',
    'start_not_a_time',
    'start_skipped',
    'start_in_past',
    'start_too_far',
    'end_not_a_time',
    'end_skipped',
    'end_in_past',
    'end_too_far',
    'end_before_start',
    'window_never_opens',
    'holidays_not_ready',
  ],
  async handler({ auth, body, deps, command }) {
    const { db } = deps;
    const nowMs = await readClock(db.pool);
    const { name = null, timeZone = null, limits } = body;
    const caller = await checkCallerOf(db, auth.workspaceId, body);
    const startAt = planStart(body.start, timeZone, nowMs);
    const endAt = planEnd(body.end, timeZone, nowMs);
    checkEndAfterStart(endAt, startAt);
    const window = body.window ?? null;
    const recipients = await checkRecipients(db, body.recipients, {
      batch: { ...caller, hoursIn: body.hoursIn, allowCostlyNumbers: body.allowCostlyNumbers },
      reading: requireReading(body),
    });
    const hours = hoursOf(body, takeOverride(auth, body.lawfulOverride, nowMs));
    const openings =
      body.submit && window && timeZone
        ? await planOpenings({
            ...hours,
            ...(await readHoursContext(db.pool, auth.workspaceId, null)),
            hoursVersion: 1,
            window,
            timeZone,
            startAt,
            endAt,
            nowMs,
            zoneSets: await zoneSetsOf(recipients, hours),
          })
        : null;
    const settings: BatchSettings = {
      ...{ name, ...caller, timeZone, startAt, endAt, window },
      ...plainSettingsOf(body),
      ...hours,
      startLocal: localTimeOf(body.start),
      endLocal: localTimeOf(body.end),
      concurrencyLimit: limits?.concurrency ?? null,
      reservedConcurrency: limits?.reservedConcurrency ?? 0,
      callsPerSecond: limits?.callsPerSecond ?? null,
      ...toStoredRetries(body.retryPolicy ?? { maxAttempts: 1 }),
      successCriterion: toStoredCriterion(body.successCriterion ?? { kind: 'analysis' }),
      breakers: toStoredBreakers(body.circuitBreakers ?? {}),
    };
    const known = { workspaceId: auth.workspaceId, batchId: null, days: deps.config.settings.recentCallDays };
    const keys = recipients.map(({ phoneKey, phone }) => phoneKey ?? phone);
    const duplicates = await countKnownPhones(db.pool, known, keys);
    const id = await createBatch(db.pool, {
      id: command.newId('batch'),
      workspaceId: auth.workspaceId,
      actor: auth.actor,
      status: body.submit ? 'SCHEDULED' : 'DRAFT',
      settings,
      recipients,
      openings,
    });
    if (body.submit) await wakeBatch(deps, id, { startsRun: true });
    const [batch, counts] = await Promise.all([requireBatch({ deps, auth }, id), deps.counter.count([id])]);
    return {
      status: 201,
      body: { ...toBatchView(batch, counts.get(id)!), duplicates },
      headers: { Location: `/v1/batches/${publicId('batch', id)}`, ...versionHeader(batch.version) },
    }; // counted above
  },
});

/** A batch that is submitted has both. @throws ApiError that says which cannot be used */
function checkCallerOf(db: Database, workspaceId: string, { submit, ...body }: CreateBatchRequest) {
  const agentId = body.agentId ?? null;
  return submit && body.fromNumberId !== undefined
    ? checkCaller(db, workspaceId, { fromNumberId: body.fromNumberId, agentId })
    : checkDraftCaller(db, workspaceId, { fromNumberId: body.fromNumberId ?? null, agentId });
}
