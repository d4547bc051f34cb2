import { z } from 'zod';
import { canCall, CANNOT_CALL_CODES } from '../../../domain/hours/can-call.js';
import { holidaysSchema } from '../../../domain/hours/holidays.js';
import { CALL_PURPOSES } from '../../../domain/hours/rule-packs/lawful-rule.js';
import { lawfulRulesFor } from '../../../domain/hours/rule-packs/rule-packs.js';
import { instantText } from '../../../domain/instant.js';
import { timeZoneSchema } from '../../../domain/hours/time-zone.js';
import { ALWAYS, blackoutDatesSchema, windowSchema } from '../../../domain/hours/window.js';
import { readClock } from '../../../store/read-clock.js';
import { refused } from '../../actions/check-caller.js';
import { requireHolidays } from '../../actions/require-holidays.js';
import { defineOperation } from '../../http/operation.js';
import { phoneText, time } from '../../schemas/fields.js';

/** Holidays of other years are computed for nobody. */
const AROUND_MAX_MS = 5 * 366 * 24 * 3_600_000;

const bodySchema = z
  .strictObject({
    phoneNumber: phoneText,
    window: windowSchema.optional().meta({ description: 'Left out: every hour, so that only dates and laws count' }),
    timeZone: timeZoneSchema.optional().meta({ description: 'The zone of the hours when `hoursIn` is `batch`' }),
    hoursIn: z.enum(['batch', 'recipient']),
    recipientTimeZone: timeZoneSchema
      .optional()
      .meta({ description: "The called party's own zone, where it is known better than by the number" }),
    blackoutDates: blackoutDatesSchema.optional(),
    holidays: holidaysSchema.optional(),
    purpose: z.enum(CALL_PURPOSES).optional().meta({ description: 'Adds the lawful hours for it' }),
    at: instantText.optional().meta({ description: 'Left out: now' }),
  })
  .refine(({ hoursIn, timeZone }) => hoursIn === 'recipient' || timeZone !== undefined, {
    path: ['timeZone'],
    message: 'hours in the zone of a batch need that zone, such as Europe/Madrid',
  })
  .meta({ example: { phoneNumber: '+12025550123', hoursIn: 'recipient', purpose: 'informational' } });

const canCallSchema = z
  .object({
    allowed: z.boolean(),
    at: time,
    reasons: z.array(z.object({ code: z.enum(CANNOT_CALL_CODES), zone: z.string().optional(), message: z.string() })),
    nextAt: time.nullable().meta({
      description:
        'The first instant at which a call is allowed; null when there is none in 400 days, or nobody can tell',
    }),
    zones: z.array(z.string()).meta({ description: 'Where the called party may be: every zone has to allow the call' }),
    confidence: z.enum(['recipient', 'number', 'country', 'unknown']),
    source: z.string().meta({ description: 'What the zones were found by' }),
    lawfulRules: z.array(z.string()).meta({ description: 'Rule packs that were asked, by id' }),
  })
  .meta({ id: 'CanCall' });

export const canCallNowOperation = defineOperation({
  id: 'canCallNow',
  method: 'post',
  path: '/v1/can-call-now',
  summary: 'Whether the hours allow a call to a number',
  description:
    'A POST, so that no number gets into an address or a log. Hours only: suppressions and limits are asked when a call is placed. Lawful hours are data with a source, not legal advice.',
  tag: 'hours',
  role: 'viewer',
  work: 'page',
  body: bodySchema,
  responses: { 200: { description: 'Allowed or not, why not, and when next', schema: canCallSchema } },
  errors: ['holidays_not_ready'],
  async handler({ body, deps }) {
    const { window = ALWAYS, blackoutDates, holidays } = body;
    const nowMs = await readClock(deps.db.pool);
    const atMs = body.at === undefined ? nowMs : Date.parse(body.at);
    if (Math.abs(atMs - nowMs) > AROUND_MAX_MS)
      throw refused('validation_failed', 'at', 'at is more than five years away; write a time nearer to now');
    await requireHolidays(holidays ?? [], atMs);
    const lawful = body.purpose ? lawfulRulesFor(body.purpose) : [];
    const { nextMs, ...answer } = canCall({
      phone: body.phoneNumber,
      rule: { window, blackoutDates, holidays },
      hoursIn: body.hoursIn,
      batchZone: body.timeZone ?? null,
      recipientZone: body.recipientTimeZone,
      lawful,
      atMs,
    });
    const nextAt = nextMs === null ? null : new Date(nextMs).toISOString();
    const lawfulRules = lawful.map(({ id }) => id);
    return { status: 200, body: { ...answer, at: new Date(atMs).toISOString(), nextAt, lawfulRules } };
  },
});
