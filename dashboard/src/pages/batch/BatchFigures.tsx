import { Paper, SimpleGrid, Text } from '@mantine/core';
import type { Batch } from '../../api/client.js';
import { count } from '../../parts/Count.js';

/** The figures that people ask for first. */
export function BatchFigures({ batch }: { batch: Batch }) {
  const { attempts, recipients } = batch.counters;
  const { concurrency } = batch.limits;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs">
      <Figure label="Sent" value={count(attempts.sent)} note="calls that the provider has taken" />
      <Figure label="Picked Up" value={count(attempts.pickedUp)} note={`of ${count(attempts.sent)} sent`} />
      <Figure label="Successful" value={count(attempts.successful)} note={`of ${count(attempts.pickedUp)} picked up`} />
      <Figure label="Voicemail" value={count(attempts.voicemail)} note="a machine answered" />
      <Figure
        label="Live"
        value={count(recipients.IN_PROGRESS)}
        note={concurrency === null ? 'calls now' : `of ${count(concurrency)} at once`}
      />
    </SimpleGrid>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <Paper withBorder p="xs" role="group" aria-label={label}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={650} lh={1.2}>
        {value}
      </Text>
      <Text size="xs" c="dimmed">
        {note}
      </Text>
    </Paper>
  );
}
