import { publicId } from '../../../domain/ids.js';
import { carrierAccount, draft, firstRecipient, newAgent, newMember, newNumber } from './requests.js';
import { send, type TestApi } from './test-api.js';

export type Settings = Record<string, unknown>;
type Change = {
  /** Another value than the thing has. */
  to: unknown;
  /** What is shown then, where that is not the same. */
  shownAs?: unknown;
  /** What is shown after null. */
  afterNull?: unknown;
  /** Not shown at all. */
  isSecret?: boolean;
};
type Shown = Settings & Record<'fromNumber' | 'agent', { id: string }>;
export type Patched = {
  make(): Promise<string>;
  param: string;
  get: string;
  /** What can be changed of the thing, by the names of the body. */
  settings?(shown: Shown): Settings;
  changes: Record<string, Change>;
};

const OUTCOMES = ['NO_ANSWER', 'BUSY', 'DECLINED', 'VOICEMAIL', 'UNREACHABLE', 'PROVIDER_ERROR', 'AGENT_ERROR'];
const DEFAULT_DELAYS = [60, 10, 60, 60, 15, 15, 60];
const RULE = { attempts: 3, delayMinutes: 7 };
/** No part of it as it is by default. */
export const WHOLE = {
  hoursIn: 'recipient',
  unknownZone: 'batch',
  blackoutDates: ['2030-01-01'],
  holidays: [{ country: 'ES' }],
  purpose: 'telemarketing',
  lawfulOverride: { reason: 'a test' },
  allowCostlyNumbers: true,
  labels: { team: 'north', season: 'autumn' },
  note: 'Call again in June.',
  limits: { concurrency: 7, reservedConcurrency: 2, callsPerSecond: 3 },
  retryPolicy: {
    maxAttempts: 5,
    outcomes: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, RULE])),
    notAfter: '2030-01-01T00:00:00.000Z',
  },
  successCriterion: { kind: 'minimumDuration', seconds: 30 },
  circuitBreakers: { failureShare: 0.8, shortCallShare: 0.3, providerErrorShare: 0.4, sampleSize: 20 },
};
const DEFAULT_BREAKERS = { failureShare: 0.9, shortCallShare: null, providerErrorShare: 0.5, sampleSize: 50 };
const NO_LIMITS = { concurrency: null, reservedConcurrency: 0, callsPerSecond: null };

/** Of each object, what a change of its parts alone is shown as. */
export const PARTS: Record<string, Change> = {
  'lawfulOverride.reason': { to: 'another test' },
  'limits.concurrency': { to: 8, afterNull: null },
  'limits.reservedConcurrency': { to: 1, afterNull: 0 },
  'limits.callsPerSecond': { to: 4, afterNull: null },
  'retryPolicy.maxAttempts': { to: 6, afterNull: 1 },
  'retryPolicy.notAfter': { to: '2031-01-01T00:00:00.000Z', afterNull: null },
  ...Object.fromEntries(
    OUTCOMES.flatMap((outcome, index) => [
      [`retryPolicy.outcomes.${outcome}.attempts`, { to: 4, afterNull: 5 }],
      [`retryPolicy.outcomes.${outcome}.delayMinutes`, { to: 1.5, afterNull: DEFAULT_DELAYS[index] }],
    ]),
  ),
  'successCriterion.kind': { to: 'minimumDuration' },
  'successCriterion.seconds': { to: 40 },
  'circuitBreakers.failureShare': { to: 0.7, afterNull: null },
  'circuitBreakers.shortCallShare': { to: 0.2, afterNull: null },
  'circuitBreakers.providerErrorShare': { to: 0.6, afterNull: null },
  'circuitBreakers.sampleSize': { to: 30, afterNull: 50 },
};

