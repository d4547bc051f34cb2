import { ActionIcon, Button, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconCopy, IconMinus, IconMoon, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { addedTo, dayAfter, isOvernight, nameOfDay, WORKDAYS, type Day, type Range } from './week.js';

type DayHoursProps = { day: Day; ranges: Range[]; onChange: (ranges: Range[]) => void; onCopy: () => void };

/** The hours of one weekday: several stretches, or closed. */
export function DayHours({ day, ranges, onChange, onCopy }: DayHoursProps) {
  const name = nameOfDay(day);
  const added = addedTo(ranges);
  const copyWords = WORKDAYS.includes(day) ? 'Copy to weekdays' : 'Copy to all days';
  return (
    <Group align="flex-start" gap="sm" role="group" aria-label={name}>
      <Text size="sm" w="6.5rem" pt={6}>
        {name}
      </Text>
      <Stack gap={4} flex="1 1 15rem">
        {ranges.length === 0 && (
          <Text size="sm" c="dimmed" pt={6}>
            Closed
          </Text>
        )}
        {ranges.map((range, index) => (
          <RangeFields
            key={index}
            label={`${name}${ranges.length > 1 ? ` ${index + 1}` : ''}`}
            day={day}
            range={range}
            onChange={(next) => onChange(ranges.map((each, at) => (at === index ? next : each)))}
            onRemove={() => onChange(ranges.filter((_, at) => at !== index))}
          />
        ))}
      </Stack>
      <Group gap={4}>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={added === null}
          aria-label={`Add hours on ${name}`}
          onClick={() => added && onChange([...ranges, added])}
        >
          Add hours
        </Button>
        <Tooltip label={copyWords}>
          <ActionIcon variant="subtle" color="gray" aria-label={`${copyWords}, from ${name}`} onClick={onCopy}>
            <IconCopy size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}

type RangeFieldsProps = {
  label: string;
  day: Day;
  range: Range;
  onChange: (range: Range) => void;
  onRemove: () => void;
};

function RangeFields({ label, day, range, onChange, onRemove }: RangeFieldsProps) {
  const [start, end] = range;
  const isWhole = start === '00:00' && end === '24:00';
  return (
    <Group gap={6}>
      <TimeField label={`${label} from`} value={start} onChange={(next) => onChange([next, end])} />
      <Text size="sm" aria-hidden>
        –
      </Text>
      {/* A time field has no 24:00: midnight at the end is written 00:00. */}
      <TimeField
        label={`${label} until`}
        value={end === '24:00' ? '00:00' : end}
        onChange={(next) => onChange([start, next === '00:00' ? '24:00' : next])}
      />
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${label} ${start}-${end}`} onClick={onRemove}>
        <IconMinus size={16} aria-hidden />
      </ActionIcon>
      {isWhole && (
        <Text size="xs" c="dimmed">
          the whole day
        </Text>
      )}
      {isOvernight(range) && (
        <Text size="xs" c="dimmed">
          <IconMoon size={12} aria-hidden /> until {nameOfDay(dayAfter(day))} {end}, belongs to {nameOfDay(day)}
        </Text>
      )}
    </Group>
  );
}

/** Keeps what is half typed; a whole time is handed on. */
function TimeField({ label, value, onChange }: { label: string; value: string; onChange: (time: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <TextInput
      type="time"
      size="xs"
      w="8rem"
      aria-label={label}
      value={typed}
      onBlur={() => setTyped(value)}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setTyped(next);
        if (/^\d\d:\d\d$/.test(next) && next !== value) onChange(next);
      }}
    />
  );
}
