import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconServer } from '@tabler/icons-react';
import type { Schemas } from '../../api/client.js';
import { counted } from '../../parts/Count.js';
import { writeSpan } from '../../parts/moments.js';

/** Whether the processes that call are there. When one is missing, what that means. */
export function SystemNotes({ usage }: { usage: Schemas['Usage'] }) {
  const { workers, temporal } = usage;
  const faults = [workers.count === 0 && workerGone(usage), !temporal.ok && TEMPORAL_GONE].filter(
    (each) => each !== false,
  );
  if (faults.length > 0)
    return (
      <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="Something is not there" role="alert">
        {faults.map((fault) => (
          <Text key={fault} size="sm">
            {fault}
          </Text>
        ))}
      </Alert>
    );
  return (
    <Group gap="xs" role="status" c="dimmed" wrap="nowrap">
      <IconServer size={16} aria-hidden style={{ flex: 'none' }} />
      <Text size="sm">
        {counted(workers.count, 'worker reports', 'workers report')}, and Temporal answers: what is due is called.
      </Text>
    </Group>
  );
}

const TEMPORAL_GONE = 'Temporal does not answer: batches do not go on until it does; nothing is lost.';

function workerGone({ at, workers: { seenAt } }: Schemas['Usage']): string {
  if (seenAt === null) return 'No worker has ever reported: nobody is called, nothing is lost.';
  const since = writeSpan(Date.parse(at) - Date.parse(seenAt));
  return `No worker reported for ${since}: nobody is called, nothing is lost.`;
}
