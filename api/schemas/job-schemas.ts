import { z } from 'zod';
import { boundedList } from '../../domain/bounded-list.js';
import { OUTCOMES } from '../../domain/calls/outcomes.js';
import { VERDICT_WORDS } from '../../domain/calls/verdict.js';
import { exampleId } from '../../domain/ids.js';
import { JOB_KINDS, JOB_SKIPS, JOB_STATUSES, type JobSkip } from '../../domain/jobs/job.js';
import { recipientsChangeSchema } from '../../domain/recipients/recipient-change.js';
import { RECIPIENT_STATUSES } from '../../domain/recipients/status.js';
import { count, filterText, idIn, idOut, time } from './fields.js';

const IDS_MAX = 1_000;

const filterIn = z
  .strictObject({
    status: z.enum(RECIPIENT_STATUSES).optional().meta({ description: 'Those with this status, as it is shown' }),
    outcome: z.enum(OUTCOMES).optional().meta({ description: 'Those whose last call ended like this' }),
    text: filterText
      .trim()
      .min(1, 'a text to search for is needed')
      .optional()
      .meta({ description: 'Those whose number or name a search for this text finds' }),
    importId: idIn('import').optional().meta({ description: 'Those of this import' }),
    recipientIds: boundedList(
      z.array(idIn('recipient')).min(1, 'at least one recipient is needed'),
      IDS_MAX,
      `at most ${IDS_MAX} recipients by their ids; leave them out to mean all that match`,
    )
      .optional()
      .meta({ description: 'These, by their ids' }),
  })
  .meta({
    id: 'JobFilter',
    description: 'Whom it means: all that is given has to hold; {} means everybody in the batch',
  });

export const beginJobSchema = z
  .strictObject({
    kind: z.enum(JOB_KINDS).meta({ description: 'What is done to them' }),
    filter: filterIn,
    change: recipientsChangeSchema
      .optional()
      .meta({ id: 'RecipientsChange', description: 'With `edit`: what is changed of each; what is left out stays' }),
    verdict: z.enum(VERDICT_WORDS).optional().meta({ description: 'With `settle`: as for one attempt' }),
    outcome: z
      .enum(OUTCOMES)
      .optional()
      .meta({ description: 'With the verdict `called`: how the calls ended; ANSWERED when left out' }),
  })
  .superRefine(({ kind, change, verdict, outcome }, ctx) => {
    const refuse = (field: string, message: string): void => ctx.addIssue({ code: 'custom', path: [field], message });
    if (kind === 'edit' && change === undefined) refuse('change', 'a job that edits needs a change');
    if (kind !== 'edit' && change !== undefined) refuse('change', 'a change goes with the kind "edit" only');
    if (kind === 'settle' && verdict === undefined) refuse('verdict', 'a job that settles needs a verdict');
    if (kind !== 'settle' && verdict !== undefined) refuse('verdict', 'a verdict goes with the kind "settle" only');
    if (outcome !== undefined && verdict !== 'called')
      refuse('outcome', 'an outcome goes with the verdict "called" only');
  })
  .meta({ id: 'BeginJob', example: { kind: 'remove', filter: { status: 'PENDING', text: 'Madrid' } } });
export type BeginJobRequest = z.output<typeof beginJobSchema>;

const skippedSchema = z
  .object(
    Object.fromEntries(
      JOB_SKIPS.map((reason) => [reason, count.meta({ description: `How many were left out as ${reason}` })]),
    ) as Record<JobSkip, typeof count>,
  )
  .meta({
    id: 'JobSkips',
    description:
      'Who was not changed, by why: is being called or settled (NOT_WAITING), has no attempt that needs a verdict (NOT_UNCERTAIN), is not called again (NOT_RETRIABLE), was just being written (BUSY), would have no time to be called in (EMPTY_PERIOD), would have too long variables (TOO_LARGE), or is not in the batch (NOT_FOUND).',
  });

export const jobSchema = z
  .object({
    id: idOut('job'),
    batchId: idOut('batch'),
    kind: z.enum(JOB_KINDS).meta({ description: 'What is done' }),
    status: z.enum(JOB_STATUSES),
    statusReason: z.string().nullable(),
    filter: z
      .object({
        status: z.enum(RECIPIENT_STATUSES).nullable(),
        outcome: z.enum(OUTCOMES).nullable(),
        text: z.string().nullable().meta({ description: 'What is searched for', example: 'Madrid' }),
        importId: idOut('import').nullable(),
        idCount: count.nullable().meta({ description: 'How many were named by their ids; null: none' }),
      })
      .meta({ id: 'ShownJobFilter', description: 'Whom it means; null: not asked for' }),
    change: z
      .object({
        variables: z.record(z.string(), z.string().nullable()).optional(),
        notBefore: time.nullable().optional(),
        notAfter: time.nullable().optional(),
      })
      .nullable()
      .meta({ id: 'ShownChange', description: 'Of an edit: what is changed of each' }),
    verdict: z.enum(VERDICT_WORDS).nullable(),
    outcome: z.enum(OUTCOMES).nullable(),
    progress: z.number().min(0).max(1).meta({ description: 'The part that is behind it, from 0 to 1', example: 0.42 }),
    counts: z
      .object({
        total: count.meta({ description: 'How many it has to look at; of a large batch about so many' }),
        examined: count.meta({ description: 'How many it has looked at' }),
        matched: count.meta({
          description: 'How many of these match: those that are done, and those that are skipped',
        }),
        done: count.meta({ description: 'How many were changed' }),
        skipped: skippedSchema,
      })
      .meta({ id: 'JobCounts', description: 'What it has done until now, exactly' }),
    begunBy: z
      .string()
      .meta({ description: 'The id of the key or the member that began it', example: exampleId('apiKey') }),
    begunByName: z.string().nullable().meta({ description: 'What that is called', example: 'Ada' }),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Job' });
export type JobView = z.output<typeof jobSchema>;
