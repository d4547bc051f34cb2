import { Group, Input, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ownZone, placeOf, writeMoment } from '../../../parts/moments.js';
import type { Draft } from '../use-draft.js';
import { ZoneSelect } from './ZoneSelect.js';
import { isLocal, localPartsOf } from './local-time.js';

const HOUR_MS = 3_600_000;
const TIME = /^\d\d:\d\d$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Send Now, or a date and a time by the clock of the batch. */
export function Start({ draft }: { draft: Draft }) {
  const { fields, saving, change, batch } = draft;
  const zone = fields.timeZone ?? ownZone;
  const isNow = fields.start === 'now' || fields.start === undefined;
  const schedule = (next: string): void => {
    if (next === 'now') return change({ start: 'now' });
    const { date, time } = localPartsOf(new Date(Date.now() + 24 * HOUR_MS).toISOString(), zone);
    change({ start: { at: `${date}T${time.slice(0, 2)}:00` } });
  };
  const savedAt = saving.pending.start === undefined ? batch?.startAt : undefined;
  return (
    <Stack gap="xs">
      <Input.Wrapper label="When may the first call start?" id="field-start" error={saving.errors.start}>
        <div>
          <SegmentedControl
            aria-label="When may the first call start?"
            value={isNow ? 'now' : 'later'}
            onChange={schedule}
            data={[
              { value: 'now', label: 'Send Now' },
              { value: 'later', label: 'Schedule' },
            ]}
          />
        </div>
      </Input.Wrapper>
      <Group align="flex-end" gap="sm">
        {typeof fields.start === 'object' && (
          <StartAt at={fields.start.at} zone={zone} onChange={(at) => change({ start: { at } })} />
        )}
        <ZoneSelect
          id="field-timeZone"
          label="Time zone"
          required
          description="Start and hours are read by its clock"
          value={fields.timeZone ?? null}
          error={saving.errors.timeZone}
          onChange={(timeZone) => change({ timeZone })}
          w={280}
        />
      </Group>
      {savedAt && zone !== ownZone && (
        <Text size="sm" c="dimmed">
          = {writeMoment(savedAt, ownZone)} for you ({placeOf(ownZone)})
        </Text>
      )}
      {isNow && (
        <Text size="sm" c="dimmed">
          Calls start when you create the batch, or when the hours open next.
        </Text>
      )}
    </Stack>
  );
}

type StartAtProps = { at: string; zone: string; onChange: (at: string) => void };

/** Kept as it is typed; what is not whole yet is not saved. */
function StartAt({ at, zone, onChange }: StartAtProps) {
  const shown = isLocal(at) ? { date: at.slice(0, 10), time: at.slice(11, 16) } : localPartsOf(at, zone);
  const [typed, setTyped] = useState(shown);
  const { date, time } = shown;
  useEffect(() => setTyped({ date, time }), [date, time]);
  const type = (next: Partial<typeof typed>): void => {
    const now = { ...typed, ...next };
    setTyped(now);
    if (DATE.test(now.date) && TIME.test(now.time)) onChange(`${now.date}T${now.time}`);
  };
  return (
    <>
      <TextInput
        type="date"
        label="Date"
        required
        value={typed.date}
        onChange={(event) => type({ date: event.currentTarget.value })}
      />
      <TextInput
        type="time"
        label="Time"
        required
        value={typed.time}
        onChange={(event) => type({ time: event.currentTarget.value })}
      />
    </>
  );
}
