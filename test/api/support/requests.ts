import { hash } from '@node-rs/argon2';
import { signBody } from '../../../carrier/webhooks/sign-body.js';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { CONFIRMED_FOR_MS } from '../../../domain/people/confirmation.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { createLink, inviteMember } from '../../../store/people/members.js';
import { createImport } from '../../../store/imports/create-import.js';
import { begunSecondFactor, codeAt, secondFactorOf } from '../../support/second-factor.js';
import { claimOne, seedBatch, type Workspace } from '../../support/seed.js';
import { makeCalls } from './calls.js';
import { send, type Sent, type TestApi } from './test-api.js';

export const WINDOW = { monday: [['09:00', '17:00']], tuesday: [['09:00', '17:00']] };
export const CSV =
  'phone_number,name,city\n+12025550111,Ada,London\n+12025550112,Grace,New York\nnonsense,Bad,Nowhere\n';

/** Of an account at the carrier. */
export const CREDENTIALS = { apiKey: 'carrier-key', webhookSecret: 'carrier-webhook-secret' };

let counter = 0;

export function batchBody(api: TestApi, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: `Batch ${++counter}`,
    fromNumberId: publicId('phoneNumber', api.workspace.fromNumberId),
    timeZone: 'Europe/Madrid',
    window: WINDOW,
    recipients: [{ phoneNumber: '+12025550111', name: 'Ada', variables: { city: 'London' } }],
    ...overrides,
  };
}

export async function draft(api: TestApi, overrides: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await send(api, 'createBatch', { json: batchBody(api, overrides) });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id as string;
}

export async function seeded(api: TestApi, options: Parameters<typeof seedBatch>[2]): Promise<string> {
  return publicId('batch', await seedBatch(api.db, api.workspace, options));
}

export async function reviewedImport(api: TestApi, csv = CSV): Promise<string> {
  const { body } = await send(api, 'createImport', {
    params: { batchId: await draft(api) },
    file: { name: 'a.csv', content: csv },
  });
  return body.id as string;
}

/** An attempt in a state, of a number of its own; it holds no slot, so that tests can make as many as they like. */
export async function attempt(
  api: TestApi,
  state: 'UNCERTAIN' | 'IN_PROGRESS',
  workspace: Workspace = api.workspace,
): Promise<string> {
  const batchId = await seedBatch(api.db, workspace, { phones: [`+1202556${1000 + ++counter}`] });
  const { id } = await claimOne(api.db, workspace, batchId);
  await api.db.pool.query('UPDATE attempts SET state = $2, slot_held = false WHERE id = $1', [id, state]);
  return publicId('attempt', id);
}

export function accountBody(api: TestApi, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'simulator',
    name: `Account ${++counter}`,
    baseUrl: api.carrier.url,
    credentials: CREDENTIALS,
    ...overrides,
  };
}

/** A provider account at the carrier of the API under test. */
export async function carrierAccount(api: TestApi, overrides: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await send(api, 'createProviderAccount', { json: accountBody(api, overrides) });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id as string;
}

/** A call whose provider tells of a recording; at the carrier unless told otherwise. */
export async function recordedCall(api: TestApi, url = `${api.carrier.url}/recordings/call_1.wav`): Promise<string> {
  const batchId = await makeCalls(api, [{ at: '2026-01-01T00:00:00Z', outcome: 'ANSWERED' }]);
  const { rows } = await api.db.pool.query(
    `INSERT INTO call_events (workspace_id, provider_account_id, event_key, attempt_id, kind, provider_call_id, occurred_at, details)
     SELECT workspace_id, provider_account_id, id, id, 'ENDED', id, dialing_at, $2 FROM attempts WHERE batch_id = $1 RETURNING attempt_id AS id`,
    [parsePublicId('batch', batchId), { recording_url: url }],
  );
  return publicId('attempt', rows[0].id);
}

/** A number that no batch has, of the account of the workspace. */
export async function newNumber(api: TestApi, more: Record<string, unknown> = {}): Promise<string> {
  const providerAccountId = publicId('providerAccount', api.workspace.providerAccountId);
  const json = { providerAccountId, phoneNumber: `+1202555${2000 + ++counter}`, ...more };
  const { body } = await send(api, 'createPhoneNumber', { json });
  return body.id as string;
}

