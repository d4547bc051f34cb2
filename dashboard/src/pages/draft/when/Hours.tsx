import { Button, Group, Input, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { OFFICE_HOURS } from '../defaults.js';
import type { DraftForm } from '../use-draft.js';
import { DayHours } from './DayHours.js';
import { WeekGrid } from './WeekGrid.js';
import { DAYS, rangesOf, withDay, WORKDAYS, type Day, type Range, type Week } from './week.js';

/** A day is too narrow to be dragged in quarters of an hour: there the list alone is shown. */
const WIDE = '(min-width: 48em)';

/** The hours of each weekday: as a week that can be dragged, and as times. */
export function Hours({ draft: { fields, saving, change } }: { draft: DraftForm }) {
  const week: Week = fields.window ?? {};
  const isWide = useMediaQuery(WIDE) ?? false;
  const setDay = (day: Day, ranges: Range[]): void => change({ window: withDay(week, day, ranges) });
  const copy = (day: Day, to: readonly Day[]): void =>
    change({ window: to.reduce((now, each) => withDay(now, each, rangesOf(week, day)), week) });
  return (
    <Input.Wrapper label="Hours" required error={saving.errors.window} labelElement="div">
      <Stack gap={6} id="field-window" tabIndex={-1} role="group" aria-label="Hours of each weekday" mt={4}>
        {isWide && <WeekGrid week={week} onDay={setDay} />}
        {DAYS.map((day) => (
          <DayHours
            key={day}
            day={day}
            ranges={rangesOf(week, day)}
            onChange={(ranges) => setDay(day, ranges)}
            onCopy={() => copy(day, WORKDAYS.includes(day) ? WORKDAYS : DAYS)}
          />
        ))}
        <Group>
          <Button variant="subtle" size="xs" onClick={() => change({ window: OFFICE_HOURS as Week })}>
            Set Monday to Friday, 09:00-18:00
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
