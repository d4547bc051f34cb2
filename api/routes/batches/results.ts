import { z } from 'zod';
import type { CsvNumbers } from '../../../domain/imports/csv-export.js';
import { resultsFile, VARIABLE_COLUMNS_MAX, type ResultEntry } from '../../../domain/imports/results-file.js';
import { createPause } from '../../../platform/pause.js';
import type { Database } from '../../../store/database.js';
import type { BatchRow } from '../../../store/batches/read-batches.js';
import { listVariableNames, streamResults, type ResultRow } from '../../../store/recipients/stream-results.js';
import { requireBatch } from '../../actions/change-batch.js';
import { csvAnswer } from '../../http/csv-answer.js';
import { defineOperation } from '../../http/operation.js';
import { idIn, plainNumbersQuery } from '../../schemas/fields.js';
import { showRecipient } from '../../actions/show-recipient.js';

export const getResultsOperation = defineOperation({
  id: 'getResults',
  method: 'get',
  path: '/v1/batches/{batchId}/results.csv',
  summary: 'Download the results of a batch',
  description:
    'Every recipient with its status, its last call and its variables, in order of arrival. Values that a spreadsheet would take for a formula begin with an apostrophe. The file can be uploaded again: columns whose headers begin with `dialwright_` are left out then.',
  tag: 'batches',
  role: 'viewer',
  work: 'export',
  params: z.object({ batchId: idIn('batch') }),
  query: z.object({ plainNumbers: plainNumbersQuery }),
  responses: { 200: { description: 'The results, as CSV in UTF-8', contentType: 'text/csv' } },
  errors: ['holidays_not_ready'],
  async handler({ auth, deps, params, query }) {
    const batch = await requireBatch({ deps, auth }, params.batchId);
    return csvAnswer('results.csv', resultLines(deps.db, batch, query));
  },
});

async function* resultLines(db: Database, batch: BatchRow, numbers: CsvNumbers): AsyncGenerator<string> {
  const names = await listVariableNames(db, batch.id, VARIABLE_COLUMNS_MAX + 1);
  const { headerLine, line } = resultsFile(names, batch.hoursIn, numbers);
  yield headerLine;
  const pause = createPause();
  for await (const page of streamResults(db, batch)) {
    let lines = '';
    for (const row of page) {
      lines += line(await toEntry(batch, row));
      await pause();
    }
    yield lines;
  }
}

async function toEntry(batch: BatchRow, { recipient, last }: ResultRow): Promise<ResultEntry> {
  return {
    ...(await showRecipient(batch, recipient)),
    endReason: last?.endReason ?? null,
    dialingAt: last?.dialingAt.toISOString() ?? null,
    acceptedAt: last?.acceptedAt?.toISOString() ?? null,
    endedAt: last?.endedAt?.toISOString() ?? null,
    durationMs: last?.durationMs ?? null,
    successful: last?.successful ?? null,
    callId: last?.providerCallId ?? null,
  };
}
