import { z } from 'zod';
import { BUCKETS } from '../../domain/calls/figures.js';
import { OUTCOMES, type Outcome } from '../../domain/calls/outcomes.js';
import { POINTS_MAX } from '../../domain/calls/series.js';
import { instantSchema } from '../../domain/instant.js';
import { timeZoneSchema } from '../../domain/hours/time-zone.js';
import { count, time } from './fields.js';

export const seriesQuery = {
  from: instantSchema.optional().meta({ description: 'The first instant; the bucket that it lies in is whole' }),
  until: instantSchema.optional().meta({ description: 'The instant before which the last bucket begins' }),
  bucket: z
    .enum(['auto', ...BUCKETS])
    .default('auto')
    .meta({ description: `\`auto\` takes the finest with no more than 200 points; at most ${POINTS_MAX} are given` }),
  timeZone: timeZoneSchema.optional().meta({ description: 'Whose hours and days are meant' }),
};

const outcomeCounts = z.object(
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count])) as Record<Outcome, typeof count>,
);

export const seriesSchema = z
  .object({
    from: time,
    until: time.meta({ description: 'When the last bucket ends' }),
    bucket: z.enum(BUCKETS).meta({ description: 'How long each bucket is' }),
    timeZone: z.string(),
    points: z
      .array(
        z.object({
          at: time.meta({ description: 'The first instant of the bucket' }),
          sent: count.meta({ description: 'Calls that began in the bucket and that the provider has taken' }),
          pickedUp: count,
          successful: count,
          refusals: count.meta({ description: 'Tries that made no call and spend nothing' }),
          outcomes: outcomeCounts.meta({ description: 'Of the tries that began in the bucket, those that have ended' }),
          talkMs: count.meta({ description: 'Talking time of the calls that were picked up, in milliseconds' }),
          live: count.meta({ description: 'Calls that are live at the end of the bucket; in the last one, now' }),
        }),
      )
      .meta({ description: 'A point for each bucket, also where nothing happened' }),
  })
  .meta({ id: 'Series' });
