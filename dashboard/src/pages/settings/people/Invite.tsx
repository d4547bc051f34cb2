import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useChange } from '../../../app/changes/use-change.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { RoleSelect } from '../../../parts/RoleSelect.js';
import { LinkShown } from './LinkShown.js';

/** Makes a member, and the link by which they get in. */
export function Invite({ onClose }: { onClose: () => void }) {
  const form = useForm({
    initialValues: { name: '', email: '', role: 'operator' as Schemas['Member']['role'] },
    validate: {
      name: (text) => (text.trim() === '' ? 'Enter a name.' : null),
      email: (text) => (/\S@\S/.test(text) ? null : 'Enter an e-mail address.'),
    },
  });
  const invite = useChange(
    ({ name, email, role }: typeof form.values) =>
      answered(api.POST('/v1/members', { body: { name: name.trim(), email: email.trim(), role } })),
    { again: [keys.members], onError: () => undefined },
  );
  return (
    <Dialog onClose={onClose} title="Invite somebody">
      {invite.data ? (
        <Stack>
          <LinkShown made={invite.data} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit((values) => invite.mutate(values))} noValidate>
          <Stack>
            <TextInput label="Name" dir="auto" maxLength={100} data-autofocus {...form.getInputProps('name')} />
            <TextInput label="E-mail address" type="email" maxLength={254} {...form.getInputProps('email')} />
            <RoleSelect label="Role" value={form.values.role} onChange={(role) => form.setFieldValue('role', role)} />
            {invite.isError && (
              <Alert color="red" role="alert">
                {wordsOf(invite.error)}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
              <Button type="submit" loading={invite.isPending}>
                Invite
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
