import { publicId } from '../../domain/ids.js';
import { recordFacts } from '../../store/facts/record-facts.js';
import type { CallFact } from '../../domain/calls/call-fact.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { claimOne, readAttempt, recipientStates, seedBatch, seedWorkspace } from '../support/seed.js';
import { callRequest, sendLimits, type ProviderUnderTest, type ReceivedWebhook } from './provider-conformance.js';
import { startSimulatedPlatform } from './simulated-platform.js';
import { WIRES } from './wires.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

describe.each(Object.values(WIRES))('a call of $kind that is told to have ended in two ways', (wire) => {
  let platform: ProviderUnderTest;
  beforeAll(async () => {
    platform = await startSimulatedPlatform(wire);
  });
  afterAll(() => platform.stop());

  const read = (webhooks: ReceivedWebhook[]): CallFact[] =>
    webhooks.flatMap((webhook) => {
      const verdict = platform.provider.readWebhook({ method: 'POST', url: '', ...webhook });
      return verdict.is === 'facts' ? verdict.facts : [];
    });

  /** A call that a person answered, which its webhooks, its look-up and webhooks that say busy tell of. */
  async function place() {
    const workspace = await seedWorkspace(test.db);
    const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
    const { id } = await claimOne(test.db, workspace, batchId);
    const reference = publicId('attempt', id);
    await platform.treat({ is: 'accept-and-end' });
    await platform.provider.placeCall(callRequest({ reference }), sendLimits());
    const webhooks = await platform.allWebhooks();
    const found = await platform.provider.lookUp(reference, 2_000);
    const told = {
      webhooks: read(webhooks),
      lookUp: found.is === 'found' ? found.facts : [],
      busy: read(webhooks.map((webhook) => platform.contradict(webhook))).filter(({ kind }) => kind !== 'STARTED'),
    };
    const tell = (facts: CallFact[]) => recordFacts(test.db.pool, workspace.providerAccountId, facts);
    return { id, batchId, told, tell };
  }

  const ORDERS = [
    ['webhooks', 'busy'],
    ['busy', 'webhooks'],
    ['lookUp', 'busy'],
    ['busy', 'lookUp'],
    ['busy', 'webhooks', 'lookUp', 'busy'],
    ['lookUp', 'busy', 'webhooks', 'busy'],
  ] as const;
  it.each(ORDERS.map((order) => ({ order })))('was answered, whatever the order: $order', async ({ order }) => {
    const { id, batchId, told, tell } = await place();
    for (const teller of order) await tell(told[teller]);
    const ended = told.webhooks.find(({ kind }) => kind === 'ENDED')!;
    expect(await readAttempt(test.db, id)).toMatchObject({
      state: 'ENDED',
      outcome: 'ANSWERED',
      endReason: ended.endReason,
      durationMs: ended.durationMs,
      slotHeld: false,
    });
    expect(await recipientStates(test.db, batchId)).toEqual(['COMPLETED']);
    expect(await test.db.prisma.callEvent.count({ where: { attemptId: id, kind: 'ENDED' } })).toBe(2);
  });

  it('is one fact where its look-up says what its webhook says', async () => {
    const { told, tell } = await place();
    expect(await tell(told.webhooks)).toBe(3);
    expect(await tell(told.lookUp)).toBe(0);
    expect(await tell(told.webhooks)).toBe(0);
  });

  it('is as successful as its last analysis says', async () => {
    const { id, told, tell } = await place();
    const [first, last] = [told.webhooks, told.busy].map((facts) => facts.find(({ kind }) => kind === 'ANALYZED')!);
    await tell(told.webhooks);
    await tell(told.busy);
    expect((await readAttempt(test.db, id)).successful).toBe(last!.successful);
    await tell([first!]);
    expect((await readAttempt(test.db, id)).successful).toBe(last!.successful);
  });
});
