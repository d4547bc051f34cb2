import { Context } from '@temporalio/activity';
import { defaultPayloadConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { findFirstRun, readRuns, type History, type HistoryEvent } from '../../bench/read-history.js';
import { workflowBundlePath } from '../../worker/workflow-bundle.js';
import { RUN_EVENTS_MAX, type RunBatchInput } from '../../workflows/contract.js';
import { apiOf, batchBody, type ShownBatch } from '../support/api.js';
import { startDevServer, type DevServer } from '../support/dev-server.js';
import { eventually } from '../support/eventually.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

const RECIPIENTS = 250;
const SLOTS = 10;
/** Long enough for a few events a call, so that 300 of them are soon there. */
const CALL_MS = 250;
/** What one task adds at most: the answers of all lanes, the lanes that follow, and what closes the run. */
const TASK_EVENTS_MAX = 3 * 40 + 10;
const BATCH_MAX_MS = 90_000;

let server: DevServer;
let platform: TestPlatform;
beforeAll(async () => {
  server = await startDevServer();
});
afterEach(() => platform.stop());
afterAll(() => server.stop());

type WrapActivities = (activities: object) => object;

async function start(wrapActivities?: WrapActivities): Promise<ShownBatch> {
  platform = await startPlatform({
    ...server,
    concurrencyLimit: SLOTS,
    carrier: { callLength: { is: 'fixed', ms: CALL_MS }, outcomes: { ANSWERED: 1 } },
    ...(wrapActivities && { wrapActivities: async () => wrapActivities }),
  });
  const call = await apiOf(platform);
  return call<ShownBatch>('POST', '/v1/batches', batchBody(platform, RECIPIENTS));
}

/** Ends with the batch. Every recipient has been called, once. */
async function untilAllAreCalled(batch: ShownBatch): Promise<History[]> {
  const { client, carrier, test } = platform;
  expect(await client.workflow.getHandle(batch.id).result()).toBe('COMPLETED');
  const numbers = carrier.ledger().map(({ to }) => to);
  expect(numbers).toHaveLength(RECIPIENTS);
  expect(new Set(numbers).size).toBe(RECIPIENTS);
  const states = await test.db.prisma.recipientState.groupBy({ by: ['state'], _count: true });
  expect(states).toEqual([{ state: 'COMPLETED', _count: RECIPIENTS }]);
  return readRuns(client, batch.id, await findFirstRun(client, batch.id));
}

const eventsOf = (run: History): HistoryEvent[] => run.events ?? [];
const scheduled = (run: History): string[] =>
  eventsOf(run).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);

/** Whether the run before it handed over a dial; one that has news to look at, or that waits, hands over nothing. */
function isHandedOver(run: History): boolean {
  const [input] = eventsOf(run)[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return input !== undefined && defaultPayloadConverter.fromPayload<RunBatchInput>(input).carried?.next !== undefined;
}

it(
  'a batch that dials long has short runs, which dial on from their first task, and calls everybody once',
  async () => {
    const runs = await untilAllAreCalled(await start());
    expect(runs.length).toBeGreaterThanOrEqual(3);
    for (const run of runs) expect(eventsOf(run).length).toBeLessThanOrEqual(RUN_EVENTS_MAX + TASK_EVENTS_MAX);
    const dialOn = runs.filter(isHandedOver);
    expect(dialOn.length).toBeGreaterThanOrEqual(1);
    for (const run of dialOn) expect(scheduled(run)[0]).toBe('placeNextCalls');
    // What it left behind kept no run from closing.
    const failed = runs.flatMap(eventsOf).filter((event) => event.workflowTaskFailedEventAttributes);
    expect(failed.length).toBeLessThanOrEqual(1);
    for (const run of runs)
      await Worker.runReplayHistory({ workflowBundle: { codePath: await workflowBundlePath() } }, run);
  },
  BATCH_MAX_MS,
);

it(
  'applies every signal made by hand once, in order, while runs follow each other',
  async () => {
    const batch = await start();
    const handle = platform.client.workflow.getHandle(batch.id);
    const { prisma } = platform.test.db;
    const sent: string[] = [];
    for (let isOver = false; !isOver;) {
      for (const signal of ['pause', 'resume']) {
        await handle.signal(signal);
        sent.push(signal);
      }
      await eventually(async () => {
        const applied = await prisma.auditEvent.count({ where: { actor: 'temporal' } });
        expect(applied).toBe(sent.length);
      }, 30_000);
      isOver = (await prisma.attempt.count()) > RECIPIENTS / 2;
    }
    const runs = await untilAllAreCalled(batch);
    expect(runs.length).toBeGreaterThanOrEqual(3);
    const events = await prisma.auditEvent.findMany({ where: { actor: 'temporal' }, orderBy: { at: 'asc' } });
    expect(events.map(({ action }) => action)).toEqual(sent);
    expect(events.every(({ applied }) => applied)).toBe(true);
  },
  BATCH_MAX_MS,
);

it(
  'goes on within seconds when the worker dies after it left the lanes behind and before it said so',
  async () => {
    let deaths = 0;
    const die: WrapActivities = (activities) => ({
      ...activities,
      async leaveLanesBehind(...args: unknown[]) {
        const { leaveLanesBehind } = activities as Record<string, (...all: unknown[]) => Promise<unknown>>;
        const answer = await leaveLanesBehind!(...args);
        if (deaths++ > 0) return answer;
        return Context.current().cancelled; // no answer and no heartbeat, as from a dead process
      },
    });
    const runs = await untilAllAreCalled(await start(die));
    expect(deaths).toBeGreaterThan(1);
    const dials = await platform.test.db.prisma.attempt.findMany({ orderBy: { dialingAt: 'asc' } });
    const gapsMs = dials.slice(1).map(({ dialingAt }, index) => +dialingAt - +dials[index]!.dialingAt);
    expect(Math.max(...gapsMs)).toBeLessThan(4_000);
    expect(runs.length).toBeGreaterThanOrEqual(3);
  },
  BATCH_MAX_MS,
);
