import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answered, api, type Batch, type Schemas } from '../../api/client.js';

const DAYS = 14;

/** What the batch would do, as it is saved now. Asked for again when it has changed. */
export function usePreflight(batch: Batch | undefined, isAsked: boolean) {
  const { id = 'new', version = 0, zonesOutstanding = false } = batch ?? {};
  const total = batch?.counters.recipients.total ?? 0;
  return useQuery({
    queryKey: ['batch', id, 'preflight', version, total, zonesOutstanding],
    enabled: isAsked && batch !== undefined && total > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answered(
        api.POST('/v1/batches/{batchId}/preflight', {
          params: { path: { batchId: id } },
          body: { days: DAYS },
          signal,
        }),
      ),
  });
}

/** About when the first call starts, in an instant; null: nobody is called in the days that were looked at. */
export function firstCallAt({ hours, from }: Schemas['Preflight'], startAt: string | null): string | null {
  const first = hours.find(({ calls }) => calls > 0);
  if (!first) return null;
  const later = [first.start, from, startAt ?? from].map((at) => new Date(at).getTime());
  return new Date(Math.max(...later)).toISOString();
}
