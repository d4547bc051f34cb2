import { Group, Text, UnstyledButton, useComputedColorScheme } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { PROGRESS_PARTS, settledPercent } from '../../../../domain/shown/progress-parts.js';
import { RECIPIENT_SHOWN } from '../../../../domain/shown/statuses.js';
import type { Batch } from '../../api/client.js';
import { count } from '../../parts/Count.js';
import { ownZone, writeMoment } from '../../parts/moments.js';
import classes from './BatchLegend.module.css';

/** What each part of the bar is, with its figure. Each shows the recipients that it counts. */
export function BatchLegend({ batch }: { batch: Batch }) {
  const scheme = useComputedColorScheme('light');
  const [, setParams] = useSearchParams();
  const { recipients, countedAt } = batch.counters;
  return (
    <div className={classes['legend']}>
      {PROGRESS_PARTS.map((part) => (
        <UnstyledButton
          key={part.status}
          mih={24}
          onClick={() => setParams({ tab: 'recipients', status: part.status })}
          aria-label={`${RECIPIENT_SHOWN[part.status].label}: ${count(recipients[part.status])}. Show them`}
        >
          <Group gap={6} wrap="nowrap">
            <span aria-hidden className={classes['colour']} style={{ backgroundColor: part[scheme] }} />
            <Text size="sm" c={recipients[part.status] === 0 ? 'dimmed' : undefined}>
              {RECIPIENT_SHOWN[part.status].label} {count(recipients[part.status])}
            </Text>
          </Group>
        </UnstyledButton>
      ))}
      <Text size="sm" c="dimmed">
        {settledPercent(recipients)}% settled, counted {writeMoment(countedAt, ownZone)}
      </Text>
    </div>
  );
}
