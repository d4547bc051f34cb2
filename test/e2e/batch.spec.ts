import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { parsePublicId } from '../../domain/ids.js';
import { workflowIdOf } from '../../workflows/contract.js';
import { listAll, type ApiClient } from '../../dev/demo/api-client.js';
import { ALL_DAY, apiOf, batchBody, type ShownBatch } from '../support/api.js';
import { bindClock } from '../support/bind-clock.js';
import { requireEnvironment } from '../support/database.js';
import { startDevServer, type DevServer } from '../support/dev-server.js';
import { eventually } from '../support/eventually.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

/** temporal.api.enums.v1.ResetReapplyExcludeType */
const RESET_WITHOUT_SIGNALS = 1;

let server: DevServer;
let platform: TestPlatform;
let call: ApiClient;
beforeAll(async () => {
  server = await startDevServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  platform = await startPlatform(server);
  call = await apiOf(platform);
});
afterEach(() => platform.stop());

const show = (id: string) => call<ShownBatch>('GET', `/v1/batches/${id}`);
const untilStatus = (id: string, status: string, timeoutMs = 30_000) =>
  eventually(async () => {
    const batch = await show(id);
    expect(batch.status).toBe(status);
    return batch;
  }, timeoutMs);

it('brings every cell of the CSV to the carrier as it was written, once, and every result back', async () => {
  const file = path.join(process.cwd(), 'examples', 'recipients.csv');
  const batch = await call<ShownBatch>('POST', '/v1/batches', {
    ...batchBody(platform, 0),
    recipients: [],
    submit: false,
  });
  const form = new FormData();
  form.append('file', new Blob([readFileSync(file)], { type: 'text/csv' }), 'recipients.csv');
  const upload = await call<{ acceptedRows: number }>('POST', `/v1/batches/${batch.id}/imports?autoConfirm=true`, form);
  await call('POST', `/v1/batches/${batch.id}/submit`);
  await untilStatus(batch.id, 'COMPLETED', 50_000);

  const [header = [], ...rows] = parse(readFileSync(file), { bom: true, relax_column_count: true });
  const ledger = new Map(platform.carrier.ledger().map((entry) => [entry.to, entry]));
  expect(ledger.size).toBe(upload.acceptedRows);
  expect(platform.carrier.ledger()).toHaveLength(upload.acceptedRows);
  const recipients = await listAll<{ phoneNumber: string; status: string }>(call, `/v1/batches/${batch.id}/recipients`);
  const compared = rows.filter((row) => {
    const cell = (name: string): string => row[header.indexOf(name)] ?? '';
    const phone = canonical(cell('phone_number'));
    const entry = ledger.get(phone);
    if (!entry) return false;
    const plain = header.filter(
      (name) =>
        ![
          'phone_number',
          'metadata',
          'ignore_e164_validation',
          'override_agent_id',
          'override_agent_version',
          'custom_sip_headers',
        ].includes(name),
    );
    expect(entry.variables).toEqual(Object.fromEntries(plain.map((name) => [name, cell(name)])));
    expect(entry.metadata).toEqual(cell('metadata') === '' ? {} : JSON.parse(cell('metadata')));
    expect(recipients.filter((recipient) => recipient.phoneNumber === phone)).toHaveLength(1);
    return true;
  });
  expect(compared.length).toBeGreaterThanOrEqual(upload.acceptedRows);
});

it('sends overrides, SIP headers and the skip flag', async () => {
  const { db } = platform.test;
  await db.prisma.agent.create({
    data: {
      workspaceId: platform.workspace.workspaceId,
      providerAccountId: platform.workspace.providerAccountId,
      providerAgentId: 'agent-2',
      name: 'Bob',
    },
  });
  const recipient = {
    phoneNumber: '+12025550123',
    name: 'Zoë',
    variables: { 'First Name': ' Zoë ' },
    metadata: { customerId: 'c-1' },
    overrideAgentId: 'agent-2',
    overrideAgentVersion: '7',
    customSipHeaders: { 'X-Campaign': 'spring' },
  };
  const batch = await call<ShownBatch>('POST', '/v1/batches', { ...batchBody(platform, 0), recipients: [recipient] });
  await untilStatus(batch.id, 'COMPLETED');
  expect(platform.carrier.ledger()).toMatchObject([
    {
      from: '+12025550100',
      to: '+12025550123',
      agentId: 'agent-2',
      agentVersion: '7',
      variables: { name: 'Zoë', 'First Name': ' Zoë ' },
      metadata: { customerId: 'c-1' },
      sipHeaders: { 'X-Campaign': 'spring' },
      skipPhoneCheck: false,
    },
  ]);
});

