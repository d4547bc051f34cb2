import { isWritable } from '../../domain/instant.js';
import { outcomesOf, type Bucket, type FigurePoint } from '../../domain/calls/figures.js';
import { POINTS_MAX, pointsOf, spanOf, type SeriesSpan } from '../../domain/calls/series.js';
import { readFigures, type Figured } from '../../store/figures/read-figures.js';
import type { Queryable } from '../../store/database.js';
import { ApiError } from '../http/errors.js';

type Asked = { from: Date; until: Date; bucket: Bucket | 'auto'; timeZone: string };

/** Figures of a batch or a workspace, of this moment. @throws ApiError validation_failed when the span has no points, or too many */
export async function readSeriesView(db: Queryable, whose: Figured, { from, until, bucket, timeZone }: Asked) {
  const span = spanOf({ fromMs: from.getTime(), untilMs: until.getTime(), bucket, timeZone });
  if (!span) throw notASpan(from < until);
  requireWritable(span);
  const starts = span.starts.map((atMs) => new Date(atMs));
  const figures = await readFigures(db, whose, { starts, until: new Date(span.untilMs) });
  return toSeriesView(span, pointsOf(span, figures));
}

function toSeriesView({ starts, untilMs, bucket, timeZone }: SeriesSpan, points: readonly FigurePoint[]) {
  return {
    from: new Date(starts[0]!).toISOString(), // a span has a bucket
    until: new Date(untilMs).toISOString(),
    bucket,
    timeZone,
    points: points.map(({ atMs, values, live }) => ({
      at: new Date(atMs).toISOString(),
      sent: values.SENT ?? 0,
      pickedUp: values.ANSWERED ?? 0,
      successful: values.SUCCESSFUL ?? 0,
      refusals: values.REFUSED ?? 0,
      outcomes: outcomesOf(values),
      talkMs: values.TALK_MS ?? 0,
      live,
    })),
  };
}

function notASpan(isTooLong: boolean): ApiError {
  return isTooLong
    ? refusal('bucket', `that would be more than ${POINTS_MAX} points; take a wider bucket or fewer days`)
    : refusal('until', 'must be after `from`');
}

/** Whole buckets may reach further than what was asked for. */
function requireWritable({ starts, untilMs }: SeriesSpan): void {
  const place = [['from', starts[0]!] as const, ['until', untilMs] as const].find(([, ms]) => !isWritable(ms)); // a span has a bucket
  if (place) throw refusal(place[0], 'its bucket reaches beyond the years 1 to 9999');
}

function refusal(field: string, message: string): ApiError {
  return new ApiError('validation_failed', `The query is not valid: ${field}: ${message}.`, {
    errors: [{ field, code: 'invalid', message }],
  });
}
