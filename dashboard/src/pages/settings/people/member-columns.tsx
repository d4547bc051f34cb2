import { Text } from '@mantine/core';
import type { Schemas } from '../../../api/client.js';
import type { Column } from '../../../parts/DataTable.js';
import { Moment } from '../../../parts/Moment.js';
import { MemberActions } from './MemberActions.js';
import { MemberRole } from './MemberRole.js';

type Member = Schemas['Member'];

/** `own`: the member who looks. */
export function memberColumns(own: string): readonly Column<Member>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(8rem, 2fr)',
      cell: ({ id, name, email }) => (
        <div>
          <Text size="sm" truncate title={name}>
            <bdi dir="auto">{name}</bdi>
            {id === own && ' (you)'}
          </Text>
          <Text size="xs" c="dimmed" truncate title={email}>
            {email}
          </Text>
        </div>
      ),
    },
    { id: 'role', header: 'Role', width: '9rem', cell: (member) => <MemberRole member={member} /> },
    {
      id: 'accepted',
      header: 'Here since',
      width: '9rem',
      cell: ({ acceptedAt, createdAt }) => (
        <Text size="sm" span>
          {acceptedAt === null ? (
            <>
              invited <Moment at={createdAt} />
            </>
          ) : (
            <Moment at={acceptedAt} />
          )}
        </Text>
      ),
    },
    {
      id: 'actions',
      header: 'Actions',
      isHeaderHidden: true,
      width: '22rem',
      cell: (member) => <MemberActions member={member} isOwn={member.id === own} />,
    },
  ];
}
