import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { answered, type components } from '../../../client/index.js';
import { parsePublicId } from '../../../domain/ids.js';
import { openDatabase } from '../../../store/database.js';
import { eventually } from '../../support/eventually.js';
import { makeBatch } from './batches.js';
import type { DashboardStack } from './dashboard-stack.js';

/** A page of docs/dashboard.md, and what is on it once it is complete. */
export type Place = { name: string; at: string; isReady: (page: Page) => Promise<void> };
export type SeededWorkspace = {
  places: readonly Place[];
  batchId: string;
  draftId: string;
  importId: string;
  uncertainId: string;
};

/** 100 characters, from right to left. */
export const LONG_NAME = 'تذكير بمواعيد العيادة '.repeat(5).slice(0, 99).trimEnd().padEnd(100, 'ن');
const PEOPLE = 7;
const phone = (index: number): string => `+120255501${10 + index}`;
const [TALKS, DOUBTED, ANSWERS, BUSY, WRONG, UNWANTED] = [0, 1, 2, 3, 4, 5].map(phone) as [
  ...[string, string, string, string, string, string],
];
const TALKS_ON = { outcome: 'ANSWERED', ringMs: 100, callLengthMs: 86_000_000 } as const;

/** What the carrier is told, so that a batch comes to hold everything there is to show. */
export const SEEDED_CARRIER = {
  speed: 20,
  numbers: {
    [TALKS]: TALKS_ON,
    [DOUBTED]: TALKS_ON,
    [ANSWERS]: { outcome: 'ANSWERED', callLengthMs: 2_000 },
    [BUSY]: { outcome: 'BUSY' },
    [WRONG]: { outcome: 'INVALID_NUMBER' },
  },
} as const;

/** Fills the workspace: a batch with a live, an uncertain, a suppressed and settled recipients, a draft with an import, people, keys. */
export async function seedWorkspace(dashboard: DashboardStack): Promise<SeededWorkspace> {
  const { dialwright, stack } = dashboard;
  const { api } = dialwright;
  await answered(
    api.POST('/v1/suppressions', { body: { phoneNumbers: [UNWANTED], reason: 'Letter of 3 March' } as never }),
  );
  await answered(api.POST('/v1/members', { body: { email: 'jose@example.com', name: 'José Núñez', role: 'viewer' } }));
  await answered(api.POST('/v1/api-keys', { body: { name: 'Nightly export', role: 'viewer' } as never }));
  await letCallsBeLong(api);
  const { id: batchId } = await makeLongBatch(dashboard);
  const people = async () =>
    (await answered(api.GET('/v1/batches/{batchId}/recipients', { params: { path: { batchId } } }))).data;
  await eventually(async () => {
    const now = await people();
    const inProgress = now.filter(({ status }) => status === 'IN_PROGRESS').map(({ phoneNumber }) => phoneNumber);
    expect(inProgress.sort()).toEqual([TALKS, DOUBTED]);
    expect(now.filter(({ status }) => status === 'PENDING' || status === 'QUEUED')).toEqual([]);
  }, 40_000);
  const uncertainId = (await people()).find(({ phoneNumber }) => phoneNumber === DOUBTED)?.id ?? '';
  await makeUncertain(stack.databaseUrl, uncertainId);
  const draft = await makeBatch(dialwright, stack, { name: `${LONG_NAME.slice(0, 90)} 2`, people: 0, submit: false });
  const file = { name: 'recipients.csv', content: new Blob([readFileSync('examples/recipients.csv')]) };
  const { id: importId } = await dialwright.uploadRecipients(draft.id, file);
  await eventually(async () => {
    const read = await answered(api.GET('/v1/imports/{importId}', { params: { path: { importId } } }));
    expect(read.status).toBe('REVIEW');
  }, 20_000);
  const { data: calls } = await answered(api.GET('/v1/calls', {}));
  const callId = calls.find(({ phoneNumber }) => phoneNumber === ANSWERS)?.id ?? '';
  const ids = { batchId, draftId: draft.id, importId, uncertainId };
  return { ...ids, places: placesOf({ ...ids, callId }) };
}

/** The carrier cuts a call at this length: twelve minutes, so fast as it goes here, are enough to look at every page. */
async function letCallsBeLong(api: DashboardStack['dialwright']['api']): Promise<void> {
  const { data } = await answered(api.GET('/v1/provider-accounts', {}));
  for (const { id } of data)
    await answered(
      api.PATCH('/v1/provider-accounts/{providerAccountId}', {
        params: { path: { providerAccountId: id } },
        body: { callLengthMaxMs: 14_400_000 },
      }),
    );
}

