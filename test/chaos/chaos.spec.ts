import { rmSync } from 'node:fs';
import path from 'node:path';
import { SMALL } from './plan.js';
import { runChaos } from './run-chaos.js';

const SEED = 3;

/** The short form of `npm run chaos`, without a window that closes. CI runs two more: dev/verify.ts. */
it(
  'calls everybody once, within the limits, while the carrier lies on the wire of retell and every process is killed',
  async () => {
    const dir = path.join(process.cwd(), '.data', `chaos-spec-${process.pid}`);
    const { problems } = await runChaos({
      seed: SEED,
      dir,
      provider: 'retell',
      profile: { ...SMALL, closed: 'never' },
    });
    expect(problems).toEqual([]);
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  },
  SMALL.timeLimitMs + 120_000,
);
