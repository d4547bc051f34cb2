import { Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys, usePages } from '../../../api/queries.js';
import { useSignedIn } from '../../../app/session.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { AdminButton } from '../AdminButton.js';
import { PagedTable } from '../PagedTable.js';
import { Invite } from './Invite.js';
import { memberColumns } from './member-columns.js';

const PER_PAGE = 100;

/** Who works in the workspace, and what each may do. */
export function PeopleSettings() {
  const own = useSignedIn().member.id;
  const [isInviting, setInviting] = useState(false);
  const members = usePages([...keys.members, 'pages'], (at, signal) =>
    answered(api.GET('/v1/members', { params: { query: { limit: PER_PAGE, ...at } }, signal })),
  );
  return (
    <Stack>
      <Group justify="flex-end">
        <AdminButton isMain onClick={() => setInviting(true)}>
          Invite somebody
        </AdminButton>
      </Group>
      <PagedTable<Schemas['Member']>
        label="People"
        list={members}
        columns={memberColumns(own)}
        keyOf={({ id }) => id}
        empty={<EmptyState title="Nobody yet">Invite those who work with you.</EmptyState>}
      />
      {isInviting && <Invite onClose={() => setInviting(false)} />}
    </Stack>
  );
}