/** An agent that no batch has. */
export async function newAgent(api: TestApi): Promise<string> {
  const providerAccountId = publicId('providerAccount', api.workspace.providerAccountId);
  const json = { providerAccountId, providerAgentId: `new-${++counter}`, name: 'Eva' };
  const { body } = await send(api, 'createAgent', { json });
  return body.id as string;
}

export function webhook(secret = 'carrier-secret', event: unknown = { event: 'unknown_event', call: {} }): Sent {
  const body = JSON.stringify(event);
  return {
    raw: { body, type: 'application/json' },
    headers: { 'x-carrier-signature': signBody(body, secret, Date.now()) },
    key: null,
  };
}

/** For every operation, a request that succeeds. `foreign` names a thing of the other workspace by a right id. */
export const REQUESTS: Record<string, (api: TestApi) => Promise<Sent>> = {
  receiveWebhook: async (api) => ({
    params: { providerAccountId: publicId('providerAccount', api.workspace.providerAccountId) },
    ...webhook('carrier-secret', CALL_ENDED),
  }),
  createBatch: async (api) => ({ json: batchBody(api) }),
  listBatches: async () => ({ query: { limit: '5' } }),
  countBatches: async () => ({}),
  getBatch: async (api) => ({ params: { batchId: await draft(api) } }),
  updateBatch: async (api) => ({ params: { batchId: await draft(api) }, json: { name: 'New name' } }),
  deleteBatch: async (api) => ({ params: { batchId: await draft(api) } }),
  restoreBatch: async (api) => {
    const params = { batchId: await draft(api) };
    await send(api, 'deleteBatch', { params });
    return { params };
  },
  submitBatch: async (api) => ({ params: { batchId: await draft(api) } }),
  pauseBatch: async (api) => ({ params: { batchId: await seeded(api, { status: 'RUNNING' }) } }),
  resumeBatch: async (api) => ({ params: { batchId: await seeded(api, { status: 'PAUSED' }) } }),
  cancelBatch: async (api) => ({ params: { batchId: await seeded(api, { status: 'RUNNING' }) } }),
  retryBatch: async (api) => ({ params: { batchId: await cancelled(api) } }),
  renameBatch: async (api) => ({ params: { batchId: await draft(api) }, json: { name: 'Renamed' } }),
  duplicateBatch: async (api) => ({ params: { batchId: await draft(api) }, json: { recipients: true } }),
  preflightBatch: async (api) => ({ params: { batchId: await draft(api) }, json: { days: 2 } }),
  getWhy: async (api) => ({ params: { batchId: await seeded(api, { status: 'PAUSED' }) } }),
  listBatchEvents: async (api) => ({ params: { batchId: await draft(api) } }),
  getCounters: async (api) => ({ params: { batchId: await draft(api) } }),
  listImports: async (api) => ({ params: { batchId: await draft(api) } }),
  getBatchSeries: async (api) => ({ params: { batchId: await draft(api) } }),
  getRun: async (api) => ({ params: { batchId: await draft(api) } }),
  getResults: async (api) => ({ params: { batchId: await draft(api) } }),
  addRecipients: async (api) => ({
    params: { batchId: await draft(api) },
    json: { recipients: [{ phoneNumber: '+12025550113' }] },
  }),
  listRecipients: async (api) => ({ params: { batchId: await draft(api) }, query: { status: 'PENDING' } }),
  searchRecipients: async (api) => ({ params: { batchId: await draft(api) }, json: { text: 'ada' } }),
  removeRecipients: async (api) => {
    const batchId = await draft(api);
    return { params: { batchId }, json: { recipientIds: [await firstRecipient(api, batchId)] } };
  },
  removeRecipient: async (api) => {
    const batchId = await draft(api);
    return { params: { batchId, recipientId: await firstRecipient(api, batchId) } };
  },
  giveVerdict: async (api) => ({
    params: { attemptId: await attempt(api, 'UNCERTAIN') },
    json: { verdict: 'called', outcome: 'BUSY' },
  }),
  hangUp: async (api) => ({ params: { attemptId: await attempt(api, 'IN_PROGRESS') } }),
  getRecipient: async (api) => ({ params: { recipientId: await firstRecipient(api, await draft(api)) } }),
  updateRecipient: async (api) => ({
    params: { recipientId: await firstRecipient(api, await draft(api)) },
    json: { variables: { city: 'Rome' } },
  }),
  beginJob: async (api) => ({
    params: { batchId: await draft(api) },
    json: { kind: 'remove', filter: { status: 'PENDING' } },
  }),
  listJobs: async (api) => ({ params: { batchId: await draft(api) } }),
  getJob: async (api) => ({ params: { jobId: await job(api) } }),
  endJob: async (api) => ({ params: { jobId: await job(api, { isRunning: true }) } }),
  createImport: async (api) => ({ params: { batchId: await draft(api) }, file: { name: 'people.csv', content: CSV } }),
  replaceImportFile: async (api) => ({
    params: { importId: await reviewedImport(api) },
    file: { name: 'people.csv', content: CSV },
  }),
  getImportTemplate: async () => ({}),
  getImport: async (api) => ({ params: { importId: await reviewedImport(api) } }),
  listImportRows: async (api) => ({ params: { importId: await reviewedImport(api) }, query: { accepted: 'false' } }),
  editImportRow: async (api) => ({
    params: { importId: await reviewedImport(api), rowNumber: '3' },
    json: { values: { phone_number: '+12025550119' } },
  }),
  fixImport: async (api) => ({
    params: { importId: await reviewedImport(api) },
    json: { code: 'phone_not_digits', action: 'leaveOut' },
  }),
  undoImportFix: async (api) => {
    const params = { importId: await reviewedImport(api) };
    await send(api, 'fixImport', { params, json: { code: 'phone_not_digits', action: 'leaveOut' } });
    return { params };
  },
  undoImport: async (api) => {
    const params = { importId: await reviewedImport(api) };
    await send(api, 'confirmImport', { params });
    return { params };
  },
  getRejectedRows: async (api) => ({ params: { importId: await reviewedImport(api) } }),
  listDuplicates: async (api) => ({ params: { importId: await reviewedImport(api) }, query: { days: '7' } }),
  confirmImport: async (api) => ({ params: { importId: await reviewedImport(api) } }),
  discardImport: async (api) => ({ params: { importId: await reviewedImport(api) } }),
  listAgents: async () => ({}),
  createAgent: async (api) => ({
    json: {
      providerAccountId: publicId('providerAccount', api.workspace.providerAccountId),
      providerAgentId: `agent-${++counter}`,
      name: 'Eva',
    },
  }),
  getAgent: async (api) => ({ params: { agentId: publicId('agent', api.workspace.agentId) } }),
  updateAgent: async (api) => ({
    params: { agentId: publicId('agent', api.workspace.agentId) },
    json: { name: 'Ana' },
  }),
  getRecording: async (api) => ({ params: { callId: await recordedCall(api) } }),
  deleteAgent: async (api) => ({ params: { agentId: await newAgent(api) } }),
  deletePhoneNumber: async (api) => ({ params: { phoneNumberId: await newNumber(api) } }),
  deleteProviderAccount: async (api) => ({ params: { providerAccountId: await carrierAccount(api) } }),
  listPhoneNumbers: async () => ({}),
  createPhoneNumber: async (api) => ({
    json: {
      providerAccountId: publicId('providerAccount', api.workspace.providerAccountId),
      phoneNumber: `+1202555${2000 + ++counter}`,
    },
  }),
  getPhoneNumber: async (api) => ({ params: { phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId) } }),
  updatePhoneNumber: async (api) => ({
    params: { phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId) },
    json: { label: 'Main' },
  }),
  listProviderAccounts: async () => ({}),
  createProviderAccount: async (api) => ({ json: accountBody(api) }),
  getProviderAccount: async (api) => ({
    params: { providerAccountId: publicId('providerAccount', api.workspace.providerAccountId) },
  }),
  updateProviderAccount: async (api) => ({
    params: { providerAccountId: publicId('providerAccount', api.workspace.providerAccountId) },
    json: { name: 'Carrier' },
  }),
  syncProviderAccount: async (api) => ({ params: { providerAccountId: await carrierAccount(api) } }),
  testProviderAccount: async (api) => ({ params: { providerAccountId: await carrierAccount(api) } }),
  testCall: async (api) => ({
    params: { phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId) },
    // Where no rule pack has lawful hours: the clock of the test does not matter.
    json: { phoneNumber: '+442079460119', name: `Test ${++counter}`, variables: { city: 'London' } },
  }),
  listApiKeys: async () => ({}),
  listMembers: async () => ({}),
  inviteMember: async () => ({ json: { email: `person${++counter}@example.com`, name: 'Ada', role: 'viewer' } }),
  getMember: async (api) => ({ params: { memberId: await newMember(api) } }),
  updateMember: async (api) => ({ params: { memberId: await newMember(api) }, json: { role: 'operator' } }),
  removeMember: async (api) => ({ params: { memberId: await newMember(api) } }),
  createMemberLink: async (api) => ({ params: { memberId: await newMember(api) } }),
  signIn: async (api) => {
    const { email } = await newSession(api);
    return { json: { email, password: GOOD_PASSWORD }, headers: ownPage(api), key: null };
  },
  // Without an identity provider they lead to the sign-in page too; test/api/people/oidc.spec.ts has one.
  beginOidc: async () => ({ key: null }),
  finishOidc: async () => ({ key: null }),
  spendLink: async (api) => ({
    json: { token: (await newLink(api)).token, password: GOOD_PASSWORD },
    headers: ownPage(api),
    key: null,
  }),
  askPasswordLink: async (api) => ({ json: { email: 'nobody@example.com' }, headers: ownPage(api), key: null }),
  getSession: async (api) => ({ headers: (await newSession(api)).headers, key: null }),
  switchWorkspace: async (api) => ({
    headers: (await newSession(api)).headers,
    json: { workspaceId: publicId('workspace', api.workspace.workspaceId) },
    key: null,
  }),
  confirmSession: async (api) => ({
    headers: (await newSession(api)).headers,
    json: { password: GOOD_PASSWORD },
    key: null,
  }),
  signOut: async (api) => ({ headers: (await newSession(api)).headers, key: null }),
  listSessions: async (api) => ({ headers: (await newSession(api)).headers, key: null }),
  endSession: async (api) => {
    const { headers } = await newSession(api);
    const { body } = await send(api, 'listSessions', { headers, key: null });
    return { params: { sessionId: body.data[0].id }, headers, key: null };
  },
  changePassword: async (api) => ({
    headers: (await newSession(api)).headers,
    json: { oldPassword: GOOD_PASSWORD, newPassword: `${GOOD_PASSWORD} indeed` },
    key: null,
  }),
  resetSecondFactor: async (api) => ({ params: { memberId: (await newSession(api)).memberId } }),
  getSecondFactor: async (api) => ({ headers: (await newSession(api)).headers, key: null }),
  beginSecondFactor: async (api) => ({
    headers: (await newSession(api)).headers,
    json: { password: GOOD_PASSWORD },
    key: null,
  }),
  confirmSecondFactor: async (api) => {
    const { personId, headers } = await newSession(api);
    const { secret } = await begunSecondFactor(api.db, personId);
    return { headers, json: { code: codeAt(secret, Date.now()) }, key: null };
  },
  turnOffSecondFactor: async (api) => {
    const { personId, headers } = await newSession(api);
    const { rows } = await api.db.pool.query(
      `UPDATE sessions SET sess = sess || '{"withSecondFactor": true}' WHERE sess ->> 'personId' = $1 RETURNING sid`,
      [personId],
    );
    const { recoveryCodes } = await secondFactorOf(api.db, personId, rows[0].sid);
    return { headers, json: { password: GOOD_PASSWORD, code: recoveryCodes[0] }, key: null };
  },
  listAudit: async () => ({}),
  exportAudit: async () => ({}),
  createApiKey: async () => ({ json: { name: `Key ${++counter}`, role: 'viewer' } }),
  getApiKey: async (api) => ({ params: { apiKeyId: await newKey(api) } }),
  rollApiKey: async (api) => ({ params: { apiKeyId: await newKey(api) } }),
  revokeApiKey: async (api) => ({ params: { apiKeyId: await newKey(api) } }),
  addSuppressions: async () => ({ json: { phoneNumbers: [unusedPhone()], reason: 'asked us to' } }),
  importSuppressions: async () => ({ file: { name: 'stop.csv', content: `phone_number\n${unusedPhone()}\n` } }),
  removeSuppressions: async () => ({ json: { phoneNumbers: [unusedPhone()] } }),
  listSuppressions: async () => ({}),
  searchSuppressions: async () => ({ json: { text: unusedPhone() } }),
  canCallNow: async () => ({
    json: { phoneNumber: unusedPhone(), hoursIn: 'recipient', window: WINDOW, purpose: 'telemarketing' },
  }),
  getRulePacks: async () => ({}),
  getWorkspace: async () => ({}),
  getSeries: async () => ({}),
  listProviderKinds: async () => ({}),
  getUsage: async () => ({}),
  listenToEvents: async () => ({}),
  listCalls: async () => ({}),
  exportCalls: async () => ({}),
  exportCallLines: async () => ({}),
  getCall: async (api) => ({ params: { callId: await attempt(api, 'IN_PROGRESS') } }),
  updateWorkspace: async () => ({ json: { name: 'Test', callsPerSecond: null } }),
  emergencyStop: async () => ({ json: { reason: `Fire ${++counter}` } }),
  // It comes after the stop, so that the workspace is open again for what follows.
  liftEmergencyStop: async () => ({ json: { reason: `Fire ${++counter} is out` } }),
  getHealth: async () => ({ key: null }),
  getReadiness: async () => ({ key: null }),
  getOpenApi: async () => ({ key: null }),
};

