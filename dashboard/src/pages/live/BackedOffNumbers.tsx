import { Anchor, List, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client.js';
import { counted } from '../../parts/Count.js';
import { Moment } from '../../parts/Moment.js';
import { Panel } from '../../parts/Panel.js';
import { PhoneNumber } from '../../parts/PhoneNumber.js';

type Numbers = Schemas['Usage']['backedOffNumbers'];

/** Numbers from which the provider takes fewer calls for now. */
export function BackedOffNumbers({ numbers }: { numbers: Numbers }) {
  return (
    <Panel title="Numbers that back off">
      {numbers.length === 0 ? (
        <Text size="sm" c="dimmed">
          None: no provider refuses calls for capacity.
        </Text>
      ) : (
        <List size="sm" spacing="xs" listStyleType="none">
          {numbers.map(({ id, phoneNumber, until, ceiling, live }) => (
            <List.Item key={id}>
              <Anchor component={Link} to="/settings/numbers" size="sm">
                <PhoneNumber value={phoneNumber} />
              </Anchor>
              {': '}
              {until !== null ? (
                <>
                  no call starts until <Moment at={until} />.
                </>
              ) : (
                'calls start again, carefully.'
              )}{' '}
              {counted(live, 'live call', 'live calls')}
              {ceiling !== null && `, at most ${counted(ceiling, 'at once', 'at once')} for now`}.
            </List.Item>
          ))}
        </List>
      )}
    </Panel>
  );
}
