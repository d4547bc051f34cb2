import { Group, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../../../api/client.js';
import { useAllAccounts } from '../../../api/setup-queries.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { AdminButton } from '../AdminButton.js';
import { AddProvider } from './AddProvider.js';
import { ProviderPanel } from './ProviderPanel.js';

/** Accounts at voice platforms: they have the numbers and the agents. */
export function ProvidersSettings() {
  const accounts = useAllAccounts();
  const kinds = useQuery({
    queryKey: ['providerKinds'],
    staleTime: Infinity,
    queryFn: () => answered(api.GET('/v1/provider-kinds')),
  }).data?.data;
  const [isAdding, setAdding] = useState(false);
  if (accounts.isLoadingError) return <ErrorState error={accounts.error} onRetry={() => void accounts.refetch()} />;
  if (!accounts.data || !kinds) return <Skeleton h={240} aria-label="Loading" />;
  return (
    <Stack>
      <Group justify="flex-end">
        <AdminButton isMain onClick={() => setAdding(true)}>
          Add a provider
        </AdminButton>
      </Group>
      {accounts.data.length === 0 && (
        <EmptyState title="No provider yet">
          Add your account at a voice platform: its numbers and agents come with it.
        </EmptyState>
      )}
      {accounts.data.map((account) => (
        <ProviderPanel key={account.id} account={account} kind={kinds.find(({ kind }) => kind === account.kind)} />
      ))}
      {isAdding && <AddProvider kinds={kinds} onClose={() => setAdding(false)} />}
    </Stack>
  );
}
