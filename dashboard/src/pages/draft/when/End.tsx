import { Checkbox, Group, Stack, Text } from '@mantine/core';
import { ownZone, placeOf, writeMoment } from '../../../parts/moments.js';
import { FieldError } from '../FieldError.js';
import type { DraftForm } from '../use-draft.js';
import { LocalTime } from './LocalTime.js';
import { dayLater } from './local-time.js';

const DAYS_UNTIL_END = 7;

/** When the batch is over, whoever was not called yet; or never. */
export function End({ draft }: { draft: DraftForm }) {
  const { fields, saving, change, batch } = draft;
  const zone = fields.timeZone ?? ownZone;
  const end = fields.end ?? null;
  const savedAt = saving.pending.end === undefined ? batch?.endAt : null;
  return (
    <Stack gap="xs" id="field-end" tabIndex={-1}>
      <Checkbox
        label="Calls end at a date"
        description="No call starts at or after it, for anybody. Who waits then is not called any more."
        checked={end !== null}
        onChange={(event) =>
          change({ end: event.currentTarget.checked ? { at: dayLater(DAYS_UNTIL_END, zone) } : null })
        }
      />
      {end !== null && (
        <Group align="flex-end" gap="sm">
          <LocalTime of="End" at={end.at} zone={zone} onChange={(at) => change({ end: { at } })} />
          <Text size="sm" c="dimmed" pb={8}>
            by the clock of {placeOf(zone)}
            {savedAt && zone !== ownZone && `, = ${writeMoment(savedAt, ownZone)} for you`}
          </Text>
        </Group>
      )}
      <FieldError draft={draft} field="end" />
    </Stack>
  );
}
