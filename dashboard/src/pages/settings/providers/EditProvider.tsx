import { Alert, Button, Group, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useChange } from '../../../app/changes/use-change.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { showDone } from '../../../parts/notices.js';
import { CredentialFields } from './CredentialFields.js';
import { enteredOf } from './entered-credentials.js';

type EditProviderProps = {
  account: Schemas['ProviderAccount'];
  kind: Schemas['ProviderKind'];
  onClose: () => void;
};

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Name, credentials and times of an account. Credentials that are not entered stay. */
export function EditProvider({ account, kind, onClose }: EditProviderProps) {
  const [credentials, setCredentials] = useState<Record<string, string>>({});
  const form = useForm({
    initialValues: {
      name: account.name,
      ringLimitS: account.ringLimitMs / SECOND_MS,
      callLengthMaxMin: account.callLengthMaxMs / MINUTE_MS,
    },
    validate: { name: (text) => (text.trim() === '' ? 'Enter a name.' : null) },
  });
  const save = useChange(
    ({ name, ringLimitS, callLengthMaxMin }: typeof form.values) => {
      const entered = enteredOf(credentials);
      return answered(
        api.PATCH('/v1/provider-accounts/{providerAccountId}', {
          params: { path: { providerAccountId: account.id } },
          body: {
            name: name.trim(),
            ringLimitMs: Math.round(ringLimitS * SECOND_MS),
            callLengthMaxMs: Math.round(callLengthMaxMin * MINUTE_MS),
            ...(Object.keys(entered).length > 0 && { credentials: entered }),
          },
        }),
      );
    },
    {
      again: [keys.providerAccounts],
      onDone: () => {
        showDone(`${account.name} was saved.`);
        onClose();
      },
      onError: () => undefined,
    },
  );
  return (
    <Dialog onClose={onClose} title={`Edit ${account.name}`}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack>
          <TextInput label="Name" maxLength={100} dir="auto" data-autofocus {...form.getInputProps('name')} />
          <CredentialFields kind={kind} values={credentials} isChange onChange={setCredentials} />
          <SimpleGrid cols={2}>
            <NumberInput label="Rings at most (s)" min={0.1} max={600} {...form.getInputProps('ringLimitS')} />
            <NumberInput
              label="Call lasts at most (min)"
              min={0.02}
              max={240}
              {...form.getInputProps('callLengthMaxMin')}
            />
          </SimpleGrid>
          {save.isError && (
            <Alert color="red" role="alert">
              {wordsOf(save.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
