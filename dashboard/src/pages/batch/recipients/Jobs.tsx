import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../../../api/client.js';
import { useGuardedMutation } from '../../../app/changes/use-guarded-mutation.js';
import { count } from '../../../parts/Count.js';
import { showError } from '../../../parts/notices.js';
import { JOB_SAYS, SKIP_SAYS } from './job-words.js';

const LATEST = 3;

/** The jobs of the batch that run, with their progress; and what the last ones have done, until that is put away. */
export function Jobs({ batchId }: { batchId: string }) {
  const [away, setAway] = useState<ReadonlySet<string>>(new Set());
  const jobs = useQuery({
    queryKey: ['batch', batchId, 'jobs'],
    queryFn: () =>
      answered(api.GET('/v1/batches/{batchId}/jobs', { params: { path: { batchId }, query: { limit: LATEST } } })),
  });
  const shown = (jobs.data?.data ?? []).filter(({ id }) => !away.has(id));
  if (shown.length === 0) return null;
  return (
    <Stack gap="xs">
      {shown.map((job) => (
        <JobLine key={job.id} listed={job} onPutAway={() => setAway(new Set([...away, job.id]))} />
      ))}
    </Stack>
  );
}

/** Live events bring each step of a job. */
function JobLine({ listed, onPutAway }: { listed: Schemas['Job']; onPutAway: () => void }) {
  const client = useQueryClient();
  const job = useQuery({
    queryKey: ['job', listed.id],
    initialData: listed,
    queryFn: () => answered(api.GET('/v1/jobs/{jobId}', { params: { path: { jobId: listed.id } } })),
  }).data;
  const end = useGuardedMutation({
    mutationFn: () => answered(api.POST('/v1/jobs/{jobId}/end', { params: { path: { jobId: job.id } } })),
    onSuccess: (ended) => client.setQueryData(['job', ended.id], ended),
    onError: showError,
  });
  const isRunning = job.status === 'RUNNING';
  return (
    <Alert color={job.status === 'FAILED' ? 'red' : 'gray'} py="xs" role="status" aria-label="Job">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{saidOf(job)}</Text>
        {isRunning ? (
          <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
            End
          </Button>
        ) : (
          <Button size="xs" variant="subtle" onClick={onPutAway}>
            Put away
          </Button>
        )}
      </Group>
      {isRunning && <Progress mt="xs" value={100 * job.progress} aria-label="Progress of the job" />}
    </Alert>
  );
}

function saidOf({ kind, status, statusReason, counts }: Schemas['Job']): string {
  const skips = Object.entries(counts.skipped)
    .filter(([, skipped]) => skipped > 0)
    .map(([why, skipped]) => `${count(skipped)} ${SKIP_SAYS[why as keyof typeof SKIP_SAYS]}`);
  const done = `${JOB_SAYS[kind]}: ${count(counts.done)} done${skips.length > 0 ? `; ${skips.join(', ')}` : ''}.`;
  if (status === 'RUNNING') return `${done} Looked at ${count(counts.examined)} of ${count(counts.total)}.`;
  if (status === 'ENDED') return `${done} It was ended before its end.`;
  return statusReason && status === 'FAILED' ? `${done} ${statusReason}` : done;
}
