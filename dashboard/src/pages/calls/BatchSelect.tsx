import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { answered, api } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { useQuery } from '@tanstack/react-query';
import { nameOf } from '../../parts/batch/batch-name.js';

type BatchSelectProps = { batchId: string | null; onChange: (batchId: string | null) => void };

const SEARCHED_AFTER_MS = 250;
const FOUND_MAX = 50;

/** One batch of many, by a part of its name; test calls have batches of their own. */
export function BatchSelect({ batchId, onChange }: BatchSelectProps) {
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search.trim(), SEARCHED_AFTER_MS);
  const found = useQuery({
    queryKey: [...keys.batches, 'named', asked],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/v1/batches', {
          params: { query: { kind: 'all', limit: FOUND_MAX, ...(asked !== '' && { search: asked }) } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  });
  const chosen = useQuery({
    queryKey: keys.batch(batchId ?? ''),
    queryFn: () => answered(api.GET('/v1/batches/{batchId}', { params: { path: { batchId: batchId ?? '' } } })),
    enabled: batchId !== null,
  }).data;
  const batches = new Map([...(chosen ? [chosen] : []), ...(found.data?.data ?? [])].map((each) => [each.id, each]));
  return (
    <Select
      label="Batch"
      placeholder="Any"
      clearable
      searchable
      flex="1 1 9rem"
      data={[...batches.values()].map((batch) => ({ value: batch.id, label: nameOf(batch) }))}
      // The API has searched already, by rules of its own.
      filter={({ options }) => options}
      nothingFoundMessage="No batch has this in its name"
      value={batchId}
      onChange={onChange}
      onSearchChange={(text) => setSearch(chosen && text === nameOf(chosen) ? '' : text)}
    />
  );
}
