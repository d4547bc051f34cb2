import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isTerminal } from '../../../../../domain/batches/status.js';
import { whyNotShown } from '../../../../../domain/shown/why-not.js';
import { answered, api, type Batch, type Schemas } from '../../../api/client.js';
import { useRoleLacks } from '../../../app/session.js';
import { useGuardedMutation } from '../../../app/changes/use-guarded-mutation.js';
import { Confirm } from '../../../parts/Confirm.js';
import { count, counted } from '../../../parts/Count.js';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { showError } from '../../../parts/notices.js';
import { JOBS_SHOWN, type JobKind } from './jobs-shown.js';

type SelectionBarProps = {
  batch: Batch;
  /** What the list shows; with it all of them can be meant, also those that are not read yet. */
  filter: Pick<Schemas['JobFilter'], 'status' | 'text'>;
  chosen: ReadonlySet<string>;
  /** How many the list has; null: not known. */
  total: number | null;
  onDone: () => void;
};

/** A job takes so many by their ids; more are meant by the filter. */
const CHOSEN_MAX = 1_000;

/** What can be done with those who are chosen, or with all whom the list shows. */
export function SelectionBar({ batch, filter, chosen, total, onDone }: SelectionBarProps) {
  const [isAll, setAll] = useState(false);
  const [asked, setAsked] = useState<JobKind | null>(null);
  const lacks = useRoleLacks('operator');
  if (chosen.size === 0) return null;
  const whom: Schemas['JobFilter'] = isAll ? filter : { recipientIds: [...chosen].slice(0, CHOSEN_MAX) };
  const people = isAll
    ? total === null
      ? 'all who match'
      : counted(total, 'recipient', 'recipients')
    : counted(chosen.size, 'recipient', 'recipients');
  return (
    <Group gap="xs" role="group" aria-label="With those who are chosen">
      <Text size="sm">{isAll ? `All: ${people}` : `${people} chosen`}</Text>
      <Button size="xs" variant="subtle" onClick={() => setAll(!isAll)}>
        {isAll ? 'Only those chosen' : total === null ? 'All who match' : `All ${count(total)}`}
      </Button>
      {JOBS_SHOWN.map((job) => (
        <ReasonedButton
          key={job.label}
          size="xs"
          variant="default"
          whyNot={lacks ?? whyNotShown(job.action, batch.status, batch.allowedActions[job.action])}
          onClick={() => setAsked(job)}
        >
          {job.label}
        </ReasonedButton>
      ))}
      <Button size="xs" variant="subtle" onClick={onDone}>
        Choose nobody
      </Button>
      {asked && (
        <AskForJob
          batch={batch}
          job={asked}
          whom={whom}
          people={people}
          onClose={(isBegun) => {
            setAsked(null);
            if (isBegun) onDone();
          }}
        />
      )}
    </Group>
  );
}

type AskForJobProps = {
  batch: Batch;
  job: JobKind;
  whom: Schemas['JobFilter'];
  people: string;
  onClose: (isBegun: boolean) => void;
};

function AskForJob({ batch, job, whom, people, onClose }: AskForJobProps) {
  const { id: batchId, status } = batch;
  const client = useQueryClient();
  const begin = useGuardedMutation({
    mutationFn: () =>
      answered(
        api.POST('/v1/batches/{batchId}/jobs', {
          params: { path: { batchId } },
          body: { ...job.body, filter: whom },
        }),
      ),
    onSuccess: (begun) => {
      client.setQueryData(['job', begun.id], begun);
      void client.invalidateQueries({ queryKey: ['batch', batchId, 'jobs'] });
      onClose(true);
    },
    onError: showError,
  });
  return (
    <Confirm
      title={job.asks(people)}
      verb={`${job.label}: ${people}`}
      keep="Keep as it is"
      tone={job.isGrave ? 'red' : 'indigo'}
      isDoing={begin.isPending}
      onConfirm={() => begin.mutate()}
      onClose={() => onClose(false)}
    >
      <Text>{isTerminal(status) ? (job.saysWhenOver ?? job.says) : job.says}</Text>
    </Confirm>
  );
}
