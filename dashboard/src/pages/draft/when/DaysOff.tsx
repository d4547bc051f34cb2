import { Button, Group, Input, Pill, Stack, Text, TextInput } from '@mantine/core';
import { Suspense, useState } from 'react';
import { lazyPart } from '../../../api/lazy-part.js';
import type { DraftForm } from '../use-draft.js';

const Holidays = lazyPart(async () => (await import('./Holidays.js')).Holidays);
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Days on which nobody is called: single dates, and the public holidays of countries. */
export function DaysOff({ draft }: { draft: DraftForm }) {
  const { fields, saving, change } = draft;
  const dates = fields.blackoutDates ?? [];
  const holidays = fields.holidays ?? [];
  const [typed, setTyped] = useState('');
  const [isAsked, setAsked] = useState(false);
  const add = (): void => {
    if (!DATE.test(typed)) return;
    change({ blackoutDates: [...new Set([...dates, typed])].sort() });
    setTyped('');
  };
  return (
    <Input.Wrapper
      label="Days off"
      labelElement="div"
      description="Nobody is called on these days."
      error={saving.errors.blackoutDates ?? saving.errors.holidays}
    >
      <Stack gap="xs" mt={6} id="field-blackoutDates">
        {dates.length > 0 && (
          <Group gap={6} role="group" aria-label="Dates">
            {dates.map((date) => (
              <Pill
                key={date}
                size="md"
                withRemoveButton
                removeButtonProps={{ 'aria-label': `Remove ${writeDay(date)}`, 'aria-hidden': false, tabIndex: 0 }}
                onRemove={() => change({ blackoutDates: dates.filter((each) => each !== date) })}
              >
                {writeDay(date)}
              </Pill>
            ))}
          </Group>
        )}
        <Group gap="xs" align="flex-end">
          <TextInput
            type="date"
            size="xs"
            aria-label="A day off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && add()}
          />
          <Button size="xs" variant="default" disabled={!DATE.test(typed)} onClick={add}>
            Add day
          </Button>
          {holidays.length === 0 && !isAsked && (
            <Button size="xs" variant="subtle" onClick={() => setAsked(true)}>
              Add holidays of a country
            </Button>
          )}
        </Group>
        {(holidays.length > 0 || isAsked) && (
          <Suspense fallback={<Text size="sm">Reading the calendars…</Text>}>
            <Holidays chosen={holidays} onChange={(next) => change({ holidays: next })} />
          </Suspense>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

function writeDay(date: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00Z`),
  );
}
