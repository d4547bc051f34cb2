import { Text, Tooltip, useComputedColorScheme } from '@mantine/core';
import { OUTCOME_RULES, OUTCOMES } from '../../../../domain/calls/outcomes.js';
import { PROGRESS_PARTS, type ProgressPart } from '../../../../domain/shown/progress-parts.js';
import { RECIPIENT_SHOWN } from '../../../../domain/shown/statuses.js';
import type { Schemas } from '../../api/client.js';
import { count, counted } from '../../parts/Count.js';
import classes from './DayBars.module.css';

type Point = Schemas['Series']['points'][number];
type Part = ProgressPart & { value: number };

const dayName = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
const shortName = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' });
const dateAlone = new Intl.DateTimeFormat(undefined, { day: 'numeric' });
const WEEK = 7;
/** More have no place for their names. */
const NAMED_MAX = 14;

/** Calls of each day, by what came of them. Every day says its figures to who points at it, goes there, or hears the page. */
export function DayBars({ points }: { points: readonly Point[] }) {
  const scheme = useComputedColorScheme('light');
  const days = points.map((point) => ({ point, parts: partsOf(point) }));
  const most = Math.max(1, ...days.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)));
  if (days.every(({ parts }) => parts.length === 0)) return null;
  const every = Math.ceil(days.length / NAMED_MAX);
  const name = days.length <= WEEK ? shortName : dateAlone;
  return (
    <ol className={classes['days']} aria-label="Calls of each day">
      {days.map(({ point, parts }, index) => (
        <Tooltip key={point.at} label={wordsOf(point, parts)}>
          <li className={classes['day']} tabIndex={0} aria-label={wordsOf(point, parts)}>
            <div className={classes['column']}>
              {parts.map((part) => (
                <div
                  key={part.status}
                  className={`${classes['part']} ${classes[part.pattern] ?? ''}`}
                  style={{ blockSize: `${(96 * part.value) / most}%`, backgroundColor: part[scheme] }}
                />
              ))}
            </div>
            <Text size="xs" c="dimmed" className={classes['name']} aria-hidden>
              {index % every === 0 ? name.format(new Date(point.at)) : '\u00a0'}
            </Text>
          </li>
        </Tooltip>
      ))}
    </ol>
  );
}

/** Outcomes as they settle a recipient, in the order and the colours of the progress of a batch. */
function partsOf({ outcomes }: Point): Part[] {
  return PROGRESS_PARTS.map((part) => ({
    ...part,
    value: OUTCOMES.filter((each) => OUTCOME_RULES[each].recipient === part.status).reduce(
      (sum, each) => sum + outcomes[each],
      0,
    ),
  })).filter(({ value }) => value > 0);
}

function wordsOf({ at, sent }: Point, parts: readonly Part[]): string {
  const said = parts.map(({ status, value }) => `${RECIPIENT_SHOWN[status].label} ${count(value)}`);
  return [`${dayName.format(new Date(at))}: ${counted(sent, 'call', 'calls')} sent`, ...said].join(', ');
}
