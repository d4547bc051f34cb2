import { z } from 'zod';
import { ATTEMPT_STATES } from '../../domain/calls/attempt-state.js';
import { instantSchema } from '../../domain/instant.js';
import { OUTCOMES } from '../../domain/calls/outcomes.js';
import { attemptSchema, timelineSchema } from './attempt-schemas.js';
import { idIn, idOut, severalOf, time } from './fields.js';

export const callQuery = {
  from: instantSchema.optional().meta({ description: 'Calls that began at this instant or later' }),
  until: instantSchema.optional().meta({ description: 'Calls that began before this instant' }),
  batchId: idIn('batch').optional(),
  fromNumberId: idIn('phoneNumber').optional().meta({ description: 'The number that they were made from' }),
  agentId: idIn('agent').optional(),
  outcome: severalOf(OUTCOMES).optional().meta({ description: 'One outcome, or several: the parameter is repeated' }),
  state: severalOf(ATTEMPT_STATES).optional().meta({ description: 'One state, or several: the parameter is repeated' }),
};

export const callSchema = z
  .object({
    id: idOut('attempt').meta({ description: 'Of the attempt; the provider has it as our reference' }),
    batch: z
      .object({ id: idOut('batch'), name: z.string() })
      .meta({ description: 'The batch; a test call has one of its own' }),
    recipientId: idOut('recipient'),
    recipientName: z.string().nullable().meta({ description: 'The name of the recipient', example: 'Ada' }),
    phoneNumber: z.string().meta({ description: 'That was to be called' }),
    fromNumber: z.object({ id: idOut('phoneNumber'), phoneNumber: z.string() }),
    agent: z.object({ id: idOut('agent'), name: z.string() }).meta({ description: 'Of the batch' }),
    number: z.int().meta({ description: 'Which try of the recipient it is' }),
    state: z.enum(ATTEMPT_STATES),
    outcome: z.enum(OUTCOMES).nullable(),
    endReason: z.string().nullable().meta({ description: "The provider's own word, or why the call was not placed" }),
    spendsAttempt: z.boolean(),
    dialingAt: time.meta({ description: 'When it began' }),
    acceptedAt: time.nullable(),
    endedAt: time.nullable(),
    durationMs: z.int().nullable().meta({ description: 'Talking time, in milliseconds' }),
    successful: z.boolean().nullable(),
  })
  .meta({ id: 'Call' });

/** A call as a whole. */
export const callWithResultSchema = attemptSchema
  .extend(callSchema.shape)
  .extend({ timeline: timelineSchema })
  .meta({ id: 'CallWithResult' });