it('waits while the window is closed, says why and until when, and calls after it has opened', async () => {
  const clock = await bindClock(platform.test.db);
  const opensAt = Date.parse('2026-09-01T07:00:00Z'); // 09:00 in Madrid, a Tuesday
  await clock.set(opensAt - 4_000);
  const batch = await call<ShownBatch>('POST', '/v1/batches', {
    ...batchBody(platform, 3),
    window: { tuesday: [['09:00', '17:00']] },
  });
  const waiting = await eventually(async () => {
    const shown = await show(batch.id);
    expect(shown).toMatchObject({
      status: 'RUNNING',
      why: { reason: 'OUTSIDE_HOURS', until: '2026-09-01T07:00:00.000Z' },
    });
    return shown;
  });
  expect(waiting.why?.message).toBeTruthy();
  expect(platform.carrier.ledger()).toEqual([]);
  await untilStatus(batch.id, 'COMPLETED');
  // On a busy machine a dial budget may pass: such an attempt was never sent, and another follows.
  const attempts = await platform.test.db.prisma.attempt.findMany({ where: { state: { not: 'RELEASED' } } });
  expect(attempts).toHaveLength(3);
  for (const attempt of attempts) expect(attempt.dialingAt.getTime()).toBeGreaterThanOrEqual(opensAt);
});

describe('pause, resume and cancel', () => {
  const byApi = (id: string, action: string) => call('POST', `/v1/batches/${id}/${action}`);
  const byHand = (id: string, action: string) => {
    execFileSync(
      requireEnvironment('TEMPORAL_CLI'),
      ['workflow', 'signal', '--address', server.address, '--workflow-id', id, '--name', action],
      { stdio: 'pipe' },
    );
  };

  /** What is left in the database after a batch was paused, resumed and cancelled on the way. */
  async function story(act: (id: string, action: string) => unknown) {
    platform.carrier.configure({ callLength: { is: 'fixed', ms: 50 }, outcomes: { ANSWERED: 1 } });
    const batch = await call<ShownBatch>('POST', '/v1/batches', {
      ...batchBody(platform, 400),
      limits: { concurrency: 1 },
    });
    await eventually(() => expect(platform.carrier.ledger().length).toBeGreaterThan(2));
    await act(batch.id, 'pause');
    await untilStatus(batch.id, 'PAUSED');
    await platform.carrier.whenIdle();
    const called = platform.carrier.ledger().length;
    await act(batch.id, 'resume');
    await eventually(() => expect(platform.carrier.ledger().length).toBeGreaterThan(called + 2));
    await act(batch.id, 'cancel');
    const done = await untilStatus(batch.id, 'CANCELLED');
    await eventually(async () => expect((await show(batch.id)).counters.recipients).toMatchObject({ IN_PROGRESS: 0 }));
    const uuid = parsePublicId('batch', batch.id)!;
    await eventually(async () => {
      const states = await platform.test.db.prisma.recipientState.groupBy({
        by: ['state'],
        where: { batchId: uuid },
        orderBy: { state: 'asc' },
      });
      expect(states.map((row) => row.state)).toEqual(['CANCELLED', 'COMPLETED']);
    });
    const events = await platform.test.db.prisma.auditEvent.findMany({
      where: { batchId: uuid },
      orderBy: { at: 'asc' },
    });
    await eventually(async () =>
      expect((await platform.client.workflow.getHandle(workflowIdOf(uuid)).describe()).status.name).toBe('COMPLETED'),
    );
    return {
      status: done.status,
      audit: events
        .map(({ action, applied, detail }) => ({ action, applied, detail }))
        .filter(({ action }) => ['pause', 'resume', 'cancel'].includes(action)),
    };
  }

  it('leave the same rows, by the API and by hand from the Temporal CLI', async () => {
    const { status, audit } = await story(byApi);
    expect(status).toBe('CANCELLED');
    expect(audit.map((event) => event.action)).toEqual(['pause', 'resume', 'cancel']);
    expect(await story(byHand)).toEqual({ status, audit });
  }, 90_000);

  it('cancel, when a person cancels the workflow in Temporal', async () => {
    const batch = await call<ShownBatch>('POST', '/v1/batches', {
      ...batchBody(platform, 2),
      window: { monday: [['00:00', '00:01']] },
    });
    await untilStatus(batch.id, 'RUNNING');
    await platform.client.workflow.getHandle(batch.id).cancel();
    await untilStatus(batch.id, 'CANCELLED');
  });

  it('signals made by hand with any payload, or when they are not allowed, do no harm', async () => {
    const batch = await call<ShownBatch>('POST', '/v1/batches', {
      ...batchBody(platform, 2),
      window: { monday: [['00:00', '00:01']] },
    });
    await untilStatus(batch.id, 'RUNNING');
    const handle = platform.client.workflow.getHandle(batch.id);
    await handle.signal('resume', null, 7);
    await handle.signal('wake', 'rubbish');
    await handle.signal('wake');
    await handle.signal('pause', { deep: [1] });
    await untilStatus(batch.id, 'PAUSED');
  });

  it('pause after a reset that forgot earlier signals', async () => {
    const batch = await call<ShownBatch>('POST', '/v1/batches', {
      ...batchBody(platform, 2),
      window: { monday: [['00:00', '00:01']] },
    });
    await untilStatus(batch.id, 'RUNNING');
    const handle = platform.client.workflow.getHandle(batch.id);
    for (const [signal, status] of [
      ['pause', 'PAUSED'],
      ['resume', 'RUNNING'],
    ] as const) {
      await handle.signal(signal);
      await untilStatus(batch.id, status);
    }
    const { runId } = await handle.describe();
    const { events } = await handle.fetchHistory();
    const firstTask = events?.find((event) => event.workflowTaskCompletedEventAttributes);
    await platform.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: batch.id, runId },
      requestId: randomUUID(),
      reason: 'by hand',
      workflowTaskFinishEventId: firstTask?.eventId ?? null,
      resetReapplyExcludeTypes: [RESET_WITHOUT_SIGNALS],
    });
    // The new run has seen as many signals as the old one had before its pause: the wake that started it.
    await handle.signal('pause');
    await untilStatus(batch.id, 'PAUSED');
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['nothing else comes', async () => {}],
    ['it is renamed', (id) => call('PATCH', `/v1/batches/${id}`, { name: 'Later' })],
    [
      'recipients are added',
      (id) => call('POST', `/v1/batches/${id}/recipients`, { recipients: [{ phoneNumber: '+12025550999' }] }),
    ],
  ])('pause a batch whose run was terminated, and start a new run on resume, when %s', async (_, change) => {
    const batch = await call<ShownBatch>('POST', '/v1/batches', {
      ...batchBody(platform, 2),
      window: { monday: [['00:00', '00:01']] },
    });
    await untilStatus(batch.id, 'RUNNING');
    await platform.client.workflow.getHandle(batch.id).terminate('by hand');
    await change(batch.id);
    await platform.test.db.pool.query(
      `UPDATE batches SET run_checked_at = now() - interval '1 hour', wake_sent_at = wake_sent_at - interval '1 hour',
         sweep_at = now()`,
    );
    const paused = await untilStatus(batch.id, 'PAUSED');
    expect(paused).toMatchObject({ statusReason: expect.stringContaining('terminated') });
    await call('PATCH', `/v1/batches/${batch.id}`, { window: ALL_DAY });
    await call('POST', `/v1/batches/${batch.id}/resume`);
    await untilStatus(batch.id, 'COMPLETED');
  });
});

