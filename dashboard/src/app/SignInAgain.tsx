import { Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Dialog } from '../parts/dialog/Dialog.js';
import type { Schemas } from '../api/client.js';
import { keys } from '../api/queries.js';
import { SignInForm } from '../pages/sign-in/SignInForm.js';

/** On top of the page whose session has ended: what was entered there stays. The gate gives somebody else a page of their own. */
export function SignInAgain({ before }: { before: Schemas['Session'] }) {
  const client = useQueryClient();
  const enter = (session: Schemas['Session']): void => {
    client.setQueryData(keys.session, session);
    void client.invalidateQueries();
  };
  return (
    <Dialog onClose={() => undefined} withCloseButton={false} title="Your session has ended">
      <Stack>
        <Text size="sm">Sign in again. What you have entered is still there.</Text>
        <SignInForm email={before.member.email} onSignedIn={enter} />
      </Stack>
    </Dialog>
  );
}
