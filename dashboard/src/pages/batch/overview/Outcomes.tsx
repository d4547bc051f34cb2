import { Paper, Progress, Table, Title } from '@mantine/core';
import { OUTCOME_SHOWN } from '../../../../../domain/shown/statuses.js';
import type { Schemas } from '../../../api/client.js';
import { count } from '../../../parts/Count.js';
import { outcomeCounts } from './buckets.js';

/** What became of the calls, the most frequent first. */
export function Outcomes({ series }: { series: Schemas['Series'] }) {
  const rows = outcomeCounts(series);
  if (rows.length === 0) return null;
  const all = rows.reduce((sum, { calls }) => sum + calls, 0);
  return (
    <Paper withBorder p="sm" component="section" aria-label="Outcomes">
      <Title order={2} size="h5" mb="xs">
        Outcomes
      </Title>
      <Table aria-label="Outcomes" layout="fixed">
        <Table.Tbody>
          {rows.map(({ outcome, calls }) => (
            <Table.Tr key={outcome}>
              <Table.Th scope="row" w="9rem" fw={500}>
                {OUTCOME_SHOWN[outcome].label}
              </Table.Th>
              <Table.Td w="5rem" ta="end">
                {count(calls)}
              </Table.Td>
              <Table.Td>
                <Progress
                  value={(100 * calls) / all}
                  color={`var(--tone-${OUTCOME_SHOWN[outcome].tone})`}
                  aria-hidden
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
