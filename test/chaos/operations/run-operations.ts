import { pollUntil } from '../../../dev/processes.js';
import type { Stack } from '../../../dev/stack.js';
import { readCallsAccepted } from '../read-evidence.js';
import { createAsk } from './ask.js';
import { editAndSubmit } from './edit-and-submit.js';
import { keyAndSettle } from './key-and-settle.js';
import { createKeyRing } from './key-ring.js';
import { packsAndCreate } from './packs-and-create.js';
import type { OperationsPlan } from './plan-operations.js';
import { retryAndCancel } from './retry-and-cancel.js';
import type { Bench } from './side-batch.js';
import type { Story } from './story.js';

const LOOK_EVERY_MS = 200;

/** The rounds of each pair one after another, the pairs beside each other. Nulls: rounds that could not be tried. */
export async function runOperations(
  plan: OperationsPlan,
  stack: Stack,
  rest: Pick<Bench, 'pool' | 'provider' | 'deadlineMs' | 'killsSoFar' | 'say'>,
): Promise<(Story | null)[]> {
  const { carrierUrl, fromNumberId, providerAccountId } = stack;
  const ask = createAsk(stack.apiUrl, stack.apiKey);
  const bench: Bench = { ...rest, ask, carrierUrl, fromNumberId, providerAccountId, retryTookMs: 0 };
  const ring = createKeyRing(carrierUrl);
  const inTurn = async <R extends { atCalls: number }>(
    rounds: R[],
    tryPair: (bench: Bench, round: R) => Promise<Story | null>,
  ): Promise<(Story | null)[]> => {
    const stories: (Story | null)[] = [];
    for (const round of rounds) {
      await untilCalls(bench, round.atCalls);
      const story = await tryPair(bench, round);
      if (story) bench.say(`${story.pair}: ${story.ended}`);
      stories.push(story);
    }
    return stories;
  };
  const stories = await Promise.all([
    inTurn(plan.edits, editAndSubmit),
    inTurn(plan.retries, retryAndCancel),
    inTurn(plan.keys, (_, round) => keyAndSettle(bench, round, ring)),
    inTurn(plan.packs, packsAndCreate),
  ]);
  return stories.flat();
}

async function untilCalls({ carrierUrl, deadlineMs }: Bench, atCalls: number): Promise<void> {
  const isReached = async (): Promise<boolean> => (await readCallsAccepted(carrierUrl)) >= atCalls;
  await pollUntil(isReached, { timeoutMs: Math.max(deadlineMs - Date.now(), 0), intervalMs: LOOK_EVERY_MS });
}
