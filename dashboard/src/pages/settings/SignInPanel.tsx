import { Group, Text } from '@mantine/core';
import type { Schemas } from '../../api/client.js';
import { useRoleLacks } from '../../app/session.js';
import { Panel } from '../../parts/Panel.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';
import { useWorkspaceChange } from './use-workspace-change.js';

/** Whether members need a second factor. */
export function SignInPanel({ workspace: { requiresSecondFactor } }: { workspace: Schemas['Workspace'] }) {
  const lacks = useRoleLacks('admin');
  const save = useWorkspaceChange();
  return (
    <Panel title="Second factor">
      <Group justify="space-between">
        <Text size="sm" flex="1 1 16rem">
          {requiresSecondFactor
            ? 'Every member needs one: a member without one gets in no further than to set one up. API keys need none.'
            : 'Members may have one, and need none. Before you require it, set up your own under “Your account”.'}
        </Text>
        <ReasonedButton
          variant="default"
          whyNot={lacks}
          loading={save.isPending}
          onClick={() => save.mutate({ requiresSecondFactor: !requiresSecondFactor })}
        >
          {requiresSecondFactor ? 'Require it no longer' : 'Require a second factor'}
        </ReasonedButton>
      </Group>
    </Panel>
  );
}
