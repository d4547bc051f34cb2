import {
  BREAKERS,
  circuitBreakersSchema,
  describeBreaker,
  FAILED_OUTCOMES,
  findOpenBreaker,
  toCircuitBreakers,
  toStoredBreakers,
  type CallCounts,
  type CircuitBreakers,
} from './circuit-breakers.js';

const NONE: CircuitBreakers = { providerErrorShare: null, failureShare: null, shortCallShare: null, sampleSize: 10 };
const counts = (changes: Partial<CallCounts> = {}): CallCounts => ({
  ended: 10,
  failed: 0,
  short: 0,
  trouble: 0,
  ...changes,
});

describe('circuit breakers', () => {
  it('are stored in full, with defaults for what is left out', () => {
    expect(toStoredBreakers({})).toEqual({
      failureShare: 0.9,
      providerErrorShare: 0.5,
      shortCallShare: null,
      sampleSize: 50,
    });
    expect(toStoredBreakers({ failureShare: null, shortCallShare: 0.4 })).toEqual({
      failureShare: null,
      providerErrorShare: 0.5,
      shortCallShare: 0.4,
      sampleSize: 50,
    });
  });

  it('come back as they were stored, and change nothing when they are sent again', () => {
    const stored = toStoredBreakers({ shortCallShare: 0.25, sampleSize: 200 });
    expect(toCircuitBreakers(stored)).toEqual(stored);
    expect(toStoredBreakers(circuitBreakersSchema.parse(toCircuitBreakers(stored)))).toEqual(stored);
  });

  it('of a batch that was made without any never open', () => {
    const none = toCircuitBreakers({});
    expect(findOpenBreaker(none, { ended: 1_000, failed: 1_000, short: 1_000, trouble: 1_000 })).toBeNull();
  });

  it.each([
    ['a share of 0', { failureShare: 0 }, 'more than 0'],
    ['a share above 1', { failureShare: 90 }, 'at most 1'],
    ['a share in words', { failureShare: 'half' }, 'a share is a number'],
    ['a sample of 9', { sampleSize: 9 }, 'at least 10'],
    ['a sample of 1001', { sampleSize: 1_001 }, 'at most 1000'],
    ['an unknown breaker', { busyShare: 0.5 }, '"busyShare"'],
  ])('refuse %s', (_what, request, problem) => {
    expect(circuitBreakersSchema.safeParse(request).error?.issues[0]?.message).toContain(problem);
  });
});

describe('findOpenBreaker', () => {
  it.each([
    ['failureShare', counts({ failed: 5 }), 'opens when its share is reached', true],
    ['failureShare', counts({ failed: 4 }), 'stays closed below it', false],
    ['failureShare', counts({ ended: 9, failed: 9 }), 'stays closed while the sample is not full', false],
    ['shortCallShare', counts({ short: 5 }), 'opens when its share is reached', true],
    ['shortCallShare', counts({ failed: 10 }), 'does not count failed calls', false],
    ['providerErrorShare', counts({ trouble: 5 }), 'opens when its share is reached', true],
    ['providerErrorShare', counts({ failed: 10 }), 'does not count what recipients are to blame for', false],
  ] as const)('%s with %j %s', (breaker, sample, _what, opens) => {
    const opened = findOpenBreaker({ ...NONE, [breaker]: 0.5 }, sample);
    expect(opened).toEqual(opens ? { breaker, share: 0.5, sampleSize: 10 } : null);
  });

  it('names the provider before failures, because its errors are failures too', () => {
    const all = { ...NONE, providerErrorShare: 0.5, failureShare: 0.5 };
    expect(findOpenBreaker(all, counts({ failed: 10, trouble: 10 }))?.breaker).toBe('providerErrorShare');
  });

  it('opens on a share of 1 only when every call is such a call', () => {
    expect(findOpenBreaker({ ...NONE, failureShare: 1 }, counts({ failed: 9 }))).toBeNull();
    expect(findOpenBreaker({ ...NONE, failureShare: 1 }, counts({ failed: 10 }))).not.toBeNull();
  });
});

it('a failed call is one that leaves its recipient failed', () => {
  expect(FAILED_OUTCOMES).toEqual(['INVALID_NUMBER', 'UNREACHABLE', 'PROVIDER_ERROR', 'AGENT_ERROR']);
});

it('every breaker says what happened, in calls, and what to do', () => {
  for (const breaker of BREAKERS) {
    const { happened, advice } = describeBreaker({ breaker, share: 0.92, sampleSize: 50 });
    expect(happened).toMatch(/^Paused by itself: 46 of the last 50 calls .+\.$/);
    expect(advice).toMatch(/resume\.$/);
  }
});
