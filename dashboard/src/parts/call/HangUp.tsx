import { Text } from '@mantine/core';
import { IconPhoneOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { useRoleLacks } from '../../app/session.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { Confirm } from '../Confirm.js';
import { showDone, showError } from '../notices.js';
import { ReasonedButton } from '../ReasonedButton.js';

type HangUpProps = {
  call: Pick<Schemas['Attempt'], 'id' | 'state'> & { hangUpAskedAt?: string | null };
  /** Who is called, as the list shows it: it is asked by this name. */
  whom?: string;
};

/** Ends a live call, after it was asked once: the person on the line hears it. */
export function HangUp({ call, whom }: HangUpProps) {
  const lacks = useRoleLacks('operator');
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const hangUp = useGuardedMutation({
    mutationFn: () =>
      answered(api.POST('/v1/attempts/{attemptId}/hang-up', { params: { path: { attemptId: call.id } } })),
    onSuccess: () => {
      showDone('The provider was asked to end the call.');
      void client.invalidateQueries({ queryKey: keys.calls });
    },
    onError: showError,
    onSettled: () => setAsked(false),
  });
  return (
    <>
      <ReasonedButton
        size="xs"
        variant="outline"
        color="red"
        whyNot={lacks ?? whyNotOf(call)}
        leftSection={<IconPhoneOff size={14} aria-hidden />}
        aria-label={whom ? `Hang up on ${whom}` : 'Hang up'}
        onClick={() => setAsked(true)}
      >
        Hang up
      </ReasonedButton>
      {isAsked && (
        <Confirm
          title={whom ? `Hang up the live call to ${whom}?` : 'Hang up 1 live call?'}
          verb="Hang up"
          keep="Let it go on"
          isDoing={hangUp.isPending}
          onConfirm={() => hangUp.mutate()}
          onClose={() => setAsked(false)}
        >
          <Text>The call ends within a second or so. How it ended is recorded as for every call.</Text>
        </Confirm>
      )}
    </>
  );
}

function whyNotOf({ state, hangUpAskedAt }: HangUpProps['call']): string | null {
  if (state !== 'DIALING' && state !== 'IN_PROGRESS') return 'The call is over.';
  return hangUpAskedAt ? 'The provider was asked to end it.' : null;
}
