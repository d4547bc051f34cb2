import { csvLine, type CsvNumbers } from './csv-export.js';
import { isBlankHeader, isOfExport, RESULT_HEADER_PREFIX } from './column-choice.js';
import { reservedFieldOf } from './csv-headers.js';

/** One recipient and what came of it, as a table of results has it. Times are ISO, in UTC. */
export type ResultEntry = {
  phoneNumber: string;
  name: string | null;
  ignoreE164Validation: boolean;
  overrideAgentId: string | null;
  overrideAgentVersion: string | null;
  metadata: Record<string, unknown>;
  customSipHeaders: Record<string, string>;
  notBefore: string | null;
  notAfter: string | null;
  variables: Record<string, string>;
  id: string;
  status: string;
  attemptCount: number;
  refusals: number;
  lastOutcome: string | null;
  lastError: string | null;
  endReason: string | null;
  dialingAt: string | null;
  acceptedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  successful: boolean | null;
  callId: string | null;
};

type ResultColumn = { header: string; cell: (entry: ResultEntry) => string };

/** Each variable has a column of its own up to so many names; beyond, all of them stand in one, as JSON. */
export const VARIABLE_COLUMNS_MAX = 900;

/**
 * The table of a batch's results, as lines of CSV. It can be uploaded again: the recipient's columns have the headers of an
 * upload, and those that tell the results begin with `dialwright_`, which an upload leaves out.
 */
export function resultsFile(
  variableNames: readonly string[],
  hoursIn: 'batch' | 'recipient',
  numbers?: CsvNumbers,
): { headerLine: string; line: (entry: ResultEntry) => string } {
  const columns = [
    ...UPLOADED,
    ...(variableNames.includes('name') ? [{ header: 'name', cell: nameCell }] : []),
    ...RESULTS,
    ...variableColumns(variableNames, hoursIn),
  ];
  return {
    headerLine: csvLine(columns.map(({ header }) => header)),
    line: (entry) =>
      csvLine(
        columns.map(({ cell }) => cell(entry)),
        numbers,
      ),
  };
}

const UPLOADED: readonly ResultColumn[] = [
  { header: 'phone_number', cell: ({ phoneNumber }) => phoneNumber },
  { header: 'ignore_e164_validation', cell: ({ ignoreE164Validation }) => String(ignoreE164Validation) },
  { header: 'override_agent_id', cell: ({ overrideAgentId }) => overrideAgentId ?? '' },
  { header: 'override_agent_version', cell: ({ overrideAgentVersion }) => overrideAgentVersion ?? '' },
  { header: 'metadata', cell: ({ metadata }) => objectCell(metadata) },
  { header: 'custom_sip_headers', cell: ({ customSipHeaders }) => objectCell(customSipHeaders) },
  { header: 'not_before', cell: ({ notBefore }) => notBefore ?? '' },
  { header: 'not_after', cell: ({ notAfter }) => notAfter ?? '' },
];

const RESULTS: readonly ResultColumn[] = [
  result('recipient_id', ({ id }) => id),
  result('status', ({ status }) => status),
  result('attempts', ({ attemptCount }) => attemptCount),
  result('refusals', ({ refusals }) => refusals),
  result('last_outcome', ({ lastOutcome }) => lastOutcome),
  result('last_error', ({ lastError }) => lastError),
  result('end_reason', ({ endReason }) => endReason),
  result('dialing_at', ({ dialingAt }) => dialingAt),
  result('accepted_at', ({ acceptedAt }) => acceptedAt),
  result('ended_at', ({ endedAt }) => endedAt),
  result('duration_ms', ({ durationMs }) => durationMs),
  result('successful', ({ successful }) => successful),
  result('call_id', ({ callId }) => callId),
];

function result(name: string, read: (entry: ResultEntry) => string | number | boolean | null): ResultColumn {
  return { header: `${RESULT_HEADER_PREFIX}${name}`, cell: (entry) => String(read(entry) ?? '') };
}

function variableColumns(names: readonly string[], hoursIn: 'batch' | 'recipient'): ResultColumn[] {
  if (names.length > VARIABLE_COLUMNS_MAX) return [result('variables', ({ variables }) => JSON.stringify(variables))];
  return names
    .filter((name) => name !== 'name')
    .map((name) => ({ header: variableHeader(name, hoursIn), cell: ({ variables }) => own(variables, name) }));
}

/** A variable whose name an upload would read as something else is shown, under a header that an upload leaves out. */
function variableHeader(name: string, hoursIn: 'batch' | 'recipient'): string {
  const isTimeZone = hoursIn === 'recipient' && name === 'timezone';
  const isVariable = !isBlankHeader(name) && !isOfExport(name) && reservedFieldOf(name, hoursIn) === null;
  return isTimeZone || isVariable ? name : `${RESULT_HEADER_PREFIX}variable ${name}`;
}

/** As it was written, spaces included, unless a variable called `name` says something else. */
function nameCell({ name, variables }: ResultEntry): string {
  const written = own(variables, 'name');
  return written.trim() === (name ?? '') ? written : (name ?? '');
}

function own(variables: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(variables, name) ? (variables[name] ?? '') : '';
}

function objectCell(object: Record<string, unknown>): string {
  return Object.keys(object).length === 0 ? '' : JSON.stringify(object);
}
