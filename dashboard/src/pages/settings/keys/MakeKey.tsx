import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useChange } from '../../../app/changes/use-change.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { RoleSelect } from '../../../parts/RoleSelect.js';
import { NewKey } from './NewKey.js';

/** Makes a key, and shows it once. */
export function MakeKey({ onClose }: { onClose: () => void }) {
  const form = useForm({
    initialValues: { name: '', role: 'operator' as Schemas['ApiKey']['role'], lastDay: '' },
    validate: { name: (text) => (text.trim() === '' ? 'Enter what uses the key.' : null) },
  });
  const make = useChange(
    ({ name, role, lastDay }: typeof form.values) =>
      answered(api.POST('/v1/api-keys', { body: { name: name.trim(), role, expiresAt: endOf(lastDay) } })),
    { again: [keys.apiKeys], onError: () => undefined },
  );
  return (
    <Dialog onClose={onClose} title="Make a key">
      {make.data ? (
        <Stack>
          <NewKey made={make.data} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit((values) => make.mutate(values))} noValidate>
          <Stack>
            <TextInput
              label="Name"
              description="What uses it"
              dir="auto"
              maxLength={100}
              data-autofocus
              {...form.getInputProps('name')}
            />
            <RoleSelect label="Role" value={form.values.role} onChange={(role) => form.setFieldValue('role', role)} />
            <TextInput
              type="date"
              label="Last day"
              description="Empty: it does not expire"
              {...form.getInputProps('lastDay')}
            />
            {make.isError && (
              <Alert color="red" role="alert">
                {wordsOf(make.error)}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
              <Button type="submit" loading={make.isPending}>
                Make the key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

/** The end of a day where the browser is. */
function endOf(day: string): string | null {
  if (day === '') return null;
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}
