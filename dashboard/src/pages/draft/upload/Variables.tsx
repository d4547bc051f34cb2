import { Code, Group, Text } from '@mantine/core';

const SHOWN_MAX = 12;

/** What the agent is told, each by the name that its text uses: `{{first_name}}`. */
export function Variables({ variables }: { variables: Readonly<Record<string, string>> }) {
  const all = Object.entries(variables).filter(([, value]) => value !== '');
  const more = all.length - SHOWN_MAX;
  return (
    <Group gap={4}>
      {all.slice(0, SHOWN_MAX).map(([name, value]) => (
        <Text key={name} size="xs" maw={340} truncate title={`${name}: ${value}`}>
          <Code>{`{{${name}}}`}</Code> <bdi dir="auto">{value}</bdi>
        </Text>
      ))}
      {more > 0 && (
        <Text size="xs" c="dimmed">
          and {more} more
        </Text>
      )}
    </Group>
  );
}
