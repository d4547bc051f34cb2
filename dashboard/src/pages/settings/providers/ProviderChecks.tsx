import { Alert, Group, Stack, Text } from '@mantine/core';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useChange } from '../../../app/changes/use-change.js';
import { counted } from '../../../parts/Count.js';
import { AdminButton } from '../AdminButton.js';

/** Asks the provider whether the credentials are good, and for its numbers and agents; what it said stays below. */
export function ProviderChecks({ account }: { account: Schemas['ProviderAccount'] }) {
  const params = { path: { providerAccountId: account.id } };
  const test = useChange(() => answered(api.POST('/v1/provider-accounts/{providerAccountId}/test', { params })));
  const sync = useChange(() => answered(api.POST('/v1/provider-accounts/{providerAccountId}/sync', { params })), {
    again: [keys.agents, keys.phoneNumbers, keys.providerAccounts],
  });
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <AdminButton label={`Test ${account.name}`} isDoing={test.isPending} onClick={() => test.mutate()}>
          Test
        </AdminButton>
        <AdminButton label={`Sync ${account.name}`} isDoing={sync.isPending} onClick={() => sync.mutate()}>
          Sync numbers and agents
        </AdminButton>
      </Group>
      {test.data && <TestResult result={test.data} />}
      {sync.data && (
        <Alert color="green" role="status">
          <Text size="sm">Agents: {changesOf(sync.data.agents)}.</Text>
          <Text size="sm">
            Numbers: {changesOf(sync.data.phoneNumbers)}
            {sync.data.phoneNumbers.skipped > 0 && `, ${sync.data.phoneNumbers.skipped} left out (no whole number)`}.
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

function TestResult({ result: { credentials, owner, why } }: { result: Schemas['AccountTest'] }) {
  if (credentials === 'accepted')
    return (
      <Alert color="green" role="status">
        The provider takes the credentials{owner === null ? '' : `: the account of ${owner}`}.
      </Alert>
    );
  return (
    <Alert color={credentials === 'refused' ? 'red' : 'yellow'} role="status">
      {credentials === 'refused'
        ? 'The provider refuses the credentials.'
        : 'Nobody knows: the provider did not answer as it should.'}{' '}
      {why}
    </Alert>
  );
}

function changesOf({ added, updated, disabled }: { added: number; updated: number; disabled: number }): string {
  if (added + updated + disabled === 0) return 'nothing has changed';
  return [
    added > 0 && counted(added, 'is new', 'are new'),
    updated > 0 && counted(updated, 'was changed', 'were changed'),
    disabled > 0 && counted(disabled, 'is gone and was disabled', 'are gone and were disabled'),
  ]
    .filter(Boolean)
    .join(', ');
}
