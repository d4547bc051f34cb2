import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys, usePages } from '../../../api/queries.js';
import { useAllAgents } from '../../../api/setup-queries.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { PagedTable } from '../PagedTable.js';
import { EditNumber } from './EditNumber.js';
import { numberColumns } from './number-columns.js';
import { TestCall } from './TestCall.js';

type PhoneNumber = Schemas['PhoneNumber'];
const PER_PAGE = 100;

/** Numbers that batches call from, with the agent that each is bound to, its limits, and whether it backs off. */
export function NumbersSettings() {
  const numbers = usePages([...keys.phoneNumbers, 'pages'], (at, signal) =>
    answered(api.GET('/v1/phone-numbers', { params: { query: { limit: PER_PAGE, ...at } }, signal })),
  );
  const agents = useAllAgents().data ?? [];
  const [asked, setAsked] = useState<{ what: 'edit' | 'test'; number: PhoneNumber } | null>(null);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Numbers come from your providers: “Sync” under Providers brings new ones in.
      </Text>
      <PagedTable<PhoneNumber>
        label="Numbers"
        list={numbers}
        columns={numberColumns({
          agents,
          onEdit: (number) => setAsked({ what: 'edit', number }),
          onTest: (number) => setAsked({ what: 'test', number }),
        })}
        keyOf={({ id }) => id}
        empty={<EmptyState title="No number yet">Add a provider, and sync it: its numbers are listed here.</EmptyState>}
      />
      {asked?.what === 'edit' && <EditNumber number={asked.number} agents={agents} onClose={() => setAsked(null)} />}
      {asked?.what === 'test' && <TestCall number={asked.number} agents={agents} onClose={() => setAsked(null)} />}
    </Stack>
  );
}
