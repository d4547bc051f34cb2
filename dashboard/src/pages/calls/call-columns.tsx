import { Text } from '@mantine/core';
import type { Schemas } from '../../api/client.js';
import { CallBadge } from '../../parts/call/CallBadge.js';
import type { Column } from '../../parts/DataTable.js';
import { Moment } from '../../parts/Moment.js';
import { writeDuration } from '../../parts/moments.js';
import { PhoneNumber } from '../../parts/PhoneNumber.js';
import { BatchLink } from './BatchLink.js';
import { OpenCall } from './OpenCall.js';

export const CALL_COLUMNS: readonly Column<Schemas['Call']>[] = [
  {
    id: 'number',
    header: 'Phone number',
    width: '8.5rem',
    cell: ({ id, phoneNumber }) => <OpenCall id={id} phoneNumber={phoneNumber} />,
  },
  { id: 'name', header: 'Name', width: 'minmax(6rem, 1.5fr)', cell: ({ recipientName }) => cut(recipientName) },
  {
    id: 'began',
    header: 'Began',
    width: '8.5rem',
    cell: ({ dialingAt }) => (
      <Text size="sm" span>
        <Moment at={dialingAt} />
      </Text>
    ),
  },
  { id: 'outcome', header: 'Outcome', width: '8.5rem', cell: (call) => <CallBadge call={call} /> },
  {
    id: 'talk',
    header: 'Talked',
    width: '4rem',
    isNumber: true,
    cell: ({ durationMs }) => <span>{durationMs ? writeDuration(durationMs) : ''}</span>,
  },
  {
    id: 'successful',
    header: 'Successful',
    width: '5.5rem',
    cell: ({ successful }) => <span>{successful === null ? '' : successful ? 'Yes' : 'No'}</span>,
  },
  { id: 'batch', header: 'Batch', width: 'minmax(7rem, 2fr)', cell: ({ batch }) => <BatchLink batch={batch} /> },
  {
    id: 'from',
    header: 'From Number',
    width: 'minmax(9rem, 1.5fr)',
    cell: ({ fromNumber, agent }) => (
      <div>
        <PhoneNumber value={fromNumber.phoneNumber} />
        <Text size="xs" c="dimmed" truncate title={agent.name}>
          <bdi dir="auto">{agent.name}</bdi>
        </Text>
      </div>
    ),
  },
];

function cut(name: string | null) {
  return (
    <Text size="sm" truncate title={name ?? ''}>
      <bdi dir="auto">{name}</bdi>
    </Text>
  );
}
