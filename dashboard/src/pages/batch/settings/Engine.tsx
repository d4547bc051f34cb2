import { Anchor, Skeleton, Table, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answered, api } from '../../../api/client.js';
import { CopyId } from '../../../parts/CopyId.js';
import { count } from '../../../parts/Count.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { Moment } from '../../../parts/Moment.js';
import { Section } from '../../draft/Section.js';

const AGAIN_MS = 5_000;

/** The run of the batch in Temporal: for engineers. */
export function Engine({ batchId }: { batchId: string }) {
  const run = useQuery({
    queryKey: ['batch', batchId, 'run'],
    refetchInterval: AGAIN_MS,
    queryFn: () => answered(api.GET('/v1/batches/{batchId}/run', { params: { path: { batchId } } })),
  });
  if (run.isLoadingError) return <ErrorState error={run.error} onRetry={() => void run.refetch()} />;
  if (!run.data) return <Skeleton h={160} aria-label="Loading" />;
  const { available, workflowId, startedAt, historyLength, state, stateMissing, link } = run.data;
  return (
    <Section id="engine" title="Engine" note="The durable run that carries the batch, in Temporal.">
      {!available && (
        <Text size="sm">Temporal did not answer. Nothing is lost: the run goes on when it is there again.</Text>
      )}
      <Table aria-label="Engine" layout="fixed">
        <Table.Tbody>
          <Row name="Workflow">
            <CopyId value={workflowId} what="the id of the workflow" />
          </Row>
          {startedAt && (
            <Row name="Began">
              <Moment at={startedAt} />
            </Row>
          )}
          <Row name="It is">{state?.doing ?? stateMissing ?? 'not running'}</Row>
          {historyLength !== null && <Row name="Events of this run">{count(historyLength)}</Row>}
          {state && <Row name="Lanes">{count(state.lanes)}</Row>}
        </Table.Tbody>
      </Table>
      {link && (
        <Anchor href={link} target="_blank" rel="noreferrer" size="sm">
          Open in Temporal <IconExternalLink size={14} aria-hidden />
        </Anchor>
      )}
    </Section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w="11rem" fw={500}>
        {name}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  );
}
