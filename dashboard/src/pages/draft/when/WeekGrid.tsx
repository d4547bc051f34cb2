import { Text } from '@mantine/core';
import { DayTrack } from './DayTrack.js';
import { stretchOf } from './week-drag.js';
import { dayBefore, DAYS, MINUTES_PER_DAY, rangesOf, type Day, type Range, type Week } from './week.js';
import classes from './week.module.css';

const HOURS_NAMED = [0, 3, 6, 9, 12, 15, 18, 21, 24];

type WeekGridProps = { week: Week; onDay: (day: Day, ranges: Range[]) => void };

/** The week as a picture that a pointer can change. Keys have the fields below it, which say the same. */
export function WeekGrid({ week, onDay }: WeekGridProps) {
  return (
    <div className={classes['week']} role="group" aria-label="The week">
      <div className={classes['scale']} aria-hidden>
        {HOURS_NAMED.map((hour) => (
          <span key={hour} style={{ insetInlineStart: `${(hour / 24) * 100}%` }}>
            {hour}
          </span>
        ))}
      </div>
      {DAYS.map((day) => (
        <DayTrack
          key={day}
          day={day}
          ranges={rangesOf(week, day)}
          tails={tailsInto(week, day)}
          onRanges={(ranges) => onDay(day, ranges)}
          onTail={(ranges) => onDay(dayBefore(day), ranges)}
        />
      ))}
      <Text size="xs" c="dimmed">
        Drag over a day to add hours, drag an edge to change them, drag the middle to move them: in quarters of an hour.
      </Text>
    </div>
  );
}

/** What the day before sends over midnight. */
function tailsInto(week: Week, day: Day): { ranges: Range[]; indexes: number[] } {
  const ranges = rangesOf(week, dayBefore(day));
  const indexes = ranges.flatMap((range, index) => (stretchOf(range).end > MINUTES_PER_DAY ? [index] : []));
  return { ranges, indexes };
}
