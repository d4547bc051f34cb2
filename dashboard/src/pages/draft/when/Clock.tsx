import { Radio, Stack } from '@mantine/core';
import { ownZone, placeOf } from '../../../parts/moments.js';
import type { DraftChange } from '../draft-fields.js';
import type { DraftForm } from '../use-draft.js';

/** By whose clock the hours are read, and what becomes of people whose zone is not known. */
export function Clock({ draft: { fields, saving, change } }: { draft: DraftForm }) {
  const place = placeOf(fields.timeZone ?? ownZone);
  return (
    <Stack gap="sm">
      <Radio.Group
        id="field-hoursIn"
        label="Whose clock?"
        value={fields.hoursIn ?? 'batch'}
        error={saving.errors.hoursIn}
        onChange={(hoursIn) => change({ hoursIn: hoursIn as NonNullable<DraftChange['hoursIn']> })}
      >
        <Stack gap={6} mt={6}>
          <Radio value="batch" label={`One clock, ${place}`} description={exampleOf(fields.timeZone ?? ownZone)} />
          <Radio
            value="recipient"
            label="Each person’s own"
            description="09:00 is 09:00 where they are. A number that may be in several zones is called when all are open."
          />
        </Stack>
      </Radio.Group>
      {fields.hoursIn === 'recipient' && (
        <Radio.Group
          id="field-unknownZone"
          label="People whose time zone is unknown"
          value={fields.unknownZone ?? 'hold'}
          error={saving.errors.unknownZone}
          onChange={(unknownZone) => change({ unknownZone: unknownZone as NonNullable<DraftChange['unknownZone']> })}
        >
          <Stack gap={6} mt={6}>
            <Radio value="hold" label="Wait: nobody is called at a wrong hour" />
            <Radio value="batch" label={`Use the clock of ${place}`} />
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  );
}

/** What one clock means for people who live elsewhere. */
function exampleOf(zone: string): string {
  const [other, name] = zone.startsWith('America/') ? ['Europe/London', 'London'] : ['America/New_York', 'New York'];
  const now = new Date();
  const clock = (timeZone: string): number => {
    const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const [hour = 0, minute = 0] = parts.format(now).split(':').map(Number);
    return hour * 60 + minute;
  };
  const there = (9 * 60 + clock(other) - clock(zone) + 2_880) % 1_440;
  const two = (part: number): string => String(part).padStart(2, '0');
  return `09:00 in ${placeOf(zone)} is ${two(Math.floor(there / 60))}:${two(there % 60)} in ${name}.`;
}
