import { pollUntil, sleep } from '../../../dev/processes.js';
import { isTaken, type Answer, type Ask } from '../operations/ask.js';
import { WINDOW } from '../../support/upload-file.js';
import type { Random } from '../random.js';
import type { Neighbour } from './move-in.js';

const LOOK_EVERY_MS = 1_000;
/** Its calls are settled once its carrier answers again, look-ups that hang and kills included. */
const END_MAX_MS = 300_000;
const NO_BREAKERS = { failureShare: null, shortCallShare: null, providerErrorShare: null };

/** The neighbour's own calls: one batch after the other, each to its end. */
export type OwnBatches = {
  /** Its batches so far, with the place of each in the plan. */
  started: { batchId: string; place: number }[];
  /** The next one is not started; the present one goes on. */
  stop(): void;
  /** @throws Error when a batch was not taken, or did not end in time */
  ended: Promise<void>;
};

/** `ask` sends a request until it is answered. */
export function runOwnBatches({ plan, stack }: Neighbour, ask: Ask): OwnBatches {
  const started: OwnBatches['started'] = [];
  let isStopped = false;
  let stoppedMs = Infinity;
  const run = async (): Promise<void> => {
    for (const [place, { phones }] of plan.batches.entries()) {
      if (isStopped) return;
      const created = await ask('POST', '/v1/batches', {
        ...{ name: `Neighbour ${place}`, fromNumberId: stack.fromNumberId, timeZone: 'UTC', window: WINDOW },
        ...{ circuitBreakers: NO_BREAKERS, submit: true },
        recipients: phones.map((phoneNumber) => ({ phoneNumber })),
      });
      if (!isTaken(created)) throw new Error(`The neighbour's batch was not created: ${textOf(created)}`);
      const batchId = String(created.body['id']);
      started.push({ batchId, place });
      for (;;) {
        const shown = await ask('GET', `/v1/batches/${batchId}`);
        if (shown.body['status'] === 'COMPLETED') break;
        if (Date.now() - stoppedMs > END_MAX_MS)
          throw new Error(`The neighbour's ${batchId} is late: ${textOf(shown)}`);
        await sleep(LOOK_EVERY_MS);
      }
    }
    await pollUntil(() => isStopped, { timeoutMs: Infinity, intervalMs: LOOK_EVERY_MS });
  };
  return {
    started,
    stop() {
      isStopped = true;
      stoppedMs = Date.now();
    },
    ended: run(),
  };
}

/** Takes back whatever stops its calls, so that its batch can end. */
export async function letGoOn(ask: Ask, batchId: string | undefined): Promise<void> {
  await ask('POST', '/v1/workspace/lift-emergency-stop', {});
  if (batchId) await ask('POST', `/v1/batches/${batchId}/resume`);
}

export type Steering = { path: string; body?: unknown; undo: string; holdMs: number };

/** A pause or an emergency stop of its own, with what takes it back. */
export function drawSteering(random: Random, batchId: string | undefined): Steering {
  const holdMs = random.between(300, 2_000);
  const hangUp = random.share() < 0.3;
  return batchId && random.share() < 0.5
    ? { path: `/v1/batches/${batchId}/pause`, undo: `/v1/batches/${batchId}/resume`, holdMs }
    : {
        ...{ path: '/v1/workspace/emergency-stop', body: { reason: 'chaos', hangUp } },
        ...{ undo: '/v1/workspace/lift-emergency-stop', holdMs },
      };
}

function textOf({ status, body }: Answer): string {
  return `${status} ${JSON.stringify(body).slice(0, 500)}`;
}