it('retries whom nobody answered, keeps the old attempts, and completes again', async () => {
  platform.carrier.configure({ outcomes: { NO_ANSWER: 1 } });
  const batch = await call<ShownBatch>('POST', '/v1/batches', batchBody(platform, 3));
  expect((await untilStatus(batch.id, 'COMPLETED')).counters.recipients).toMatchObject({ NO_ANSWER: 3 });
  platform.carrier.configure({ outcomes: { ANSWERED: 1 } });
  await call('POST', `/v1/batches/${batch.id}/retry`);
  const done = await eventually(async () => {
    const shown = await show(batch.id);
    expect(shown).toMatchObject({ status: 'COMPLETED', counters: { recipients: { COMPLETED: 3 } } });
    return shown;
  });
  expect(done.counters.attempts).toMatchObject({ sent: 6 });
});

it('settles calls whose answer or webhooks were lost by asking the carrier, and calls nobody twice', async () => {
  platform.carrier.configure({ faults: { dropAfterAccept: 0.3, webhookLoss: 0.3, dropBeforeAccept: 0.2 } });
  await platform.test.db.prisma.providerAccount.updateMany({ data: { callLengthMaxMs: 1_000, ringLimitMs: 100 } });
  const batch = await call<ShownBatch>('POST', '/v1/batches', batchBody(platform, 60));
  await untilStatus(batch.id, 'COMPLETED', 55_000);
  expect(platform.carrier.referencesTwice()).toEqual([]);
  const perNumber = new Map<string, number>();
  for (const { callId, to } of platform.carrier.ledger())
    if (callId && to) perNumber.set(to, (perNumber.get(to) ?? 0) + 1);
  expect([...perNumber.values()].every((count) => count === 1)).toBe(true);
  expect(perNumber.size).toBe(60);
});

it('pauses a batch with the reason when the provider refuses permission, spends nothing, and goes on after a resume', async () => {
  platform.carrier.configure({ apiKey: 'another-key' });
  const batch = await call<ShownBatch>('POST', '/v1/batches', batchBody(platform, 3));
  await untilStatus(batch.id, 'PAUSED');
  // The pause comes before the refused calls are put back.
  await eventually(async () =>
    expect(await show(batch.id)).toMatchObject({
      statusReason: expect.stringContaining('permission'),
      counters: { recipients: { PENDING: 3 } },
    }),
  );
  platform.carrier.configure({ apiKey: 'carrier-key' });
  await call('POST', `/v1/batches/${batch.id}/resume`);
  expect((await untilStatus(batch.id, 'COMPLETED')).counters.recipients).toMatchObject({ total: 3, PENDING: 0 });
});

/** The number as it is dialled, by hand: spaces and brackets out, `00` to `+`, a trailing `.0` gone. */
function canonical(cell: string): string {
  return cell
    .replace(/[\s()\-.']/g, (character) => (character === '.' ? '.' : ''))
    .replace(/\.0$/, '')
    .replaceAll('.', '')
    .replace(/^00/, '+');
}
