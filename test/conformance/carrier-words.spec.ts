import { OUTCOME_OF_END_REASON } from '../../carrier/end-reasons.js';
import { REASON_OF_END, STATUS_OF_REASON } from '../../carrier/retell/retell-reasons.js';
import * as carrierRetell from '../../carrier/retell/retell-wire.js';
import { startSimulator } from '../../carrier/server.js';
import * as carrier from '../../carrier/wire.js';
import { createProvider } from '../../telephony/create-provider.js';
import { testSender } from '../support/sender.js';
import { DISCONNECTION_REASONS, outcomeOfReason } from '../../telephony/retell/disconnection-reasons.js';
import * as retell from '../../telephony/retell/wire.js';
import * as simulatorReasons from '../../telephony/simulator/end-reasons.js';
import * as simulator from '../../telephony/simulator/wire.js';
import { callRequest, sendLimits } from './provider-conformance.js';
import { startStubPlatform } from './stub-platform.js';

/** The carrier and its adapters import nothing of each other: what both have to know is compared here. */
describe('the simulated carrier and the adapters that read it', () => {
  it('know the same ends of a call, and mean the same outcome by each', () => {
    expect(simulatorReasons.OUTCOME_OF_END_REASON).toEqual(OUTCOME_OF_END_REASON);
  });

  it("mean the same outcome by each end on Retell's wire", () => {
    const outcomes = Object.entries(REASON_OF_END).map(([end, reason]) => {
      const wasAnswered = end !== 'cancelled_by_request';
      return [end, outcomeOfReason(reason, { wasAnswered })];
    });
    expect(Object.fromEntries(outcomes)).toEqual(OUTCOME_OF_END_REASON);
  });

  it('know the same reasons of Retell, and the same status after each', () => {
    const statuses = Object.entries(DISCONNECTION_REASONS).map(([reason, { status }]) => [reason, status]);
    expect(Object.fromEntries(statuses)).toEqual(STATUS_OF_REASON);
  });

  it('have the same names for the events, the signatures and the reference', () => {
    expect(simulator.CARRIER_EVENTS).toEqual(carrier.CARRIER_EVENTS);
    expect(retell.RETELL_EVENTS).toEqual(carrier.CARRIER_EVENTS);
    expect(simulator.SIGNATURE_HEADER).toBe(carrier.SIGNATURE_HEADER);
    expect(retell.SIGNATURE_HEADER).toBe(carrierRetell.RETELL_SIGNATURE_HEADER);
    expect(retell.REFERENCE_KEY).toBe(carrierRetell.REFERENCE_KEY);
  });

  it.each([
    ['simulator', carrier.createCallSchema],
    ['retell', carrierRetell.retellCreateSchema],
  ])(
    'agree on the create request of %s: the carrier reads every field that the adapter sends',
    async (kind, schema) => {
      const platform = await startStubPlatform();
      const credentials = { apiKey: 'key', webhookSecret: 'secret' };
      const account = { kind, baseUrl: platform.url, credentials, settleDelayMs: null };
      const request = callRequest({ agentVersion: 'latest', skipPhoneCheck: true });
      await createProvider(account, testSender).placeCall(request, sendLimits());
      await platform.stop();
      const sent: unknown = JSON.parse(platform.seen()[0]?.body ?? '');
      expect(schema.parse(sent)).toEqual(sent);
    },
  );

  it('agree on a call: the carrier tells every field that the adapter of its own wire reads', async () => {
    const quick = { speed: 100_000, outcomes: { ANSWERED: 1 } } as const;
    const platform = await startStubPlatform();
    platform.answerWith({ status: 204, body: '' });
    const started = await startSimulator({ ...quick, webhookUrl: platform.url, faults: { webhookReorder: 1 } });
    const { apiKey, webhookSecret } = started.settings();
    const credentials = { apiKey, webhookSecret };
    const account = { kind: 'simulator', baseUrl: started.url, credentials, settleDelayMs: null };
    await createProvider(account, testSender).placeCall(callRequest(), sendLimits());
    await started.whenIdle();
    await Promise.all([started.stop(), platform.stop()]);
    const { call } = JSON.parse(platform.seen()[0]?.body ?? '') as { call: object };
    expect(Object.keys(call)).toEqual(expect.arrayContaining(Object.keys(simulator.callObjectSchema.shape)));
  });
});
