import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { answered, api, type Batch } from '../../../../api/client.js';
import type { Import, ImportRow } from '../import-queries.js';
import { createRowCheck } from './row-check.js';
import type { ReadAs } from '../uploads.js';

type Judged = { problems: readonly { field: string; message: string }[]; isValid: boolean };
export type Checked = { read: Import; batch: Batch; readAs: ReadAs | undefined };
const ASKED_AFTER_MS = 250;

/** What is wrong with these cells: told at once by the rules here, and a moment later by the server, which has the last word. */
export function useRowCheck({ read, batch, readAs }: Checked, row: ImportRow, cells: Record<string, string>): Judged {
  const check = useMemo(() => createRowCheck(read, batch, readAs), [read, batch, readAs]);
  const [settled] = useDebouncedValue(cells, ASKED_AFTER_MS);
  const asked = useQuery({
    queryKey: ['import', read.id, 'check', row.rowNumber, settled],
    enabled: settled !== row.cells,
    gcTime: 0,
    queryFn: ({ signal }) =>
      answered(
        api.PATCH('/v1/imports/{importId}/rows/{rowNumber}', {
          params: { path: { importId: read.id, rowNumber: row.rowNumber } },
          body: { values: settled, dryRun: true },
          signal,
        }),
      ),
  });
  if (cells === row.cells) return { problems: row.problems, isValid: false };
  if (settled === cells && asked.data) {
    const { accepted, problems } = asked.data.row;
    return { problems: accepted ? [] : problems, isValid: accepted };
  }
  const problems = check(cells);
  return { problems, isValid: problems.length === 0 };
}
