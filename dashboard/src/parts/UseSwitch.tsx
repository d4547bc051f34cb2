import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Batch } from '../api/client.js';
import { keys } from '../api/queries.js';
import { useRoleLacks } from '../app/session.js';
import { useChange } from '../app/changes/use-change.js';
import { Confirm } from './Confirm.js';
import { counted } from './Count.js';
import { showDone } from './notices.js';
import { ReasonedButton } from './ReasonedButton.js';

type UseSwitchProps = {
  /** What people call it. */
  name: string;
  disabled: boolean;
  change: (disabled: boolean) => Promise<unknown>;
  /** Names of what is read again. */
  again: readonly (readonly unknown[])[];
  /** Whether a batch calls with it. */
  isUsedBy: (batch: Batch) => boolean;
};

const LOOKED_AT_MAX = 200;

/** Puts a number, an agent or a provider out of use, and back. Before it stops batches it says how many. */
export function UseSwitch({ name, disabled, change, again, isUsedBy }: UseSwitchProps) {
  const lacks = useRoleLacks('admin');
  const [isAsked, setAsked] = useState(false);
  const set = useChange((next: boolean) => change(next), {
    again,
    onDone: (_, next) => {
      setAsked(false);
      showDone(next ? `${name} is disabled: no call starts with it.` : `${name} is enabled.`);
    },
  });
  return (
    <>
      <ReasonedButton
        size="xs"
        variant="default"
        whyNot={lacks}
        loading={set.isPending}
        aria-label={`${disabled ? 'Enable' : 'Disable'} ${name}`}
        onClick={() => (disabled ? set.mutate(false) : setAsked(true))}
      >
        {disabled ? 'Enable' : 'Disable'}
      </ReasonedButton>
      {isAsked && (
        <AskToDisable
          name={name}
          isUsedBy={isUsedBy}
          isDoing={set.isPending}
          onConfirm={() => set.mutate(true)}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}

type AskProps = Pick<UseSwitchProps, 'name' | 'isUsedBy'> & {
  isDoing: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

function AskToDisable({ name, isUsedBy, isDoing, onConfirm, onClose }: AskProps) {
  const running = useQuery({
    queryKey: [...keys.batches, 'running'],
    staleTime: 0,
    queryFn: () =>
      answered(api.GET('/v1/batches', { params: { query: { status: ['RUNNING'], limit: LOOKED_AT_MAX } } })),
  });
  // Where there are more than were looked at, nobody has counted them.
  const pauses = running.data?.nextCursor === null ? running.data.data.filter(isUsedBy).length : undefined;
  return (
    <Confirm
      title={`Disable ${name}?`}
      verb={pauses ? `Disable and pause ${counted(pauses, 'batch', 'batches')}` : 'Disable'}
      keep="Keep it enabled"
      isDoing={isDoing}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <Text>
        No call starts with it from then on; live calls go on.{' '}
        {pauses === undefined
          ? 'Running batches that use it are paused.'
          : pauses === 0
            ? 'No running batch uses it.'
            : `${counted(pauses, 'running batch uses', 'running batches use')} it and will be paused. To go on, enable it and resume.`}
      </Text>
    </Confirm>
  );
}
