import { Group, SimpleGrid, Text } from '@mantine/core';
import type { Schemas } from '../../api/client.js';
import { count } from '../../parts/Count.js';
import { Panel } from '../../parts/Panel.js';
import classes from './SlotsPanel.module.css';

/** Live calls that the workspace may have at once: in use, kept free, left. */
export function SlotsPanel({ usage }: { usage: Schemas['Usage'] }) {
  const { limit, held, dialing, reserved, forBatches } = usage.slots;
  const kept = Math.max(0, Math.min(reserved, limit - held));
  const parts = [
    { name: 'talking', label: 'Ringing or talking', value: Math.max(0, held - dialing) },
    { name: 'dialing', label: 'Dialling', value: dialing },
    { name: 'reserved', label: 'Reserved concurrency for other calls', value: kept },
    { name: 'free', label: 'Free for batches', value: forBatches },
  ];
  return (
    <Panel title="Slots">
      <Text size="xl" fw={650} lh={1}>
        {count(held)} of {count(limit)} in use
      </Text>
      <div
        className={classes['bar']}
        role="img"
        aria-label={parts.map(({ label, value }) => `${label} ${count(value)}`).join(', ')}
      >
        {parts
          .filter(({ value }) => value > 0)
          .map(({ name, value }) => (
            <div key={name} className={`${classes['part']} ${classes[name]}`} style={{ flexGrow: value }} />
          ))}
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={4} aria-hidden>
        {parts.map(({ name, label, value }) => (
          <Group key={name} gap={6} wrap="nowrap">
            <span className={classes[name]} style={{ inlineSize: 12, blockSize: 12, borderRadius: 2, flex: 'none' }} />
            <Text size="sm">
              {label} {count(value)}
            </Text>
          </Group>
        ))}
      </SimpleGrid>
      <Text size="sm">
        <b>{paceOf(usage.callsPerSecond.now)}</b>
        {limitOf(usage.callsPerSecond.limit)}
      </Text>
    </Panel>
  );
}

const oneDecimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

function paceOf(now: number): string {
  return now === 1 ? '1 call starts each second' : `${oneDecimal.format(now)} calls start each second`;
}

function limitOf(limit: number | null): string {
  return limit === null ? '; there is no limit.' : `, at most ${count(limit)}.`;
}
