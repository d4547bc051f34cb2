import { Alert, Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api } from '../../../api/client.js';
import { useChange } from '../../../app/changes/use-change.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { showDone } from '../../../parts/notices.js';
import { OWN_FACTOR, OWN_SESSIONS } from './own-sessions.js';

/** With the password, and a code: whoever has only one of them takes nothing away. */
export function TurnOffFactor({ onClose }: { onClose: () => void }) {
  const form = useForm({ initialValues: { password: '', code: '' } });
  const turnOff = useChange(
    ({ password, code }: typeof form.values) =>
      answered(api.DELETE('/v1/session/second-factor', { body: { password, code: code.trim() } })),
    {
      again: [OWN_FACTOR, OWN_SESSIONS],
      onDone: () => {
        showDone('The second factor is off.');
        onClose();
      },
      onError: () => undefined,
    },
  );
  return (
    <Dialog onClose={onClose} title="Turn off the second factor?">
      <form onSubmit={form.onSubmit((values) => turnOff.mutate(values))}>
        <Stack>
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            data-autofocus
            required
            {...form.getInputProps('password')}
          />
          <TextInput
            label="Code"
            description="Of your app, or a recovery code"
            autoComplete="one-time-code"
            required
            {...form.getInputProps('code')}
          />
          {turnOff.isError && (
            <Alert color="red" role="alert">
              {wordsOf(turnOff.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Keep it on
            </Button>
            <Button type="submit" color="red" loading={turnOff.isPending}>
              Turn it off
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
