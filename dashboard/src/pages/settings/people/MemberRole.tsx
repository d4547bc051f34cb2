import { Text, Tooltip } from '@mantine/core';
import { ROLE_SHOWN } from '../../../../../domain/shown/roles.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useRoleLacks } from '../../../app/session.js';
import { useChange } from '../../../app/changes/use-change.js';
import { showUndoable } from '../../../parts/undo-notice.js';
import { RoleSelect } from '../../../parts/RoleSelect.js';

type Member = Schemas['Member'];

/** What a member may do; an admin changes it, and can take that back. */
export function MemberRole({ member: { id, name, role } }: { member: Member }) {
  const lacks = useRoleLacks('admin');
  const change = useChange(
    ({ to }: { to: Member['role']; from: Member['role'] | null }) =>
      answered(api.PATCH('/v1/members/{memberId}', { params: { path: { memberId: id } }, body: { role: to } })),
    {
      again: [keys.members, keys.session],
      onDone: (_, { to, from }) => {
        if (from !== null)
          showUndoable(`${name} is ${ROLE_SHOWN[to].label} now.`, () => change.mutate({ to: from, from: null }));
      },
    },
  );
  if (lacks !== null)
    return (
      <Tooltip label={lacks}>
        <Text size="sm" span tabIndex={0}>
          {ROLE_SHOWN[role].label}
        </Text>
      </Tooltip>
    );
  return (
    <RoleSelect
      label={`Role of ${name}`}
      isLabelHidden
      value={role}
      onChange={(to) => to !== role && change.mutate({ to, from: role })}
    />
  );
}
