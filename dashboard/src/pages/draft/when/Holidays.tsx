import { ActionIcon, Group, Select, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { holidayCountries, holidayRegions, publicHolidays } from '../../../../../domain/hours/holidays.js';
import type { DraftFields } from '../draft-fields.js';

type Calendar = NonNullable<DraftFields['holidays']>[number];
type HolidaysProps = { chosen: readonly Calendar[]; onChange: (chosen: Calendar[]) => void };

const NEXT_SHOWN = 3;
const names = new Intl.DisplayNames(undefined, { type: 'region' });
const countries = holidayCountries()
  .map((code) => ({ value: code, label: names.of(code) ?? code }))
  .sort((a, b) => a.label.localeCompare(b.label));

/** Whose public holidays nobody is called on; the next ones are shown. */
export function Holidays({ chosen, onChange }: HolidaysProps) {
  const left = countries.filter(({ value }) => !chosen.some(({ country }) => country === value));
  return (
    <Stack gap="xs">
      {chosen.map((calendar, index) => (
        <Stack key={`${calendar.country} ${calendar.region ?? ''}`} gap={2}>
          <Group gap="xs" align="flex-end">
            <Text size="sm">{names.of(calendar.country)}</Text>
            <Region
              calendar={calendar}
              onChange={(next) => onChange(chosen.map((each, at) => (at === index ? next : each)))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove the holidays of ${names.of(calendar.country) ?? calendar.country}`}
              onClick={() => onChange(chosen.filter((_, at) => at !== index))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
          <Text size="xs" c="dimmed">
            Next: {nextOf(calendar)}
          </Text>
        </Stack>
      ))}
      <Select
        size="xs"
        w={260}
        searchable
        aria-label="Holidays of a country"
        placeholder="Holidays of a country"
        data={left}
        value={null}
        onChange={(country) => country !== null && onChange([...chosen, { country }])}
      />
    </Stack>
  );
}

function Region({ calendar, onChange }: { calendar: Calendar; onChange: (calendar: Calendar) => void }) {
  const { country, region } = calendar;
  const regions = holidayRegions(country);
  if (regions.length === 0) return null;
  return (
    <Select
      size="xs"
      searchable
      clearable
      aria-label={`Region of ${names.of(country) ?? country}`}
      placeholder="The whole country"
      data={regions.map(({ code, name }) => ({ value: code, label: name }))}
      value={region ?? null}
      onChange={(next) => onChange(next === null ? { country } : { country, region: next })}
    />
  );
}

function nextOf(calendar: Calendar): string {
  const today = new Date().toISOString().slice(0, 10);
  const year = new Date().getUTCFullYear();
  const days = [year, year + 1].flatMap((each) => publicHolidays(calendar, each)).filter(({ date }) => date >= today);
  const format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return days
    .slice(0, NEXT_SHOWN)
    .map(({ date, name }) => `${format.format(new Date(`${date}T00:00Z`))} ${name}`)
    .join(', ');
}
