import { Stack } from '@mantine/core';
import type { Batch } from '../../../api/client.js';
import { Engine } from './Engine.js';
import { EditSettings } from './EditSettings.js';

/** What can still be changed of a batch, and its run in Temporal. */
export function SettingsTab({ batch }: { batch: Batch }) {
  return (
    <Stack>
      <EditSettings batch={batch} />
      <Engine batchId={batch.id} />
    </Stack>
  );
}