/** As a batch that may call at any hour, of people with 60 variables each. */
async function makeLongBatch({ dialwright: { api }, stack }: DashboardStack): Promise<components['schemas']['Batch']> {
  const names = Array.from({ length: 60 }, (_, index) => `variable_number_${index + 1}`);
  const made = await makeBatch({ api } as DashboardStack['dialwright'], stack, {
    name: LONG_NAME,
    people: 0,
    submit: false,
  });
  const recipients = Array.from({ length: PEOPLE }, (_, index) => ({
    phoneNumber: phone(index),
    name: index % 2 === 0 ? 'علي بن محمد' : 'José Núñez',
    variables: Object.fromEntries(names.map((name) => [name, `a value of ${name}`])),
  }));
  const params = { path: { batchId: made.id } };
  await answered(api.POST('/v1/batches/{batchId}/recipients', { params, body: { recipients } as never }));
  return answered(api.POST('/v1/batches/{batchId}/submit', { params, body: {} }));
}

/** By hand in the database, as after its hard end: no carrier loses a call for good within the time of a test. */
async function makeUncertain(databaseUrl: string, recipientId: string): Promise<void> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: 1 });
  const id = parsePublicId('recipient', recipientId);
  try {
    await db.pool.query(
      `UPDATE attempts SET state = 'UNCERTAIN', slot_held = false, ended_at = NULL, settle_at = NULL,
         end_reason = 'no end was reported before the hard end' WHERE recipient_id = $1`,
      [id],
    );
    await db.pool.query(
      `UPDATE recipient_states SET state = 'UNCERTAIN', last_outcome = 'UNCERTAIN', wait_reason = NULL WHERE recipient_id = $1`,
      [id],
    );
  } finally {
    await db.close();
  }
}

type Ids = Omit<SeededWorkspace, 'places'> & { callId: string };

function placesOf({ batchId, draftId, uncertainId, callId }: Ids): Place[] {
  const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name }).first().waitFor();
  const table = (name: string) => (page: Page) => page.getByRole('table', { name, exact: true }).waitFor();
  const batch = `/batches/${batchId}`;
  return [
    { name: 'batches', at: '/batches', isReady: table('Batch Calls') },
    { name: 'new', at: '/batches/new', isReady: (page) => page.getByLabel('Batch Call Name').waitFor() },
    { name: 'draft', at: `/batches/${draftId}/edit`, isReady: (page) => page.getByText(/waits: \d+ acc/).waitFor() },
    { name: 'overview', at: batch, isReady: heading('Outcomes') },
    { name: 'recipients', at: `${batch}?tab=recipients`, isReady: table('Recipients') },
    { name: 'activity', at: `${batch}?tab=activity`, isReady: (page) => settled(page) },
    { name: 'batch settings', at: `${batch}?tab=settings`, isReady: (page) => settled(page) },
    { name: 'recipient', at: `${batch}?tab=recipients&recipient=${uncertainId}`, isReady: table('Variables') },
    { name: 'live', at: '/live', isReady: table('Live calls') },
    { name: 'calls', at: '/calls', isReady: table('Calls') },
    { name: 'call', at: `/calls?call=${callId}`, isReady: (page) => page.getByLabel('Phases of the call').waitFor() },
    { name: 'do not call', at: '/do-not-call', isReady: (page) => page.getByText('Letter of 3 March').waitFor() },
    { name: 'workspace', at: '/settings/workspace', isReady: heading('Second factor') },
    { name: 'numbers', at: '/settings/numbers', isReady: (page) => settled(page) },
    { name: 'agents', at: '/settings/agents', isReady: (page) => settled(page) },
    { name: 'providers', at: '/settings/providers', isReady: (page) => settled(page) },
    { name: 'people', at: '/settings/people', isReady: table('People') },
    { name: 'keys', at: '/settings/keys', isReady: table('API keys') },
    { name: 'audit', at: '/settings/audit', isReady: (page) => settled(page) },
    { name: 'account', at: '/settings/account', isReady: table('Where you are signed in') },
    { name: 'not found', at: '/nothing', isReady: heading('There is nothing here') },
  ];
}

/** The page has its heading, and nothing on it is still loading. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  for (const loading of await page.getByLabel('Loading').all()) await loading.waitFor({ state: 'detached' });
}

/** Goes there, and waits until all of it is drawn. */
export async function open(page: Page, { at, isReady }: Place): Promise<void> {
  await page.goto(at);
  await isReady(page);
  await settled(page);
}
