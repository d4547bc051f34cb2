import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../../../api/client.js';
import { DataTable, type Column } from '../../../parts/DataTable.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { Moment } from '../../../parts/Moment.js';
import { Panel } from '../../../parts/Panel.js';
import { browserName } from './browser-name.js';
import { EndSession } from './EndSession.js';
import { OWN_SESSIONS } from './own-sessions.js';

/** Where the person is signed in. */
export function OwnSessions() {
  const sessions = useQuery({ queryKey: OWN_SESSIONS, staleTime: 0, queryFn: () => answered(api.GET('/v1/sessions')) });
  return (
    <Panel title="Where you are signed in">
      {sessions.isLoadingError && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isPending && <Skeleton h={120} aria-label="Loading" />}
      {sessions.data && (
        <DataTable<Schemas['OwnSession']>
          label="Where you are signed in"
          columns={COLUMNS}
          rows={sessions.data.data}
          keyOf={({ id }) => id}
          total={sessions.data.data.length}
          hasMore={false}
          isReadingMore={false}
          onMore={() => undefined}
          empty={null}
        />
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<Schemas['OwnSession']>[] = [
  {
    id: 'agent',
    header: 'Browser',
    width: 'minmax(10rem, 3fr)',
    cell: ({ agent, isThis }) => (
      <div>
        <Text size="sm" truncate title={agent ?? ''}>
          {browserName(agent)}
        </Text>
        {isThis && (
          <Text size="xs" c="dimmed">
            this one
          </Text>
        )}
      </div>
    ),
  },
  {
    id: 'address',
    header: 'Address',
    width: 'minmax(7rem, 1fr)',
    cell: ({ address }) => <Text size="sm">{address}</Text>,
  },
  {
    id: 'since',
    header: 'Since',
    width: '9rem',
    cell: ({ signedInAt }) => (
      <Text size="sm" span>
        <Moment at={signedInAt} />
      </Text>
    ),
  },
  {
    id: 'until',
    header: 'Until',
    width: '9rem',
    cell: ({ expiresAt }) => (
      <Text size="sm" span>
        <Moment at={expiresAt} />
      </Text>
    ),
  },
  {
    id: 'end',
    header: 'End',
    isHeaderHidden: true,
    width: '5rem',
    cell: (session) => <EndSession session={session} />,
  },
];
