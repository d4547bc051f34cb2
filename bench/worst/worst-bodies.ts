import { operations } from '../../api/routes/all-operations.js';
import { WEEKDAYS } from '../../domain/hours/window.js';
import type { Operation } from '../../api/http/operation.js';

/** A request that keeps an API busy, or would. `to` is a path; a file goes as an upload. */
export type WorstRequest = { label: string; method: string; to: string; body: string; isFile?: boolean };

const SMALL = 262_000;
const LARGE = 10_400_000;
const RECIPIENTS = 5_000;
const NOBODY = '0190a6f2c8e87b4f9d1e2a3b4c5d6e7f';
/** A number without + in a country of many readings, which the fast check leaves to the library. */
const SLOW_PHONE = '0660 12 34 5';
/** Their calendars follow the moon. */
const LUNAR = 'CN HK MO TW SG MY KR VN ID TH JP IN AE SA BH QA KW TR IL EG'.split(' ');

const many = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);
const list = (value: string, length: number): string =>
  `[${`${value},`.repeat(Math.floor(length / (value.length + 1)))}${value}]`;
const keys = (count: number, value: string): string =>
  Array.from({ length: count }, (_, index) => `"k${index}":${value}`).join();

/** What no operation takes, for each of its fields: as much of it as the body may hold. */
export function disallowedBodies(): WorstRequest[] {
  return operations
    .filter(({ bodyKind }) => bodyKind === 'json' || bodyKind === 'recipients')
    .flatMap((operation) =>
      [...ofEveryOperation(), ...ofEachField(operation)].map((body) => toRequest(operation, body)),
    )
    .concat(disallowedRecipients());
}

function ofEveryOperation(): [string, string][] {
  return [
    ['unknown fields', `{${keys(4_900, '1')}}`],
    ['brackets', many('[', SMALL)],
    ['values', list('1', SMALL)],
    ['8 MB of unknown fields', `{${keys(700_000, '1')}}`],
  ];
}

function ofEachField({ id }: Operation): [string, string][] {
  return fieldsOf(id).flatMap((name): [string, string][] => [
    [`${name}: spaces`, `{"${name}":"${many(' ', SMALL - 100)}x"}`],
    [`${name}: text`, `{"${name}":"${many('aB1 -', SMALL - 100)}"}`],
    [`${name}: numbers`, `{"${name}":${list('1', 22_000)}}`],
    [`${name}: objects`, `{"${name}":${list('{"country":"CN"}', 80_000)}}`],
    [`${name}: fields`, `{"${name}":{${keys(2_300, '[["a","b"]]')}}}`],
  ]);
}

function fieldsOf(operationId: string): string[] {
  const { body } = operations.find(({ id }) => id === operationId) ?? {};
  const shape = shapeOf(body);
  return Object.keys(shape).filter((name) => name !== 'recipients');
}

/** The fields of an object's schema, whatever is wrapped around it. */
function shapeOf(schema: unknown): Record<string, unknown> {
  const { shape, def } = (schema ?? {}) as { shape?: Record<string, unknown>; def?: { innerType?: unknown } };
  return shape ?? (def?.innerType ? shapeOf(def.innerType) : {});
}

function toRequest({ id, method, path }: Operation, [what, body]: [string, string]): WorstRequest {
  return { label: `${id}, ${what}`, method: method.toUpperCase(), to: pathOf(path), body };
}

/** Right ids of nothing: a body is looked at before what it is for. */
function pathOf(path: string): string {
  const prefixes: Record<string, string> = {
    batchId: 'bat',
    recipientId: 'rcp',
    attemptId: 'att',
    importId: 'imp',
    agentId: 'agt',
    phoneNumberId: 'num',
    providerAccountId: 'acc',
  };
  return path.replace(/\{(\w+)\}/g, (_, name: string) => (prefixes[name] ? `${prefixes[name]}_${NOBODY}` : '1'));
}

function disallowedRecipients(): WorstRequest[] {
  const bodies: [string, string][] = [
    ['no objects', list('1', LARGE)],
    ['bad ones', list('{"phoneNumber":"12a"}', LARGE)],
    ['as many bad ones as are looked at', `[${Array(RECIPIENTS).fill(`{"phoneNumber":"${SLOW_PHONE}"}`).join()}]`],
    ['variables', `[{"phoneNumber":"+12025550123","variables":{${keys(600_000, '"x"')}}}]`],
    ['64 KiB of bad variables', `[{"phoneNumber":"+12025550123","variables":{${keys(5_000, '1')}}}]`],
    ['brackets', many('[', LARGE)],
    ['brackets, 64 KiB each', list(`{"a":${many('[', 30_000)}${many(']', 30_000)}}`, LARGE)],
  ];
  return bodies.map(([what, recipients]) => ({
    label: `createBatch, recipients: ${what}`,
    method: 'POST',
    to: '/v1/batches',
    body: `{"recipients":${recipients}}`,
  }));
}

const DAY = Array.from({ length: 24 }, (_, hour) => [`${pad(hour)}:00`, `${pad(hour)}:30`]);
const RARE = {
  window: Object.fromEntries(WEEKDAYS.map((day) => [day, DAY])),
  blackoutDates: Array.from({ length: 366 }, (_, day) => dateIn(day)),
};

/** 10 MiB of recipients whose numbers are hard to read, in every time zone, with hours that hardly ever open. */
export function largestBatch(fromNumberId: string): Record<string, unknown> {
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/'));
  const recipients = Array.from({ length: RECIPIENTS }, (_, index) => ({
    phoneNumber: `0660 ${String(1_000_000 + index)}`,
    timeZone: zones[index % zones.length],
    notBefore: new Date(Date.now() + 200 * 86_400_000).toISOString(),
    metadata: { note: many('a "quoted" word, ', 800) },
    variables: { first: many('é', 300), second: many('x', 200) },
  }));
  return { ...batchOf(fromNumberId), ...RARE, hoursIn: 'recipient', defaultCountry: 'AT', recipients, submit: true };
}

export function batchOf(fromNumberId: string): Record<string, unknown> {
  return { name: 'Worst', fromNumberId, timeZone: 'Europe/Vienna', window: RARE.window };
}

export const WORST_CAN_CALL = {
  ...RARE,
  phoneNumber: '+18005550123',
  hoursIn: 'recipient',
  purpose: 'telemarketing',
  holidays: LUNAR.map((country) => ({ country })),
};

export const WORST_SUPPRESSIONS = {
  defaultCountry: 'AT',
  phoneNumbers: Array.from({ length: 10_000 }, (_, index) => `0660 ${String(1_000_000 + index)}`),
};

/** Files whose every row, or whose headers, are as hard to read as they may be. */
export function worstFiles(): Record<string, string> {
  return {
    'bad rows': `phone_number\n${`${SLOW_PHONE}\n`.repeat(300_000)}`,
    'rows of 64 KiB': `phone_number,text\n${`+12025550123,"${many('a ""b"" ', 60_000)}"\n`.repeat(100)}`,
    '1,000 columns': `${Array.from({ length: 1_000 }, (_, index) => `Time To Call -_ ${index}`).join()}\n${`${many('0660 123,', 60_000)}\n`.repeat(50)}`,
  };
}

/** A megabyte of small values, with an escape that makes every one of them be looked at. */
export function worstEvent(): string {
  return `{"event":"call_ended","x":"\\u0000","call":${list('{"k":[1,"a longer text of it"]}', 740_000)}}`;
}

function pad(hour: number): string {
  return String(hour).padStart(2, '0');
}

function dateIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
