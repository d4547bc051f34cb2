import { Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A chart under its title. `said`: the same in words, for who does not see it. */
export function ChartCard({ title, said, children }: { title: string; said: string; children: ReactNode }) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={title}>
      <Group gap="xs" align="baseline" mb="xs">
        <Title order={2} size="h5">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {said}
        </Text>
      </Group>
      <div aria-hidden>{children}</div>
    </Paper>
  );
}
