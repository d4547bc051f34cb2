import { z } from 'zod';
import { ATTEMPT_STATES } from '../../domain/calls/attempt-state.js';
import { callResultSchema } from '../../domain/calls/call-result.js';
import { OUTCOMES } from '../../domain/calls/outcomes.js';
import { idOut, time } from './fields.js';

export const attemptSchema = z
  .object({
    id: idOut('attempt'),
    number: z.int(),
    state: z.enum(ATTEMPT_STATES),
    outcome: z.enum(OUTCOMES).nullable(),
    endReason: z.string().nullable().meta({ description: "The provider's own word, or why the call was not placed" }),
    byVerdict: z.boolean(),
    spendsAttempt: z.boolean(),
    providerCallId: z.string().nullable(),
    dialingAt: time,
    acceptedAt: time.nullable(),
    answeredAt: time.nullable().meta({ description: 'Null when it was not, or the provider does not say' }),
    endedAt: time.nullable(),
    durationMs: z.int().nullable(),
    successful: z.boolean().nullable(),
    ...callResultSchema.shape,
    hangUpAskedAt: time.nullable(),
    events: z.array(
      z.object({
        id: idOut('event'),
        kind: z.enum(['STARTED', 'ENDED', 'ANALYZED']),
        occurredAt: time,
        receivedAt: time,
        outcome: z.enum(OUTCOMES).nullable(),
        endReason: z.string().nullable(),
        details: z.record(z.string(), z.unknown()).meta({ description: 'As the provider told it' }),
      }),
    ),
  })
  .meta({ id: 'Attempt' });

export const timelineSchema = z.array(
  z.object({
    at: time,
    attemptId: idOut('attempt'),
    actor: z.string().nullable().meta({ description: 'Who asked for it; null for what belongs to the call itself' }),
    what: z.string(),
    detail: z.string().nullable(),
  }),
);
