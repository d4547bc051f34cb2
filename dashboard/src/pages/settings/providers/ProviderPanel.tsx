import { Alert, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useAllAgents } from '../../../api/setup-queries.js';
import { CopyId } from '../../../parts/CopyId.js';
import { Panel } from '../../../parts/Panel.js';
import { UseBadge } from '../../../parts/UseBadge.js';
import { UseSwitch } from '../../../parts/UseSwitch.js';
import { AdminButton } from '../AdminButton.js';
import { EditProvider } from './EditProvider.js';
import { ProviderChecks } from './ProviderChecks.js';

type Account = Schemas['ProviderAccount'];

/** One account: whether it can be used, how its events come, and what can be done with it. */
export function ProviderPanel({ account, kind }: { account: Account; kind: Schemas['ProviderKind'] | undefined }) {
  const agents = useAllAgents().data ?? [];
  const [isEditing, setEditing] = useState(false);
  const params = { path: { providerAccountId: account.id } };
  return (
    <Panel
      title={account.name}
      about={`${kind?.title ?? account.kind}, at ${account.baseUrl}`}
      action={
        <Group gap="xs">
          <UseBadge disabled={account.disabled} />
          {kind && (
            <AdminButton label={`Edit ${account.name}`} onClick={() => setEditing(true)}>
              Edit
            </AdminButton>
          )}
          <UseSwitch
            name={account.name}
            disabled={account.disabled}
            again={[keys.providerAccounts]}
            isUsedBy={({ agent }) => agents.find(({ id }) => id === agent?.id)?.providerAccountId === account.id}
            change={(disabled) =>
              answered(api.PATCH('/v1/provider-accounts/{providerAccountId}', { params, body: { disabled } }))
            }
          />
        </Group>
      }
    >
      {account.needsCredentials && (
        <Alert color="red" role="alert">
          Its credentials cannot be read any more, so no call starts. Enter all of them again.
        </Alert>
      )}
      {account.notAllowed !== null && (
        <Alert color="red" role="alert">
          {account.notAllowed}
        </Alert>
      )}
      <Events account={account} />
      <ProviderChecks account={account} />
      {isEditing && kind && <EditProvider account={account} kind={kind} onClose={() => setEditing(false)} />}
    </Panel>
  );
}

function Events({ account: { mode, webhookUrl, pollIntervalMs } }: { account: Account }) {
  return (
    <Stack gap={2}>
      <Text size="sm">
        {mode === 'webhooks'
          ? 'Its events come by webhook. Enter this address at the provider:'
          : `It cannot reach this installation, so each call is looked up every ${Math.round(pollIntervalMs / 1_000)} s.`}
      </Text>
      {webhookUrl !== null && <CopyId value={webhookUrl} what="the webhook address" />}
    </Stack>
  );
}
