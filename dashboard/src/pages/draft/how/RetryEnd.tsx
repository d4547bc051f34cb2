import { Checkbox, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { readWrittenInstant } from '../../../../../domain/batches/written-instant.js';
import { ownZone } from '../../../parts/moments.js';
import type { DraftForm } from '../use-draft.js';
import { LocalTime } from '../when/LocalTime.js';
import { dayLater } from '../when/local-time.js';

const DAYS_UNTIL_END = 3;

/** After it nobody is called again by itself. The API takes an instant: what is entered is the clock of the batch. */
export function RetryEnd({ draft: { fields, change } }: { draft: DraftForm }) {
  const zone = fields.timeZone ?? ownZone;
  const notAfter = fields.retryPolicy?.notAfter ?? null;
  const [problem, setProblem] = useState<string | null>(null);
  const set = (at: string | null): void => {
    if (at === null) return change({ retryPolicy: { ...fields.retryPolicy, notAfter: null } });
    const read = readWrittenInstant(at, zone);
    setProblem(read.ok ? null : `This time ${read.message}.`);
    if (read.ok) change({ retryPolicy: { ...fields.retryPolicy, notAfter: new Date(read.ms).toISOString() } });
  };
  return (
    <Stack gap="xs">
      <Checkbox
        label="No call again after a date"
        error={problem}
        checked={notAfter !== null}
        onChange={(event) => set(event.currentTarget.checked ? dayLater(DAYS_UNTIL_END, zone) : null)}
      />
      {notAfter !== null && (
        <Group align="flex-end" gap="sm">
          <LocalTime of="Last retry" at={notAfter} zone={zone} onChange={(at) => set(at)} />
        </Group>
      )}
    </Stack>
  );
}