const CALL_ENDED = {
  event: 'unknown_event',
  call: { call_id: 'call_1', accepted_at: 1_764_000_000_000 },
};

type JobOptions = { workspace?: Workspace; isRunning?: boolean };

/** A job that is done, or one that runs and is nobody's turn. */
export async function job(api: TestApi, { workspace = api.workspace, isRunning = false }: JobOptions = {}) {
  const { workspaceId } = workspace;
  const batchId = await seedBatch(api.db, workspace, { status: 'PAUSED' });
  // So that those of earlier requests are not too many.
  await api.db.prisma.job.updateMany({
    where: { workspaceId, status: 'RUNNING' },
    data: { status: 'ENDED', finishedAt: new Date() },
  });
  const { id } = await api.db.prisma.job.create({
    data: {
      ...{ workspaceId, batchId, kind: 'remove', filter: {}, actor: 'test', lastOrdinal: 0, totalCount: 0 },
      ...(!isRunning && { status: 'DONE', finishedAt: new Date() }),
    },
  });
  return publicId('job', id);
}

/** The ids of one thing of every kind in the other workspace, by the name of the parameter. */
export async function foreignIds(api: TestApi): Promise<Record<string, string>> {
  const { db, other } = api;
  const batchId = await seedBatch(db, other.workspace);
  const [recipient] = await db.prisma.recipient.findMany({ where: { batchId } });
  const opened = await createImport(db.pool, {
    id: null,
    workspaceId: other.workspace.workspaceId,
    batchId,
    fileName: 'a.csv',
    from: ['RUNNING'],
  });
  if (opened.is !== 'receiving' || !recipient) throw new Error('could not seed the other workspace');
  return {
    batchId: publicId('batch', batchId),
    recipientId: publicId('recipient', recipient.id),
    attemptId: await attempt(api, 'UNCERTAIN', other.workspace),
    callId: await attempt(api, 'UNCERTAIN', other.workspace),
    importId: publicId('import', opened.importId),
    jobId: await job(api, { workspace: other.workspace }),
    agentId: publicId('agent', other.workspace.agentId),
    memberId: await newMember(api, other.workspace),
    sessionId: 'x'.repeat(43),
    workspaceId: publicId('workspace', other.workspace.workspaceId),
    apiKeyId: publicId(
      'apiKey',
      (await createApiKey(db, { ...other.workspace, name: 'Theirs', role: 'admin' })).apiKeyId,
    ),
    phoneNumberId: publicId('phoneNumber', other.workspace.fromNumberId),
    providerAccountId: publicId('providerAccount', '00000000-0000-4000-8000-000000000000'),
  };
}

