import type pg from 'pg';
import type { Plan } from './plan.js';

export const PROVIDER_KINDS = ['simulator', 'retell'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** The simulated carrier speaks its own wire, or Retell's. Retell signs its webhooks with the API key. */
const WIRES: Record<ProviderKind, Record<string, unknown>> = {
  simulator: {},
  retell: { wire: 'retell', webhookSecret: 'carrier-key' },
};

/** Calls of a few seconds, so that limit and pace are both reached, and a carrier that lies. */
export function carrierSettings(
  { profile, faults, numberFaults }: Plan,
  provider: ProviderKind,
  sideNumbers: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    ...WIRES[provider],
    setupMs: 5,
    ringMs: { min: 50, max: 300 },
    noAnswerRingMs: 900,
    callLength: { is: 'exponential', meanMs: (1_000 * profile.concurrencyLimit) / profile.callsPerSecond },
    analysisDelayMs: 100,
    faults,
    numbers: {
      ...Object.fromEntries([...numberFaults].map(([phone, own]) => [phone, { faults: own }])),
      ...sideNumbers,
    },
  };
}

/** Short limits, so that a call whose end is lost for good is asked for while the run goes on. */
export async function prepareAccount(pool: pg.Pool, provider: ProviderKind): Promise<void> {
  await pool.query(`UPDATE provider_accounts SET ring_limit_ms = 2000, ring_lead_ms = 0, call_length_max_ms = 10000,
    settle_delay_ms = 500, poll_interval_ms = 3000`);
  if (provider === 'retell') await pool.query(`UPDATE provider_accounts SET kind = 'retell'`);
}
