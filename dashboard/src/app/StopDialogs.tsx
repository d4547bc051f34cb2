import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/client.js';
import { keys, useUsage } from '../api/queries.js';
import { Confirm } from '../parts/Confirm.js';
import { Count } from '../parts/Count.js';
import { showError } from '../parts/notices.js';
import { useGuardedMutation } from './changes/use-guarded-mutation.js';

const USAGE_EVERY_MS = 5_000;

/** Says how many batches stop, and whether live calls are hung up, before all calling is stopped. */
export function AskToStop({ name, onClose }: { name: string; onClose: () => void }) {
  const usage = useUsage(USAGE_EVERY_MS).data;
  const client = useQueryClient();
  const [hangUp, setHangUp] = useState(false);
  const [reason, setReason] = useState('');
  const live = usage?.slots.held ?? 0;
  const stop = useGuardedMutation({
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

/** Says how many batches go on at once. */
export function AskToLift({ onClose }: { onClose: () => void }) {
  const usage = useUsage(USAGE_EVERY_MS).data;
  const client = useQueryClient();
  const lift = useGuardedMutation({
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