const GOOD_PASSWORD = 'a sentence that nobody else has';
/** As a browser sends it from our own pages. */
const ownPage = (api: TestApi): Record<string, string> => ({ origin: api.url, 'sec-fetch-site': 'same-origin' });

export async function newMember(api: TestApi, { workspaceId }: Workspace = api.workspace): Promise<string> {
  const { id } = await inviteMember(
    api.db.pool,
    { workspaceId, actor: 'test', commandId: null },
    { id: null, email: `person${++counter}@example.com`, name: 'Ada', role: 'admin' },
  );
  return publicId('member', id);
}

async function newLink(api: TestApi): Promise<{ email: string; token: string }> {
  const email = `person${++counter}@example.com`;
  const { workspaceId } = api.workspace;
  const asked = { workspaceId, actor: 'test', commandId: null };
  const { id } = await inviteMember(api.db.pool, asked, { id: null, email, name: 'Ada', role: 'admin' });
  const made = await createLink(api.db.pool, { workspaceId, actor: 'test' }, id);
  if (made.is !== 'MADE') throw new Error(made.is);
  return { email, token: made.token };
}

/** Of GOOD_PASSWORD, made with little work: the hash says with how much, and tests sign in often. */
let cheapHash: string | null = null;

/** As if the person had last shown who it is before the bound of a confirmation. */
export async function forgetConfirmation({ db }: TestApi, email: string): Promise<void> {
  const confirmedAt = new Date(Date.now() - CONFIRMED_FOR_MS).toISOString();
  const { rowCount } = await db.pool.query(
    `UPDATE sessions SET sess = sess || $2 WHERE sess ->> 'personId' = (SELECT id::text FROM people WHERE email = $1)`,
    [email, JSON.stringify({ confirmedAt })],
  );
  if (!rowCount) throw new Error('there is no session');
}

