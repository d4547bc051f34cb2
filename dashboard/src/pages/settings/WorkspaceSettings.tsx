import { Skeleton, Stack } from '@mantine/core';
import { useWorkspace } from '../../api/queries.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { LimitsPanel } from './LimitsPanel.js';
import { RulePacksPanel } from './RulePacksPanel.js';
import { SignInPanel } from './SignInPanel.js';

/** Limits and rules that hold for every batch. */
export function WorkspaceSettings() {
  const workspace = useWorkspace();
  if (workspace.isLoadingError) return <ErrorState error={workspace.error} onRetry={() => void workspace.refetch()} />;
  if (!workspace.data) return <Skeleton h={320} aria-label="Loading" />;
  return (
    <Stack>
      <LimitsPanel workspace={workspace.data} />
      <RulePacksPanel workspace={workspace.data} />
      <SignInPanel workspace={workspace.data} />
    </Stack>
  );
}
