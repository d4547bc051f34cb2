import { Alert, Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useChange } from '../../../app/changes/use-change.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { showDone } from '../../../parts/notices.js';
import { CredentialFields } from './CredentialFields.js';
import { enteredOf } from './entered-credentials.js';

type AddProviderProps = { kinds: readonly Schemas['ProviderKind'][]; onClose: () => void };

/** An account at a voice platform, by a form that the API describes for its kind. */
export function AddProvider({ kinds, onClose }: AddProviderProps) {
  const [kind, setKind] = useState(kinds.find(({ allowed }) => allowed) ?? kinds[0]);
  const [name, setName] = useState('');
  const [baseUrl, setBaseUrl] = useState('');
  const [credentials, setCredentials] = useState<Record<string, string>>({});
  const add = useChange(
    (body: {
      kind: Schemas['ProviderKind']['kind'];
      name: string;
      credentials: Record<string, string>;
      baseUrl?: string;
    }) => answered(api.POST('/v1/provider-accounts', { body })),
    {
      again: [keys.providerAccounts],
      onDone: (account) => {
        showDone(`${account.name} was added. Sync it to bring in its numbers and agents.`);
        onClose();
      },
      onError: () => undefined,
    },
  );
  if (!kind) return null;
  const send = (): void =>
    add.mutate({
      kind: kind.kind,
      name: name.trim() || kind.title,
      credentials: enteredOf(credentials),
      ...(baseUrl.trim() && { baseUrl: baseUrl.trim() }),
    });
  return (
    <Dialog onClose={onClose} title="Add a provider">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack>
          <Select
            label="Provider"
            allowDeselect={false}
            data={kinds.map((each) => ({ value: each.kind, label: each.title, disabled: !each.allowed }))}
            value={kind.kind}
            onChange={(next) => setKind(kinds.find((each) => each.kind === next) ?? kind)}
          />
          <TextInput
            label="Name"
            description="What people call the account here"
            placeholder={kind.title}
            maxLength={100}
            dir="auto"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <CredentialFields kind={kind} values={credentials} onChange={setCredentials} />
          <TextInput
            label="Address"
            description={kind.defaultBaseUrl === null ? 'Where the platform is' : 'Only where it is not the usual one'}
            placeholder={kind.defaultBaseUrl ?? 'https://'}
            required={kind.defaultBaseUrl === null}
            type="url"
            maxLength={500}
            dir="ltr"
            value={baseUrl}
            onChange={(event) => setBaseUrl(event.currentTarget.value)}
          />
          {add.isError && (
            <Alert color="red" role="alert">
              {wordsOf(add.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
