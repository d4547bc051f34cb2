import { Code, Spoiler, Stack, Text } from '@mantine/core';
import type { Schemas } from '../../api/client.js';
import { Moment } from '../Moment.js';

type Event = Schemas['Attempt']['events'][number];
const KINDS: Record<Event['kind'], string> = { STARTED: 'Started', ENDED: 'Ended', ANALYZED: 'Analysed' };

/** What the provider told, as it told it: folded, for who wants to look. */
export function ProviderWords({ events }: { events: readonly Event[] }) {
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        The provider’s own words ({events.length})
      </Text>
      <Stack gap="xs" mt="xs">
        {events.map(({ id, kind, occurredAt, receivedAt, details }) => (
          <div key={id}>
            <Text size="xs" c="dimmed" component="div">
              {KINDS[kind]} <Moment at={occurredAt} />, received <Moment at={receivedAt} />
            </Text>
            <Spoiler maxHeight={240} showLabel="Show all" hideLabel="Show less">
              <Code block tabIndex={0}>
                {JSON.stringify(details, null, 2)}
              </Code>
            </Spoiler>
          </div>
        ))}
      </Stack>
    </details>
  );
}
