import { Group, Input, SegmentedControl, Stack, Text } from '@mantine/core';
import { ownZone, placeOf, writeMoment } from '../../../parts/moments.js';
import type { Draft } from '../use-draft.js';
import { LocalTime } from './LocalTime.js';
import { ZoneSelect } from './ZoneSelect.js';
import { dayLater } from './local-time.js';

/** Send Now, or a date and a time by the clock of the batch. */
export function Start({ draft }: { draft: Draft }) {
  const { fields, saving, change, batch } = draft;
  const zone = fields.timeZone ?? ownZone;
  const isNow = fields.start === 'now' || fields.start === undefined;
  const schedule = (next: string): void => {
    if (next === 'now') return change({ start: 'now' });
    change({ start: { at: dayLater(1, zone) } });
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
          <LocalTime at={fields.start.at} zone={zone} onChange={(at) => change({ start: { at } })} />
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
