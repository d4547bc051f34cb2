import { Radio, Stack } from '@mantine/core';
import { showError } from '../../../parts/notices.js';
import { setNeither, useIsNeither } from '../purpose-answer.js';
import type { Draft } from '../use-draft.js';

const NEITHER = 'neither';

/** What the calls are for: laws differ by it. It must be answered. */
export function Purpose({ draft: { fields, saving, change, saver, batch } }: { draft: Draft }) {
  const isNeither = useIsNeither(batch?.id);
  const answer = fields.purpose ?? (isNeither ? NEITHER : null);
  const choose = (next: string): void => {
    change({ purpose: next === NEITHER ? null : (next as 'telemarketing' | 'informational') });
    saver.ensure().then((batchId) => setNeither(batchId, next === NEITHER), showError);
  };
  return (
    <Radio.Group label="What are these calls?" required value={answer} error={saving.errors.purpose} onChange={choose}>
      <Stack gap={6} mt={6}>
        <Radio
          id="field-purpose"
          value="telemarketing"
          label="Selling"
          description="Lawful hours apply at each person’s place: in the US 08:00-21:00 their time."
        />
        <Radio value="informational" label="Information" description="Reminders, confirmations, results." />
        <Radio value={NEITHER} label="Neither" description="Only the hours above apply." />
      </Stack>
    </Radio.Group>
  );
}
