import { z } from 'zod';
import { csvLine, type CsvNumbers } from '../../../domain/imports/csv-export.js';
import { listCalls, type CallFilter, type CallPlace } from '../../../store/calls/list-calls.js';
import type { Database } from '../../../store/database.js';
import { csvAnswer } from '../../http/csv-answer.js';
import { defineOperation } from '../../http/operation.js';
import { plainNumbersQuery } from '../../schemas/fields.js';
import { callQuery } from '../../schemas/call-schemas.js';
import { toCallView, type CallView } from '../../views/call-view.js';

const PAGE_ROWS = 1_000;

const query = z.object(callQuery);
type Asked = z.output<typeof query>;

export const exportCallsOperation = defineOperation({
  id: 'exportCalls',
  method: 'get',
  path: '/v1/calls.csv',
  summary: 'Download calls as CSV',
  description:
    'The same calls as the list, the newest first. Values that a spreadsheet would take for a formula begin with an apostrophe.',
  tag: 'calls',
  role: 'viewer',
  work: 'export',
  query: z.object({ ...callQuery, plainNumbers: plainNumbersQuery }),
  responses: { 200: { description: 'The calls, as CSV in UTF-8', contentType: 'text/csv' } },
  handler: ({ auth, query: { plainNumbers, ...asked }, deps }) =>
    csvAnswer('calls.csv', csvLines(pagesOf(deps.db, auth.workspaceId, asked), { plainNumbers })),
});

export const exportCallLinesOperation = defineOperation({
  id: 'exportCallLines',
  method: 'get',
  path: '/v1/calls.jsonl',
  summary: 'Download calls as JSON lines',
  description: 'The same calls as the list, the newest first, each as one line of JSON.',
  tag: 'calls',
  role: 'viewer',
  work: 'export',
  query,
  responses: {
    200: { description: 'The calls, a line each', contentType: 'application/jsonl' },
  },
  handler({ auth, query: asked, deps }) {
    const chunks = jsonLines(pagesOf(deps.db, auth.workspaceId, asked));
    const headers = { 'Content-Disposition': 'attachment; filename="calls.jsonl"' };
    return Promise.resolve({ status: 200, headers, stream: { contentType: 'application/jsonl', chunks } });
  },
});

/** In pages, so that memory stays flat and a slow client holds no connection. */
async function* pagesOf(
  db: Database,
  workspaceId: string,
  { fromNumberId, ...rest }: Asked,
): AsyncGenerator<CallView[]> {
  const filter: CallFilter = { ...rest, phoneNumberId: fromNumberId };
  let after: CallPlace | null = null;
  do {
    const page: Awaited<ReturnType<typeof listCalls>> = await listCalls(db.pool, workspaceId, filter, {
      after,
      limit: PAGE_ROWS,
    });
    yield page.rows.map(toCallView);
    after = page.goesOnAfter;
  } while (after);
}

const COLUMNS: Record<string, (call: CallView) => string | number | boolean | null> = {
  id: ({ id }) => id,
  batch_id: ({ batch }) => batch.id,
  batch_name: ({ batch }) => batch.name,
  recipient_id: ({ recipientId }) => recipientId,
  recipient_name: ({ recipientName }) => recipientName,
  phone_number: ({ phoneNumber }) => phoneNumber,
  from_number: ({ fromNumber }) => fromNumber.phoneNumber,
  agent: ({ agent }) => agent.name,
  number: ({ number }) => number,
  state: ({ state }) => state,
  outcome: ({ outcome }) => outcome,
  end_reason: ({ endReason }) => endReason,
  spends_attempt: ({ spendsAttempt }) => spendsAttempt,
  dialing_at: ({ dialingAt }) => dialingAt,
  accepted_at: ({ acceptedAt }) => acceptedAt,
  ended_at: ({ endedAt }) => endedAt,
  duration_ms: ({ durationMs }) => durationMs,
  successful: ({ successful }) => successful,
};

async function* csvLines(pages: AsyncIterable<CallView[]>, numbers: CsvNumbers): AsyncGenerator<string> {
  yield csvLine(Object.keys(COLUMNS));
  for await (const page of pages)
    yield page
      .map((call) =>
        csvLine(
          Object.values(COLUMNS).map((valueOf) => String(valueOf(call) ?? '')),
          numbers,
        ),
      )
      .join('');
}

async function* jsonLines(pages: AsyncIterable<CallView[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((call) => `${JSON.stringify(call)}\n`).join('');
}
