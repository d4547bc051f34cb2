import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { answered, api } from '../../../api/client.js';
import { useChange } from '../../../app/changes/use-change.js';
import { showDone } from '../../../parts/notices.js';
import { Panel } from '../../../parts/Panel.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { OWN_SESSIONS } from './own-sessions.js';

/** Another password, by the one that is good now. */
export function PasswordPanel() {
  const form = useForm({
    initialValues: { oldPassword: '', newPassword: '' },
    validate: {
      oldPassword: (text) => (text === '' ? 'Enter your password until now.' : null),
      newPassword: (text) => (text === '' ? 'Enter a new password.' : null),
    },
  });
  const change = useChange(
    (values: typeof form.values) => answered(api.PATCH('/v1/session/password', { body: values })),
    {
      again: [OWN_SESSIONS],
      onDone: () => {
        form.reset();
        showDone('The password was changed. Your other sessions have ended.');
      },
      onError: (err) => form.setFieldError('newPassword', wordsOf(err)),
    },
  );
  return (
    <Panel title="Password" about="Your other sessions end when you change it.">
      <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
        <Stack maw={400}>
          <PasswordInput
            label="Password until now"
            autoComplete="current-password"
            {...form.getInputProps('oldPassword')}
          />
          <PasswordInput label="New password" autoComplete="new-password" {...form.getInputProps('newPassword')} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
