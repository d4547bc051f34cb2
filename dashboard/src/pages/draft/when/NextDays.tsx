import { Text, VisuallyHidden } from '@mantine/core';
import type { NextDay, Span } from './next-days.js';
import { localPartsOf } from './local-time.js';
import classes from './week.module.css';

const HOUR_MS = 3_600_000;
const HOURS_PER_DAY = 24;

/** A bar for each day, filled where it is open; a line is now. A day on which the clocks change is named. */
export function NextDays({ days, zone, nowMs }: { days: readonly NextDay[]; zone: string; nowMs: number }) {
  const changes = days.flatMap((day) => {
    const more = Math.round((day.untilMs - day.fromMs) / HOUR_MS) - HOURS_PER_DAY;
    return more === 0 ? [] : [{ day, more }];
  });
  return (
    <>
      <ul className={classes['next']} aria-label="When it is open, by day">
        {days.map((day) => (
          <li key={day.fromMs} title={hoursOf(day, zone)}>
            {nameOf(day, zone)}
            <VisuallyHidden>: {hoursOf(day, zone)}</VisuallyHidden>
            <div className={classes['open']} aria-hidden>
              {day.open.map((span) => (
                <span
                  key={span.fromMs}
                  style={{ insetInlineStart: percent(span.fromMs, day), inlineSize: sizeOf(span, day) }}
                />
              ))}
              {nowMs >= day.fromMs && nowMs < day.untilMs && (
                <span className={classes['now']} style={{ insetInlineStart: percent(nowMs, day) }} />
              )}
            </div>
          </li>
        ))}
      </ul>
      {changes.map(({ day, more }) => (
        <Text key={day.fromMs} size="sm" c="dimmed">
          {nameOf(day, zone)}: clocks change, {Math.abs(more)} h {more < 0 ? 'less' : 'more'}.
        </Text>
      ))}
    </>
  );
}

function nameOf({ fromMs }: NextDay, zone: string): string {
  return new Intl.DateTimeFormat(undefined, { timeZone: zone, weekday: 'short', day: 'numeric' }).format(fromMs);
}

function hoursOf(day: NextDay, zone: string): string {
  const clock = (ms: number): string => localPartsOf(new Date(ms).toISOString(), zone).time;
  const words = day.open.map(
    (span) => `${clock(span.fromMs)}–${span.untilMs === day.untilMs ? '24:00' : clock(span.untilMs)}`,
  );
  return words.join(', ') || 'closed';
}

function percent(ms: number, { fromMs, untilMs }: Span): string {
  return `${((ms - fromMs) / (untilMs - fromMs)) * 100}%`;
}

function sizeOf(span: Span, day: Span): string {
  return `${((span.untilMs - span.fromMs) / (day.untilMs - day.fromMs)) * 100}%`;
}
