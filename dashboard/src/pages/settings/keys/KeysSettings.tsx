import { Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ROLE_SHOWN } from '../../../../../domain/shown/roles.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys, usePages } from '../../../api/queries.js';
import { useRoleLacks } from '../../../app/session.js';
import type { Column } from '../../../parts/DataTable.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { Moment } from '../../../parts/Moment.js';
import { AdminButton } from '../AdminButton.js';
import { PagedTable } from '../PagedTable.js';
import { KeyActions } from './KeyActions.js';
import { KeyBadge } from './KeyBadge.js';
import { MakeKey } from './MakeKey.js';

type ApiKey = Schemas['ApiKey'];
const PER_PAGE = 100;

/** Keys by which programs use the API. A key is shown once, when it is made. */
export function KeysSettings() {
  const lacks = useRoleLacks('admin');
  const [isMaking, setMaking] = useState(false);
  return (
    <Stack>
      <Group justify="flex-end">
        <AdminButton isMain onClick={() => setMaking(true)}>
          Make a key
        </AdminButton>
      </Group>
      {lacks === null ? <KeyList /> : <EmptyState title="Keys are for admins">{lacks}</EmptyState>}
      {isMaking && <MakeKey onClose={() => setMaking(false)} />}
    </Stack>
  );
}

function KeyList() {
  const list = usePages([...keys.apiKeys, 'pages'], (at, signal) =>
    answered(api.GET('/v1/api-keys', { params: { query: { limit: PER_PAGE, ...at } }, signal })),
  );
  return (
    <PagedTable<ApiKey>
      label="API keys"
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      empty={<EmptyState title="No key yet">Make one for each program that uses the API.</EmptyState>}
    />
  );
}

const COLUMNS: readonly Column<ApiKey>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(8rem, 2fr)',
    cell: ({ name, prefix }) => (
      <div>
        <Text size="sm" truncate title={name}>
          <bdi dir="auto">{name}</bdi>
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {prefix}…
        </Text>
      </div>
    ),
  },
  { id: 'role', header: 'Role', width: '6rem', cell: ({ role }) => <Text size="sm">{ROLE_SHOWN[role].label}</Text> },
  { id: 'state', header: 'State', width: 'minmax(7rem, 1fr)', cell: (key) => <KeyBadge apiKey={key} /> },
  {
    id: 'used',
    header: 'Last used',
    width: '8rem',
    cell: ({ lastUsedAt }) => (
      <Text size="sm" span>
        {lastUsedAt === null ? 'never' : <Moment at={lastUsedAt} />}
      </Text>
    ),
  },
  {
    id: 'created',
    header: 'Made',
    width: '8rem',
    cell: ({ createdAt }) => (
      <Text size="sm" span>
        <Moment at={createdAt} />
      </Text>
    ),
  },
  {
    id: 'actions',
    header: 'Actions',
    isHeaderHidden: true,
    width: '10rem',
    cell: (key) => <KeyActions apiKey={key} />,
  },
];
