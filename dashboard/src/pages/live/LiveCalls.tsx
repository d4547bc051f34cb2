import { Anchor, Skeleton, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { answered, api, type Schemas } from '../../api/client.js';
import { keys, rowsOf, usePages } from '../../api/queries.js';
import { CallBadge } from '../../parts/call/CallBadge.js';
import { HangUp } from '../../parts/call/HangUp.js';
import { DataTable, type Column } from '../../parts/DataTable.js';
import { EmptyState } from '../../parts/EmptyState.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { masked } from '../../parts/masked.js';
import { Panel } from '../../parts/Panel.js';
import { PhoneNumber } from '../../parts/PhoneNumber.js';
import { Timer } from './Timer.js';

type Call = Schemas['Call'];
const PER_PAGE = 200;

/** Calls that are live, the longest first. Numbers are masked: the page hangs on walls. */
export function LiveCalls({ everyMs }: { everyMs: number }) {
  const [isPlain, setPlain] = useState(false);
  const calls = usePages(
    [...keys.calls, 'live'],
    (at, signal) =>
      answered(
        api.GET('/v1/calls', {
          params: { query: { state: ['DIALING', 'IN_PROGRESS'], limit: PER_PAGE, ...at } },
          signal,
        }),
      ),
    everyMs,
  );
  const list = rowsOf(calls);
  return (
    <Panel
      title="Live calls"
      action={
        <Switch label="Show numbers" checked={isPlain} onChange={(event) => setPlain(event.currentTarget.checked)} />
      }
    >
      {calls.isLoadingError && <ErrorState error={calls.error} onRetry={() => void calls.refetch()} />}
      {calls.isPending && <Skeleton h={120} aria-label="Loading" />}
      {calls.data && (
        <DataTable<Call>
          label="Live calls"
          columns={columnsOf(isPlain)}
          {...list}
          rows={list.rows.toReversed()}
          keyOf={({ id }) => id}
          empty={<EmptyState title="No call is live">Calls are listed here as soon as one begins.</EmptyState>}
        />
      )}
    </Panel>
  );
}

function columnsOf(isPlain: boolean): readonly Column<Call>[] {
  const shown = (phone: string): string => (isPlain ? phone : masked(phone));
  return [
    {
      id: 'number',
      header: 'Number',
      width: 'minmax(9rem, 1fr)',
      cell: ({ id, phoneNumber }) => (
        <Anchor component={Link} to={`/calls?call=${id}`} size="sm">
          <PhoneNumber value={shown(phoneNumber)} />
        </Anchor>
      ),
    },
    { id: 'state', header: 'State', width: '7.5rem', cell: (call) => <CallBadge call={call} /> },
    {
      id: 'timer',
      header: 'For',
      width: '5rem',
      isNumber: true,
      cell: ({ acceptedAt, dialingAt }) => <Timer since={acceptedAt ?? dialingAt} />,
    },
    {
      id: 'batch',
      header: 'Batch',
      width: 'minmax(9rem, 2fr)',
      cell: ({ batch }) => (
        <Anchor component={Link} to={`/batches/${batch.id}`} size="sm" truncate display="block" title={batch.name}>
          <bdi dir="auto">{batch.name}</bdi>
        </Anchor>
      ),
    },
    {
      id: 'agent',
      header: 'Agent',
      width: 'minmax(6rem, 1fr)',
      cell: ({ agent }) => (
        <Text size="sm" truncate title={agent.name}>
          <bdi dir="auto">{agent.name}</bdi>
        </Text>
      ),
    },
    {
      id: 'hangUp',
      header: 'Hang up',
      isHeaderHidden: true,
      width: '7.5rem',
      cell: (call) => <HangUp call={call} whom={shown(call.phoneNumber)} />,
    },
  ];
}
