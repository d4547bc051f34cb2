/** What a batch is dialled by, no part of it as it is by default. */
export const DIALLING = {
  limits: { concurrency: 7, reservedConcurrency: 2, callsPerSecond: 3 },
  retryPolicy: {
    maxAttempts: 4,
    outcomes: { BUSY: { attempts: 4, delayMinutes: 5 }, VOICEMAIL: { attempts: 2, delayMinutes: 1440 } },
    notAfter: '2030-01-01T00:00:00.000Z',
  },
  successCriterion: { kind: 'minimumDuration', seconds: 30 },
  circuitBreakers: { failureShare: 0.8, shortCallShare: 0.3, providerErrorShare: null, sampleSize: 20 },
};
