import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type PanelProps = {
  title: string;
  /** What it is about, in a sentence. */
  about?: ReactNode;
  /** At the end of its head. */
  action?: ReactNode;
  children: ReactNode;
};

/** A part of a page that has a heading of its own. */
export function Panel({ title, about, action, children }: PanelProps) {
  return (
    <Paper withBorder p="md" component="section">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4">
            {title}
          </Title>
          {action}
        </Group>
        {about && (
          <Text size="sm" c="dimmed" component="div">
            {about}
          </Text>
        )}
        {children}
      </Stack>
    </Paper>
  );
}
