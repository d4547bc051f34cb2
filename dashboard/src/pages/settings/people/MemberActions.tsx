import { Group, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useChange } from '../../../app/changes/use-change.js';
import { Confirm } from '../../../parts/Confirm.js';
import { showDone } from '../../../parts/notices.js';
import { AdminButton } from '../AdminButton.js';
import { LinkShown } from './LinkShown.js';

type MemberActionsProps = { member: Schemas['Member']; isOwn: boolean };
type Asked = 'remove' | 'reset' | 'link';

/** A way in for a member, and the ways out. */
export function MemberActions({ member, isOwn }: MemberActionsProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { name, acceptedAt } = member;
  const params = { path: { memberId: member.id } };
  const close = (): void => setAsked(null);
  const link = useChange(() => answered(api.POST('/v1/members/{memberId}/link', { params })), { onDone: close });
  const remove = useChange(() => answered(api.DELETE('/v1/members/{memberId}', { params })), {
    again: [keys.members],
    onDone: () => showDone(`${name} is out of the workspace.`),
  });
  const reset = useChange(() => answered(api.DELETE('/v1/members/{memberId}/second-factor', { params })), {
    onDone: () => {
      showDone(`${name} has no second factor now: the password is good.`);
      close();
    },
  });
  return (
    <Group gap={4}>
      <AdminButton label={`New link for ${name}`} isDoing={link.isPending} onClick={() => setAsked('link')}>
        New link
      </AdminButton>
      <AdminButton
        label={`Reset the second factor of ${name}`}
        whyNot={isOwn ? 'Your own is turned off under “Your account”.' : null}
        onClick={() => setAsked('reset')}
      >
        Reset factor
      </AdminButton>
      <AdminButton label={`Remove ${name}`} isGrave onClick={() => setAsked('remove')}>
        Remove
      </AdminButton>
      {asked === 'remove' && (
        <Confirm
          title={`Remove ${name} from the workspace?`}
          verb="Remove 1 person"
          keep="Keep them"
          isDoing={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={close}
        >
          <Text>They are out at once: the next request is refused. What they did stays in the audit.</Text>
        </Confirm>
      )}
      {asked === 'reset' && (
        <Confirm
          title={`Take the second factor of ${name} away?`}
          verb="Take it away"
          keep="Keep it"
          isDoing={reset.isPending}
          onConfirm={() => reset.mutate()}
          onClose={close}
        >
          <Text>For a person who has lost the app and the recovery codes. The password alone is good then.</Text>
        </Confirm>
      )}
      {asked === 'link' && (
        <Confirm
          title={acceptedAt === null ? `Make another link for ${name}?` : `Let ${name} choose another password?`}
          verb="Make a link"
          keep="Make none"
          tone="indigo"
          isDoing={link.isPending}
          onConfirm={() => link.mutate()}
          onClose={close}
        >
          <Text>
            {acceptedAt === null
              ? 'The links before it are of no use then.'
              : 'Whoever has the link signs in as this person, once. All sessions of the person end then.'}
          </Text>
        </Confirm>
      )}
      {link.data && (
        <Dialog onClose={() => link.reset()} title={`A link for ${name}`}>
          <LinkShown made={link.data} />
        </Dialog>
      )}
    </Group>
  );
}
