import { Chip, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { OUTCOMES, type Outcome } from '../../../../domain/calls/outcomes.js';
import { OUTCOME_SHOWN } from '../../../../domain/shown/statuses.js';
import { answered, api, type Schemas } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { count } from '../../parts/Count.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { ownZone } from '../../parts/moments.js';
import { spanOf, type CallFilter } from './call-filter.js';
import { DayBars } from './DayBars.js';

type CallFiguresProps = { filter: CallFilter; onOutcomes: (outcomes: Outcome[]) => void };

/** How the calls of these days ended, and how many there were on each; an outcome shows its calls alone. */
export function CallFigures({ filter, onOutcomes }: CallFiguresProps) {
  const series = useSeries(filter);
  if (series.isLoadingError) return <ErrorState error={series.error} onRetry={() => void series.refetch()} />;
  if (!series.data) return <Skeleton h={140} aria-label="Loading" />;
  const totals = totalsOf(series.data.points);
  const isNarrower = filter.fromNumberId !== null || filter.agentId !== null || filter.states.length > 0;
  return (
    <Stack gap="xs">
      <Chip.Group
        multiple
        value={filter.outcomes}
        onChange={(next) => onOutcomes(OUTCOMES.filter((each) => next.includes(each)))}
      >
        <Group gap={6} role="group" aria-label="Outcome">
          {OUTCOMES.filter((each) => totals[each] > 0 || filter.outcomes.includes(each)).map((outcome) => (
            <Chip key={outcome} size="xs" value={outcome}>
              {OUTCOME_SHOWN[outcome].label} {count(totals[outcome])}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <DayBars points={series.data.points} />
      <Text size="xs" c="dimmed">
        Figures are of all calls {filter.batchId === null ? 'of these days' : 'of the batch on these days'}
        {isNarrower && ', whatever number, agent or state is chosen'}. A call counts where it began, and an outcome when
        it is known.
      </Text>
    </Stack>
  );
}

function useSeries(filter: CallFilter) {
  const { batchId } = filter;
  const query = { ...spanOf(filter), bucket: 'day' as const, timeZone: ownZone };
  return useQuery({
    queryKey: [...keys.calls, 'series', batchId, query],
    queryFn: (): Promise<Schemas['Series']> =>
      batchId === null
        ? answered(api.GET('/v1/series', { params: { query } }))
        : answered(api.GET('/v1/batches/{batchId}/series', { params: { path: { batchId }, query } })),
    placeholderData: (before) => before,
  });
}

function totalsOf(points: Schemas['Series']['points']): Record<Outcome, number> {
  const sumOf = (outcome: Outcome): number => points.reduce((sum, { outcomes }) => sum + outcomes[outcome], 0);
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, sumOf(outcome)])) as Record<Outcome, number>;
}