/** What a PATCH changes, by its operation: a thing without a value that it has by default, and another for each field. */
export function patchedThings(api: TestApi, others: { numberId: string; agentId: string }): Record<string, Patched> {
  const agentId = publicId('agent', api.workspace.agentId);
  const BATCH: Patched = {
    make: () =>
      draft(api, {
        ...WHOLE,
        agentId: others.agentId,
        start: { at: '2027-01-01T09:00' },
        end: { at: '2027-06-01T09:00' },
        recipients: [],
      }),
    param: 'batchId',
    get: 'getBatch',
    settings: ({ fromNumber, agent, startAt, endAt, lawfulOverride, ...shown }) => ({
      ...Object.fromEntries(
        [...Object.keys(WHOLE), 'name', 'timeZone', 'window'].map((name) => [name, shown[name] as unknown]),
      ),
      // Its name, key and time are of the request.
      lawfulOverride: lawfulOverride && { reason: (lawfulOverride as { reason?: unknown }).reason },
      fromNumberId: fromNumber.id,
      agentId: agent.id,
      start: startAt,
      end: endAt,
    }),
    changes: {
      ...PARTS,
      name: { to: 'Another' },
      fromNumberId: { to: others.numberId },
      agentId: {
        to: agentId,
        afterNull: agentId,
      },
      timeZone: { to: 'Europe/Paris' },
      start: { to: { at: '2027-02-01T09:00' }, shownAs: '2027-02-01T08:00:00.000Z' },
      end: { to: { at: '2027-07-01T09:00' }, shownAs: '2027-07-01T07:00:00.000Z', afterNull: null },
      window: { to: { friday: [['10:00', '11:00']] } },
      hoursIn: { to: 'batch' },
      unknownZone: { to: 'hold' },
      blackoutDates: { to: ['2030-02-02'] },
      holidays: { to: [{ country: 'FR' }] },
      purpose: { to: 'informational', afterNull: null },
      lawfulOverride: { to: { reason: 'both' }, afterNull: null },
      allowCostlyNumbers: { to: false },
      labels: { to: { team: 'south' }, shownAs: { ...WHOLE.labels, team: 'south' }, afterNull: {} },
      note: { to: 'Called in May.', afterNull: null },
      limits: { to: { callsPerSecond: 9 }, shownAs: { ...WHOLE.limits, callsPerSecond: 9 }, afterNull: NO_LIMITS },
      retryPolicy: {
        to: { maxAttempts: 6, notAfter: null },
        shownAs: { ...WHOLE.retryPolicy, maxAttempts: 6, notAfter: null },
        afterNull: { maxAttempts: 1, outcomes: {}, notAfter: null },
      },
      'retryPolicy.outcomes': {
        to: { BUSY: { attempts: 2 } },
        shownAs: { ...WHOLE.retryPolicy.outcomes, BUSY: { ...RULE, attempts: 2 } },
        afterNull: {
          NO_ANSWER: { attempts: 5, delayMinutes: 60 },
          BUSY: { attempts: 5, delayMinutes: 10 },
          DECLINED: { attempts: 5, delayMinutes: 60 },
          UNREACHABLE: { attempts: 5, delayMinutes: 15 },
          PROVIDER_ERROR: { attempts: 5, delayMinutes: 15 },
        },
      },
      ...Object.fromEntries(
        OUTCOMES.map((outcome) => [
          `retryPolicy.outcomes.${outcome}`,
          { to: { delayMinutes: 8 }, shownAs: { ...RULE, delayMinutes: 8 }, afterNull: undefined },
        ]),
      ),
      successCriterion: { to: { kind: 'analysis' }, afterNull: { kind: 'analysis' } },
      circuitBreakers: {
        to: { failureShare: null, sampleSize: 100 },
        shownAs: { ...WHOLE.circuitBreakers, failureShare: null, sampleSize: 100 },
        afterNull: DEFAULT_BREAKERS,
      },
    },
  };

  const ACCOUNT: Patched = {
    make: () =>
      carrierAccount(api, {
        ringLimitMs: 11_000,
        callLengthMaxMs: 12_000,
        settleDelayMs: 13_000,
        pollIntervalMs: 14_000,
      }),
    param: 'providerAccountId',
    get: 'getProviderAccount',
    changes: {
      name: { to: 'Another account' },
      credentials: { to: { apiKey: 'another-key', webhookSecret: null }, isSecret: true },
      ringLimitMs: { to: 21_000 },
      callLengthMaxMs: { to: 22_000 },
      settleDelayMs: { to: 23_000, afterNull: null },
      pollIntervalMs: { to: 24_000 },
      disabled: { to: true },
    },
  };

  const NUMBER: Patched = {
    make: () =>
      newNumber(api, {
        label: 'Main',
        outboundAgentId: others.agentId,
        concurrency: 5,
        callsPerSecond: 6,
        outbound: false,
      }),
    param: 'phoneNumberId',
    get: 'getPhoneNumber',
    changes: {
      label: { to: 'Other', afterNull: null },
      outbound: { to: true },
      outboundAgentId: { to: agentId, afterNull: null },
      concurrency: { to: 7, afterNull: null },
      callsPerSecond: { to: 8, afterNull: null },
      disabled: { to: true },
    },
  };

  const AGENT: Patched = {
    make: () => newAgent(api),
    param: 'agentId',
    get: 'getAgent',
    changes: { name: { to: 'Another agent' }, disabled: { to: true } },
  };

  const MEMBER: Patched = {
    make: async () => {
      await newMember(api);
      return newMember(api);
    },
    param: 'memberId',
    get: 'getMember',
    changes: { role: { to: 'operator' } },
  };

  const WORKSPACE: Patched = {
    make: async () => {
      const limits = { concurrency: 50, callsPerSecond: 60, frequencyCap: 7 };
      const json = { name: 'Mine', ...limits, rulePacks: [], requiresSecondFactor: false };
      await send(api, 'updateWorkspace', { json });
      return '';
    },
    param: 'none',
    get: 'getWorkspace',
    changes: {
      name: { to: 'Yours' },
      concurrency: { to: 51 },
      callsPerSecond: { to: 61, afterNull: null },
      frequencyCap: { to: 8, afterNull: null },
      rulePacks: { to: ['us-federal-telemarketing'], afterNull: null },
      requiresSecondFactor: { to: true },
    },
  };

  const RECIPIENT: Patched = {
    make: async () => {
      const person = { phoneNumber: '+442079460018', timeZone: 'Asia/Tokyo', variables: { city: 'Rome' } };
      const times = { notBefore: '2027-01-01T00:00:00Z', notAfter: '2028-01-01T00:00:00Z' };
      return firstRecipient(api, await draft(api, { hoursIn: 'recipient', recipients: [{ ...person, ...times }] }));
    },
    param: 'recipientId',
    get: 'getRecipient',
    // The variable `timezone` follows the zone.
    settings: ({ variables, notBefore, notAfter, zones }) => ({
      timeZone: (zones as { names: string[] }).names.join(),
      variables: { city: (variables as { city?: string }).city },
      notBefore,
      notAfter,
    }),
    changes: {
      timeZone: { to: 'Europe/Paris', afterNull: 'Europe/London' },
      variables: { to: { city: 'Oslo' } },
      notBefore: { to: '2027-02-01T00:00:00.000Z', afterNull: null },
      notAfter: { to: '2028-02-01T00:00:00.000Z', afterNull: null },
    },
  };

  return {
    updateRecipient: RECIPIENT,
    updateBatch: BATCH,
    updateProviderAccount: ACCOUNT,
    updatePhoneNumber: NUMBER,
    updateAgent: AGENT,
    updateWorkspace: WORKSPACE,
    updateMember: MEMBER,
  };
}
