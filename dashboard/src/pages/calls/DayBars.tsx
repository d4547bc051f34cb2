import { Group, Text, Tooltip } from '@mantine/core';
import { OUTCOMES } from '../../../../domain/calls/outcomes.js';
import { OUTCOME_SHOWN } from '../../../../domain/shown/statuses.js';
import type { Tone } from '../../../../domain/shown/tones.js';
import type { Schemas } from '../../api/client.js';
import { count, counted } from '../../parts/Count.js';
import classes from './DayBars.module.css';

type Point = Schemas['Series']['points'][number];

/** From the axis upwards. */
const PARTS: readonly { tone: Tone; label: string }[] = [
  { tone: 'green', label: 'answered' },
  { tone: 'amber', label: 'not reached' },
  { tone: 'red', label: 'failed' },
  { tone: 'violet', label: 'uncertain' },
  { tone: 'grey', label: 'cancelled' },
];
const dayName = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });

/** Calls of each day, by what came of them. Every day says its figures to who points at it, goes there, or hears the page. */
export function DayBars({ points, bucket }: { points: readonly Point[]; bucket: Schemas['Series']['bucket'] }) {
  const days = points.map((point) => ({ point, parts: partsOf(point) }));
  const most = Math.max(1, ...days.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)));
  if (days.every(({ parts }) => parts.every(({ value }) => value === 0))) return null;
  return (
    <div>
      <ol className={classes['days']} aria-label={bucket === 'day' ? 'Calls of each day' : 'Calls over time'}>
        {days.map(({ point, parts }) => (
          <Tooltip key={point.at} label={wordsOf(point, parts)}>
            <li className={classes['day']} tabIndex={0} aria-label={wordsOf(point, parts)}>
              {parts
                .filter(({ value }) => value > 0)
                .map(({ tone, value }) => (
                  <div
                    key={tone}
                    className={`${classes['part']} ${classes[tone] ?? ''}`}
                    style={{ blockSize: `${(96 * value) / most}%`, backgroundColor: `var(--tone-${tone})` }}
                  />
                ))}
            </li>
          </Tooltip>
        ))}
      </ol>
      <Group justify="space-between" aria-hidden>
        {[points[0], points.at(-1)].map(
          (point, index) =>
            point && (
              <Text key={index} size="xs" c="dimmed">
                {dayName.format(new Date(point.at))}
              </Text>
            ),
        )}
      </Group>
    </div>
  );
}

type Part = { tone: Tone; label: string; value: number };

function partsOf({ outcomes }: Point): Part[] {
  return PARTS.map(({ tone, label }) => ({
    tone,
    label,
    value: OUTCOMES.filter((each) => OUTCOME_SHOWN[each].tone === tone).reduce((sum, each) => sum + outcomes[each], 0),
  }));
}

function wordsOf({ at, sent }: Point, parts: readonly Part[]): string {
  const said = parts.filter(({ value }) => value > 0).map(({ label, value }) => `${count(value)} ${label}`);
  return [`${dayName.format(new Date(at))}: ${counted(sent, 'call', 'calls')} sent`, ...said].join(', ');
}
