import { Alert, Anchor, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api } from '../../../api/client.js';
import { useChange } from '../../../app/changes/use-change.js';
import { CopyId } from '../../../parts/CopyId.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { ShownOnce } from '../../../parts/ShownOnce.js';
import { OWN_FACTOR, OWN_SESSIONS } from './own-sessions.js';

/** Password, then the secret for the app and a code of it, then the recovery codes. */
export function SetUpFactor({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const begin = useChange(() => answered(api.PUT('/v1/session/second-factor', { body: { password } })), {
    onError: () => undefined,
  });
  const confirm = useChange(() => answered(api.PATCH('/v1/session/second-factor', { body: { code: code.trim() } })), {
    again: [OWN_FACTOR, OWN_SESSIONS],
    onError: () => undefined,
  });
  const error = begin.error ?? confirm.error;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (begin.data) confirm.mutate();
    else begin.mutate();
  };
  return (
    <Dialog onClose={onClose} title="Set up a second factor">
      {confirm.data ? (
        <Stack>
          <ShownOnce value={confirm.data.recoveryCodes.join('\n')} what="the recovery codes">
            The second factor is on. Each of these codes gets you in once, without your app: keep them away from it.
          </ShownOnce>
          <Group justify="flex-end">
            <Button onClick={onClose}>I have kept them</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {begin.data ? (
              <>
                <Text size="sm">
                  Enter this secret in your app of codes, or{' '}
                  <Anchor href={begin.data.address} size="sm">
                    open the app on this device
                  </Anchor>
                  . Then enter the code that it shows.
                </Text>
                <CopyId value={begin.data.secret} what="the secret" />
                <TextInput
                  key="code"
                  label="Code"
                  autoComplete="one-time-code"
                  inputMode="numeric"
                  autoFocus
                  required
                  value={code}
                  onChange={(event) => setCode(event.currentTarget.value)}
                />
              </>
            ) : (
              <PasswordInput
                key="password"
                label="Your password"
                autoComplete="current-password"
                data-autofocus
                required
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            )}
            {error && (
              <Alert color="red" role="alert">
                {wordsOf(error)}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
              <Button type="submit" loading={begin.isPending || confirm.isPending}>
                {begin.data ? 'Turn it on' : 'Go on'}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
