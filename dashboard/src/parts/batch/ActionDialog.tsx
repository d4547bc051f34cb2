import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { answered, api, type Batch } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { Confirm } from '../Confirm.js';
import { counted } from '../Count.js';
import { DeleteBatch } from './DeleteBatch.js';
import type { ActionName } from './batch-actions.js';
import { nameOf } from './batch-name.js';
import { showDone, showError } from '../notices.js';

type DialogProps = { batch: Batch; action: ActionName; onClose: () => void };

/** Does what was chosen: at once where it can be taken back, else after it has said in figures what it will change. */
export function ActionDialog({ batch, action, onClose }: DialogProps) {
  switch (action) {
    case 'cancel':
      return <AskToCancel batch={batch} onClose={onClose} />;
    case 'retry':
      return <AskToRetry batch={batch} onClose={onClose} />;
    case 'delete':
      return <DeleteBatch batch={batch} onClose={onClose} />;
    case 'rename':
      return <AskForName batch={batch} onClose={onClose} />;
    case 'edit':
    case 'pause':
    case 'resume':
    case 'duplicate':
    case 'calls':
    case 'results':
    case 'reload':
      return <AtOnce batch={batch} action={action} onClose={onClose} />;
  }
}

/** A change of a batch through the API: what it answers is shown, and what it refuses is said. */
function useBatchChange(onDone: () => void) {
  const client = useQueryClient();
  return useGuardedMutation({
    mutationFn: (ask: () => Promise<Batch>) => ask(),
    onSuccess: (batch) => {
      client.setQueryData(keys.batch(batch.id), batch);
      void client.invalidateQueries({ queryKey: keys.batches });
      onDone();
    },
    onError: (err) => {
      showError(err);
      onDone();
    },
  });
}

function pathOf({ id }: Batch) {
  return { path: { batchId: id } };
}

type AtOnceAction = Exclude<ActionName, 'cancel' | 'retry' | 'delete' | 'rename'>;

function AtOnce({ batch, action, onClose }: { batch: Batch; action: AtOnceAction; onClose: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { mutate } = useBatchChange(onClose);
  // React draws a new part twice while it is worked on: a second copy would be made.
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    const params = pathOf(batch);
    if (action === 'edit') {
      void navigate(`/batches/${batch.id}/edit`);
      return onClose();
    }
    if (action === 'calls') {
      void navigate(`/calls?batch=${batch.id}`);
      return onClose();
    }
    if (action === 'reload') {
      void client.invalidateQueries();
      return onClose();
    }
    if (action === 'results') {
      window.location.assign(`/v1/batches/${batch.id}/results.csv`);
      return onClose();
    }
    if (action === 'pause') return mutate(() => answered(api.POST('/v1/batches/{batchId}/pause', { params })));
    if (action === 'resume') return mutate(() => answered(api.POST('/v1/batches/{batchId}/resume', { params })));
    return mutate(async () => {
      const copy = await answered(api.POST('/v1/batches/{batchId}/duplicate', { params }));
      showDone(`“${nameOf(copy)}” is a draft with the same settings. Its recipients are yours to add.`);
      await navigate(`/batches/${copy.id}/edit`);
      return copy;
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it is opened
  }, []);
  return null;
}

function AskToCancel({ batch, onClose }: Omit<DialogProps, 'action'>) {
  const [hangUp, setHangUp] = useState(false);
  const change = useBatchChange(onClose);
  const toCall = counted(batch.allowedActions.cancel.count ?? 0, 'call', 'calls');
  const live = batch.counters.recipients.IN_PROGRESS;
  return (
    <Confirm
      title={`Cancel ${toCall} not yet made?`}
      verb={`Cancel ${toCall}`}
      keep="Keep calling"
      isDoing={change.isPending}
      onConfirm={() =>
        change.mutate(() =>
          answered(api.POST('/v1/batches/{batchId}/cancel', { params: pathOf(batch), body: { hangUp } })),
        )
      }
      onClose={onClose}
    >
      <Stack>
        <Text>
          {live > 0 && `${counted(live, 'live call goes', 'live calls go')} on. `}
          “Call again” can call them later.
        </Text>
        {live > 0 && (
          <Checkbox
            label={live === 1 ? 'Hang it up' : 'Hang them up'}
            checked={hangUp}
            onChange={(event) => setHangUp(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </Confirm>
  );
}

function AskToRetry({ batch, onClose }: Omit<DialogProps, 'action'>) {
  const change = useBatchChange(onClose);
  const people = counted(batch.allowedActions.retry.count ?? 0, 'person', 'people');
  const { NO_ANSWER, FAILED, CANCELLED } = batch.counters.recipients;
  const parts = [
    NO_ANSWER > 0 && `${counted(NO_ANSWER, 'was', 'were')} not reached`,
    FAILED > 0 && `${counted(FAILED, 'call', 'calls')} failed`,
    CANCELLED > 0 && `${counted(CANCELLED, 'was', 'were')} cancelled`,
  ].filter(Boolean);
  return (
    <Confirm
      title={`Call ${people} again?`}
      verb={`Call ${people} again`}
      keep="Do not call"
      tone="indigo"
      isDoing={change.isPending}
      onConfirm={() =>
        change.mutate(() => answered(api.POST('/v1/batches/{batchId}/retry', { params: pathOf(batch), body: {} })))
      }
      onClose={onClose}
    >
      <Text>{parts.join(', ')}. Whoever was reached stays out.</Text>
    </Confirm>
  );
}

function AskForName({ batch, onClose }: Omit<DialogProps, 'action'>) {
  const [name, setName] = useState(batch.name ?? '');
  const change = useBatchChange(onClose);
  const isFine = name.trim().length >= 1 && name.trim().length <= 100;
  return (
    <Confirm
      title="Rename"
      verb="Save"
      keep="Cancel"
      tone="indigo"
      isDoing={change.isPending}
      onConfirm={() =>
        isFine &&
        change.mutate(() =>
          answered(api.POST('/v1/batches/{batchId}/rename', { params: pathOf(batch), body: { name: name.trim() } })),
        )
      }
      onClose={onClose}
    >
      <TextInput
        label="Batch Call Name"
        value={name}
        dir="auto"
        maxLength={100}
        error={isFine ? null : 'A name has 1 to 100 characters.'}
        description={`${name.trim().length} of 100`}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Confirm>
  );
}
