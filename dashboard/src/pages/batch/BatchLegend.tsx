import { Group, Text, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { PROGRESS_PARTS, settledPercent } from '../../../../domain/shown/progress-parts.js';
import { RECIPIENT_SHOWN } from '../../../../domain/shown/statuses.js';
import type { Batch } from '../../api/client.js';
import { count } from '../../parts/Count.js';
import { ownZone, writeMoment } from '../../parts/moments.js';

/** What each part of the bar is, with its figure. Each shows the recipients that it counts. */
export function BatchLegend({ batch }: { batch: Batch }) {
  const scheme = useComputedColorScheme('light');
  const [, setParams] = useSearchParams();
  const { recipients, countedAt } = batch.counters;
  return (
    <Group gap="xs" justify="space-between">
      <Group gap={4}>
        {PROGRESS_PARTS.map((part) => (
          <UnstyledButton
            key={part.status}
            mih={24}
            px={6}
            onClick={() => setParams({ tab: 'recipients', status: part.status })}
            aria-label={`${RECIPIENT_SHOWN[part.status].label}: ${count(recipients[part.status])}. Show them`}
          >
            <Group gap={6} wrap="nowrap">
              <span
                aria-hidden
                style={{
                  inlineSize: 10,
                  blockSize: 10,
                  borderRadius: 2,
                  backgroundColor: part[scheme],
                  boxShadow: 'inset 0 0 0 1px #868E96',
                }}
              />
              <Text size="sm" c={recipients[part.status] === 0 ? 'dimmed' : undefined}>
                {RECIPIENT_SHOWN[part.status].label} {count(recipients[part.status])}
              </Text>
            </Group>
          </UnstyledButton>
        ))}
      </Group>
      <Text size="sm" c="dimmed">
        {settledPercent(recipients)}% settled, counted {writeMoment(countedAt, ownZone)}
      </Text>
    </Group>
  );
}
