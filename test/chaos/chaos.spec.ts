import { rmSync } from 'node:fs';
import path from 'node:path';
import { SMALL } from './plan.js';
import { runChaos } from './run-chaos.js';

/** The short form of `npm run chaos`. The first one starts closed and waits for a full minute, which takes up to one. */
it.each([
  [1, 'at-first', 'simulator'],
  [2, 'never', 'simulator'],
  [3, 'never', 'retell'],
] as const)(
  'calls everybody once, in the hours and within the limits, while the carrier lies and every process is killed (seed %d, window closed %s, wire of %s)',
  async (seed, closed, provider) => {
    const dir = path.join(process.cwd(), '.data', `chaos-spec-${process.pid}-${seed}`);
    const { problems } = await runChaos({ seed, dir, provider, profile: { ...SMALL, closed } });
    expect(problems).toEqual([]);
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  },
  SMALL.timeLimitMs + 120_000,
);
