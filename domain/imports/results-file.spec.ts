import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { isBlankHeader, isOfExport } from './column-choice.js';
import { readHeaders, reservedFieldOf } from './csv-headers.js';
import { checkCsvRow, type RecipientDraft } from '../recipients/recipient-row.js';
import { resultsFile, VARIABLE_COLUMNS_MAX, type ResultEntry } from './results-file.js';

const SEED = 20261126;
const RUNS = 1_000;

const ENTRY: ResultEntry = {
  phoneNumber: '+12025550123',
  name: null,
  ignoreE164Validation: false,
  overrideAgentId: null,
  overrideAgentVersion: null,
  metadata: {},
  customSipHeaders: {},
  notBefore: null,
  notAfter: null,
  variables: {},
  id: 'rcp_1',
  status: 'PENDING',
  attemptCount: 0,
  refusals: 0,
  lastOutcome: null,
  lastError: null,
  endReason: null,
  dialingAt: null,
  acceptedAt: null,
  endedAt: null,
  durationMs: null,
  successful: null,
  callId: null,
};

/** Writes the results and reads them as an upload would. */
function roundTrip(entries: ResultEntry[], hoursIn: 'batch' | 'recipient' = 'batch'): RecipientDraft[] {
  const names = [...new Set(entries.flatMap(({ variables }) => Object.keys(variables)))].sort();
  const { headerLine, line } = resultsFile(names, hoursIn);
  const [headers = [], ...rows] = parse(headerLine + entries.map(line).join('')) as string[][];
  const read = readHeaders(headers, { hoursIn });
  if (!read.ok) throw new Error(read.message);
  return rows.map((cells) => {
    const checked = checkCsvRow(read.columns, cells, { hoursIn, localTimeZone: 'Asia/Tokyo' });
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    return checked.recipient;
  });
}

/** What PostgreSQL can store, with the characters that matter here more often than by chance. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...`"',;\t\r\n =+-@ab`), maxLength: 8 }),
  )
  .filter((value) => !/[\0\ufffd]/.test(value));
const variableName = text.filter(
  (name) => !isBlankHeader(name) && !isOfExport(name) && reservedFieldOf(name, 'batch') === null,
);
const phone = fc.constantFrom(
  { phoneNumber: '+12025550123', ignoreE164Validation: false },
  { phoneNumber: '+442079460123', ignoreE164Validation: false },
  { phoneNumber: '+15555550100', ignoreE164Validation: true },
  { phoneNumber: '5555550100', ignoreE164Validation: true },
);
const entries = fc.uniqueArray(variableName, { maxLength: 5 }).chain((names) =>
  fc
    .array(
      fc.record({
        phone,
        written: text,
        cells: fc.array(text, { minLength: names.length, maxLength: names.length }),
        metadata: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null), fc.boolean()), {
          maxKeys: 2,
          noNullPrototype: true,
        }),
        agent: fc.constantFrom(null, 'agent-1', '=agent'),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((rows) =>
      rows.map(({ phone: called, written, cells, metadata, agent }): ResultEntry => ({
        ...ENTRY,
        ...called,
        name: written.trim() === '' ? null : written.trim(),
        variables: Object.fromEntries([...names.map((name, index) => [name, cells[index] ?? '']), ['name', written]]),
        metadata,
        customSipHeaders: { 'X-Written': JSON.stringify(written).replace(/[^ -~]/g, '') },
        overrideAgentId: agent,
      })),
    ),
);

describe('the table of results', () => {
  it('gives the same recipients when it is uploaded, whatever their values begin with', () => {
    const property = fc.property(entries, (all) => {
      for (const [index, recipient] of roundTrip(all).entries()) {
        const entry = all[index] ?? ENTRY;
        expect(recipient).toMatchObject({ phone: entry.phoneNumber, name: entry.name, repaired: false });
        expect(recipient.skipPhoneCheck).toBe(entry.ignoreE164Validation);
        expect(Object.entries(recipient.variables).sort()).toEqual(Object.entries(entry.variables).sort());
        expect(recipient.sipHeaders).toEqual(entry.customSipHeaders);
        expect(recipient.overrideAgentId).toBe(entry.overrideAgentId);
        expect(JSON.stringify(recipient.metadata)).toBe(JSON.stringify(entry.metadata));
      }
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it('keeps when a recipient may be called', () => {
    const entry = { ...ENTRY, notBefore: '2026-12-01T08:00:00.000Z', notAfter: '2026-12-02T08:00:00.000Z' };
    expect(roundTrip([entry])).toMatchObject([
      { notBefore: new Date(entry.notBefore), notAfter: new Date(entry.notAfter) },
    ]);
  });

  it('keeps the time zone where recipients have their own', () => {
    const entry = { ...ENTRY, variables: { timezone: 'Asia/Tokyo', 'time zone': 'x' } };
    expect(roundTrip([entry], 'recipient')[0]).toMatchObject({
      timeZone: 'Asia/Tokyo',
      variables: { timezone: 'Asia/Tokyo' },
    });
  });

  it('gives no name to recipients that have none', () => {
    expect(roundTrip([{ ...ENTRY, variables: { city: 'Rome' } }])[0]?.variables).toEqual({ city: 'Rome' });
  });

  it(`has at most ${VARIABLE_COLUMNS_MAX} columns of variables, so that it stays within an upload's columns`, () => {
    const names = Array.from({ length: VARIABLE_COLUMNS_MAX + 1 }, (_, index) => `v${index}`);
    expect(resultsFile(names, 'batch').headerLine).toContain('dialwright_variables');
    const columns = parse(resultsFile(names.slice(1), 'batch').headerLine)[0] as string[];
    expect(readHeaders(columns, { hoursIn: 'batch' }).ok).toBe(true);
  });
});
