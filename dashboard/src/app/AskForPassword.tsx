import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../parts/dialog/Dialog.js';
import { answered, api, DialwrightError } from '../api/client.js';
import { keys } from '../api/queries.js';
import { wordsOf } from '../parts/ErrorState.js';
import { useGuardedMutation } from './changes/use-guarded-mutation.js';

/** The person shows again who it is: with the password, and a code where a second factor is on. */
export function AskForPassword({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const client = useQueryClient();
  const [wantsCode, setWantsCode] = useState(false);
  const form = useForm({ initialValues: { password: '', code: '' } });
  const confirm = useGuardedMutation({
    mutationFn: ({ password, code }: typeof form.values) =>
      answered(api.PUT('/v1/session/confirmation', { body: { password, ...(wantsCode && { code: code.trim() }) } })),
    onSuccess: (session) => {
      client.setQueryData(keys.session, session);
      onDone();
    },
    onError: (err) => {
      if (err instanceof DialwrightError && err.code === 'second_factor_wanted') setWantsCode(true);
    },
  });
  const isCodeWanted = confirm.error instanceof DialwrightError && confirm.error.code === 'second_factor_wanted';
  return (
    <Dialog onClose={onClose} title="Is it you?">
      <form onSubmit={form.onSubmit((values) => confirm.mutate(values))} noValidate>
        <Stack>
          <Text size="sm">
            This gives access to somebody, or takes a protection away. Enter your password to go on.
          </Text>
          {confirm.isError && !isCodeWanted && (
            <Alert color="red" role="alert">
              {wordsOf(confirm.error)}
            </Alert>
          )}
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps('password')}
          />
          {wantsCode && (
            <TextInput
              label="Code"
              description="Of your app, or a recovery code"
              autoComplete="one-time-code"
              {...form.getInputProps('code')}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Change nothing
            </Button>
            <Button type="submit" loading={confirm.isPending}>
              Go on
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
