import { Alert, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/client.js';
import { keys, useUsage, useWorkspace } from '../api/queries.js';
import { Confirm } from '../parts/Confirm.js';
import { Count } from '../parts/Count.js';
import { Moment } from '../parts/Moment.js';
import { ReasonedButton } from '../parts/ReasonedButton.js';
import { showError } from '../parts/notices.js';
import { roleLacks, useRoleLacks, useSignedIn } from './session.js';

const USAGE_EVERY_MS = 5_000;

/** In the header of every page: stops all calling of the workspace. */
export function EmergencyStop() {
  const workspace = useWorkspace().data;
  const whyNot = useRoleLacks('operator');
  const [isAsked, setAsked] = useState(false);
  if (!workspace || workspace.stoppedAt !== null) return null;
  return (
    <>
      <ReasonedButton
        size="xs"
        variant="outline"
        color="red"
        whyNot={whyNot}
        leftSection={<IconHandStop size={16} aria-hidden />}
        aria-label="Emergency stop"
        onClick={() => setAsked(true)}
      >
        <Text span inherit visibleFrom="sm">
          Emergency stop
        </Text>
        <Text span inherit hiddenFrom="sm">
          Stop
        </Text>
      </ReasonedButton>
      {isAsked && <AskToStop name={workspace.name} onClose={() => setAsked(false)} />}
    </>
  );
}

function AskToStop({ name, onClose }: { name: string; onClose: () => void }) {
  const usage = useUsage(USAGE_EVERY_MS).data;
  const client = useQueryClient();
  const [hangUp, setHangUp] = useState(false);
  const [reason, setReason] = useState('');
  const live = usage?.slots.held ?? 0;
  const stop = useMutation({
    mutationFn: () =>
      answered(api.POST('/v1/workspace/emergency-stop', { body: { hangUp, reason: reason.trim() || null } })),
    onSuccess: (now) => {
      client.setQueryData(keys.workspace, now);
      onClose();
    },
    onError: showError,
  });
  return (
    <Confirm
      title={`Stop all calling in “${name}”?`}
      verb="Stop all calling"
      keep="Keep calling"
      isDoing={stop.isPending}
      onConfirm={() => stop.mutate()}
      onClose={onClose}
    >
      <Stack>
        <Text>
          {usage ? <Count of={usage.batches.length} one="batch starts" many="batches start" /> : 'Batches start'} no
          call until you lift it. Nobody is lost: they wait.
        </Text>
        <Checkbox
          label={<Count of={live} one="live call: hang it up too" many="live calls: hang them up too" />}
          checked={hangUp}
          onChange={(event) => setHangUp(event.currentTarget.checked)}
        />
        <TextInput
          label="Reason"
          description="Others see it"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  );
}

/** Over every page while the stop is on. */
export function StopBar() {
  const workspace = useWorkspace().data;
  const { role } = useSignedIn().member;
  const [isAsked, setAsked] = useState(false);
  if (!workspace || workspace.stoppedAt === null) return null;
  return (
    <Alert color="red" variant="filled" mb="md" icon={<IconHandStop aria-hidden />} title="All calling is stopped">
      <Group justify="space-between">
        <Text size="sm">
          {workspace.stoppedBy ?? 'Somebody'} stopped it <Moment at={workspace.stoppedAt} />. No call starts; calls that
          are live go on.
        </Text>
        <ReasonedButton
          color="gray"
          variant="white"
          whyNot={roleLacks(role, workspace.stoppedByRole ?? 'admin')}
          onClick={() => setAsked(true)}
        >
          Start calling again
        </ReasonedButton>
      </Group>
      {isAsked && <AskToLift onClose={() => setAsked(false)} />}
    </Alert>
  );
}

function AskToLift({ onClose }: { onClose: () => void }) {
  const usage = useUsage(USAGE_EVERY_MS).data;
  const client = useQueryClient();
  const lift = useMutation({
    mutationFn: () => answered(api.POST('/v1/workspace/lift-emergency-stop')),
    onSuccess: (now) => {
      client.setQueryData(keys.workspace, now);
      onClose();
    },
    onError: showError,
  });
  return (
    <Confirm
      title="Start calling again?"
      verb="Start calling again"
      keep="Stay stopped"
      isDoing={lift.isPending}
      onConfirm={() => lift.mutate()}
      onClose={onClose}
    >
      <Text>
        {usage ? <Count of={usage.batches.length} one="batch goes" many="batches go" /> : 'Batches go'} on at once,
        inside their hours.
      </Text>
    </Confirm>
  );
}
