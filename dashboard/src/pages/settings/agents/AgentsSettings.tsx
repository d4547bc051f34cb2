import { Stack, Text } from '@mantine/core';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys, usePages } from '../../../api/queries.js';
import { useAllAccounts } from '../../../api/setup-queries.js';
import { CopyId } from '../../../parts/CopyId.js';
import type { Column } from '../../../parts/DataTable.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { UseBadge } from '../../../parts/UseBadge.js';
import { UseSwitch } from '../../../parts/UseSwitch.js';
import { PagedTable } from '../PagedTable.js';

type Agent = Schemas['Agent'];
const PER_PAGE = 100;

/** Voice agents of the providers. */
export function AgentsSettings() {
  const agents = usePages([...keys.agents, 'pages'], (at, signal) =>
    answered(api.GET('/v1/agents', { params: { query: { limit: PER_PAGE, ...at } }, signal })),
  );
  const accounts = useAllAccounts().data ?? [];
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Agents are made at your providers: “Sync” under Providers brings new ones in. A disabled one can be chosen for
        no batch.
      </Text>
      <PagedTable<Agent>
        label="Agents"
        list={agents}
        columns={columnsOf(accounts)}
        keyOf={({ id }) => id}
        empty={<EmptyState title="No agent yet">Add a provider, and sync it: its agents are listed here.</EmptyState>}
      />
    </Stack>
  );
}

function columnsOf(accounts: readonly Schemas['ProviderAccount'][]): readonly Column<Agent>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(8rem, 2fr)',
      cell: ({ name }) => (
        <Text size="sm" truncate title={name}>
          <bdi dir="auto">{name}</bdi>
        </Text>
      ),
    },
    {
      id: 'provider',
      header: 'Provider',
      width: 'minmax(7rem, 1fr)',
      cell: ({ providerAccountId }) => (
        <Text size="sm" truncate>
          {accounts.find(({ id }) => id === providerAccountId)?.name}
        </Text>
      ),
    },
    {
      id: 'providerId',
      header: 'Id at the provider',
      width: 'minmax(8rem, 1.5fr)',
      cell: ({ providerAgentId }) => <CopyId value={providerAgentId} what="the id at the provider" />,
    },
    { id: 'state', header: 'State', width: '7.5rem', cell: ({ disabled }) => <UseBadge disabled={disabled} /> },
    {
      id: 'use',
      header: 'Enable or disable',
      isHeaderHidden: true,
      width: '6rem',
      cell: (agent) => (
        <UseSwitch
          name={agent.name}
          disabled={agent.disabled}
          again={[keys.agents]}
          isUsedBy={(batch) => batch.agent?.id === agent.id}
          change={(disabled) =>
            answered(api.PATCH('/v1/agents/{agentId}', { params: { path: { agentId: agent.id } }, body: { disabled } }))
          }
        />
      ),
    },
  ];
}
