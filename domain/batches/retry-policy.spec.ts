import { OUTCOMES } from '../calls/outcomes.js';
import {
  RETRYABLE_OUTCOMES,
  retryPolicySchema,
  toRetryPolicy,
  toStoredRetries,
  type StoredRetries,
} from './retry-policy.js';

const parse = (policy: unknown) => retryPolicySchema.parse(policy);
const problemsOf = (policy: unknown): string =>
  (retryPolicySchema.safeParse(policy).error?.issues ?? [])
    .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    .join('; ');

describe('retryPolicySchema', () => {
  it.each([
    ['no attempt', { maxAttempts: 0 }, 'maxAttempts: at least 1'],
    ['21 attempts', { maxAttempts: 21 }, 'maxAttempts: at most 20'],
    ['half an attempt', { maxAttempts: 1.5 }, 'maxAttempts: a whole number'],
    ['a negative delay', { outcomes: { BUSY: { attempts: 2, delayMinutes: -1 } } }, 'outcomes.BUSY.delayMinutes: '],
    ['a delay of 31 days', { outcomes: { BUSY: { attempts: 2, delayMinutes: 44_640 } } }, '30 days'],
    [
      '21 attempts after an outcome',
      { outcomes: { BUSY: { attempts: 21, delayMinutes: 1 } } },
      'outcomes.BUSY.attempts',
    ],
    ['a rule without a delay', { outcomes: { BUSY: { attempts: 2 } } }, 'outcomes.BUSY.delayMinutes: '],
    [
      'a last time that is no instant',
      { notAfter: '2026-12-01T18:00' },
      'notAfter: write a date and time with an offset, like',
    ],
    ['an unknown key', { attempts: 2 }, '"attempts"'],
  ])('refuses %s', (_what, policy, problem) => {
    expect(problemsOf(policy)).toContain(problem);
  });

  it('never retries a call that was answered, an invalid number, a cancelled or an uncertain call', () => {
    const never = OUTCOMES.filter((outcome) => !RETRYABLE_OUTCOMES.includes(outcome as never));
    expect(never).toEqual(['ANSWERED', 'INVALID_NUMBER', 'CANCELLED', 'UNCERTAIN']);
    for (const outcome of never)
      expect(problemsOf({ outcomes: { [outcome]: { attempts: 2, delayMinutes: 1 } } })).toContain(`"${outcome}"`);
  });
});

describe('a retry policy', () => {
  it('retries nothing unless asked', () => {
    expect(toStoredRetries(parse({}))).toEqual({ maxAttempts: 1, retryPolicy: { outcomes: {} } });
  });

  it('is stored with its defaults written out when it names no outcome', () => {
    expect(toStoredRetries(parse({ maxAttempts: 3 }))).toEqual({
      maxAttempts: 3,
      retryPolicy: {
        outcomes: {
          NO_ANSWER: { attempts: 3, delayMs: 3_600_000 },
          BUSY: { attempts: 3, delayMs: 600_000 },
          DECLINED: { attempts: 3, delayMs: 3_600_000 },
          UNREACHABLE: { attempts: 3, delayMs: 900_000 },
          PROVIDER_ERROR: { attempts: 3, delayMs: 900_000 },
        },
      },
    });
  });

  it('retries only the outcomes that it names, when it names any', () => {
    const policy = { maxAttempts: 5, outcomes: { VOICEMAIL: { attempts: 2, delayMinutes: 1.5 } } };
    expect(toStoredRetries(parse(policy)).retryPolicy).toEqual({
      outcomes: { VOICEMAIL: { attempts: 2, delayMs: 90_000 } },
    });
    expect(toStoredRetries(parse({ maxAttempts: 5, outcomes: {} })).retryPolicy).toEqual({ outcomes: {} });
  });

  it('keeps its last time as an instant in UTC', () => {
    expect(toStoredRetries(parse({ notAfter: '2026-12-01T18:00:00+01:00' })).retryPolicy.notAfter).toBe(
      '2026-12-01T17:00:00.000Z',
    );
    expect(toStoredRetries(parse({ notAfter: null })).retryPolicy).not.toHaveProperty('notAfter');
  });

  it.each([
    {},
    { maxAttempts: 2 },
    { maxAttempts: 20, outcomes: {} },
    { maxAttempts: 4, outcomes: { AGENT_ERROR: { attempts: 3, delayMinutes: 0 } }, notAfter: '2026-12-01T17:00:00Z' },
    { maxAttempts: 4, outcomes: { BUSY: { attempts: 9, delayMinutes: 0.1 } } },
    { maxAttempts: 2, outcomes: { NO_ANSWER: { attempts: 2, delayMinutes: 43_200 } } },
  ])('comes back as it was stored: %j', (policy) => {
    const stored = toStoredRetries(parse(policy));
    expect(toStoredRetries(parse(toRetryPolicy(stored)))).toEqual(stored);
    expect(toStoredRetries(parse(JSON.parse(JSON.stringify(toRetryPolicy(stored)))))).toEqual(stored);
  });

  it('of a row that has none retries nothing', () => {
    const stored: StoredRetries = { maxAttempts: 1, retryPolicy: {} };
    expect(toRetryPolicy(stored)).toEqual({ maxAttempts: 1, outcomes: {}, notAfter: null });
  });
});
