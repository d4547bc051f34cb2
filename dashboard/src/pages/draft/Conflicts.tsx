import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { Callers } from './callers.js';
import { FIELD_LABELS, writeValue } from './draft-fields.js';
import type { Draft } from './use-draft.js';

/** Somebody else has changed the same field: both values, to choose from. Nothing of it is saved before. */
export function Conflicts({ draft: { saving, saver }, callers }: { draft: Draft; callers: Callers }) {
  if (saving.conflicts.length === 0) return null;
  const names = new Map([
    ...callers.numbers.map(({ thing }) => [thing.id, thing.phoneNumber] as const),
    ...callers.agents.map(({ thing }) => [thing.id, thing.name] as const),
  ]);
  return (
    <Alert color="yellow" icon={<IconUsers aria-hidden />} title="This was changed in another place, too" role="alert">
      <Stack gap="xs">
        {saving.conflicts.map(({ field, mine, theirs }) => (
          <div key={field} role="group" aria-label={FIELD_LABELS[field]}>
            <Text size="sm" fw={600}>
              {FIELD_LABELS[field]}
            </Text>
            <Text size="sm">
              Yours: <bdi dir="auto">{writeValue(field, mine, names)}</bdi>
            </Text>
            <Text size="sm">
              The other: <bdi dir="auto">{writeValue(field, theirs, names)}</bdi>
            </Text>
            <Group gap="xs" mt={4}>
              <Button size="xs" variant="default" onClick={() => saver.choose(field, 'mine')}>
                Keep yours
              </Button>
              <Button size="xs" variant="default" onClick={() => saver.choose(field, 'theirs')}>
                Take the other
              </Button>
            </Group>
          </div>
        ))}
      </Stack>
    </Alert>
  );
}