/** Somebody who is signed in, and the headers of a browser with the session. */
export async function newSession(
  api: TestApi,
): Promise<{ email: string; personId: string; memberId: string; headers: Record<string, string> }> {
  cheapHash ??= await hash(GOOD_PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  const email = `person${++counter}@example.com`;
  const person = await api.db.prisma.person.create({ data: { email, passwordHash: cheapHash } });
  const { workspaceId } = api.workspace;
  const member = await api.db.prisma.member.create({
    data: { workspaceId, personId: person.id, name: 'Ada', role: 'admin', createdBy: 'test', acceptedAt: new Date() },
  });
  const json = { email, password: GOOD_PASSWORD };
  const { headers } = await send(api, 'signIn', { json, headers: ownPage(api), key: null });
  const cookie = headers.getSetCookie()[0]!.split(';')[0]!;
  return {
    email,
    personId: person.id,
    memberId: publicId('member', member.id),
    headers: { ...ownPage(api), cookie },
  };
}

async function newKey(api: TestApi): Promise<string> {
  const made = await createApiKey(api.db, { ...api.workspace, name: `Key ${++counter}`, role: 'operator' });
  return publicId('apiKey', made.apiKeyId);
}

/** A number that no test calls. */
function unusedPhone(): string {
  return `+1202556${1000 + ++counter}`;
}

export async function cancelled(api: TestApi): Promise<string> {
  const batchId = await seeded(api, { status: 'RUNNING' });
  await send(api, 'cancelBatch', { params: { batchId } });
  return batchId;
}

export async function firstRecipient(api: TestApi, batchId: string): Promise<string> {
  const { body } = await send(api, 'listRecipients', { params: { batchId } });
  return body.data[0].id as string;
}
