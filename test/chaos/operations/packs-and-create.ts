import { areConcurrent, atOnce, type Answer } from './ask.js';
import { placeAtNight } from './place-at-night.js';
import type { PacksRound } from './plan-operations.js';
import { batchIdOf, createSideBatch, hold, untilStatus, type Bench } from './side-batch.js';
import type { Forbidden, Story } from './story.js';

const PAIR = 'rule packs with create';
const PACK = 'us-federal-telemarketing';
/** It stays night there until the batch is over, kills included. */
const NIGHT_MS = 1_200_000;
const WHY = 'lawful hours forbade it';

/**
 * Rule packs are switched while a telemarketing batch is created whose numbers are where it is night. While they are on
 * nobody is called. @returns null when it is night nowhere
 */
export async function packsAndCreate(bench: Bench, round: PacksRound): Promise<Story | null> {
  const prefix = placeAtNight(Date.now(), NIGHT_MS);
  if (prefix === null) return null;
  const phones = round.ends.map((end) => `${prefix}${end}`);
  const settings = { purpose: 'telemarketing', submit: true };
  const isToBeOn = round.packs === 'on';
  const before = await switchPacks(bench, !isToBeOn);
  const killsBefore = bench.killsSoFar();
  const forbidden: Forbidden[] = [];
  const [switched, created] = await atOnce(
    round.offsetMs,
    () => switchPacks(bench, isToBeOn),
    () => createSideBatch(bench, { pair: PAIR, phones, settings }),
  );
  const batchId = batchIdOf(created);
  const { body } = await bench.ask('GET', '/v1/workspace');
  const isOn = Array.isArray(body['rulePacks']) && body['rulePacks'].includes(PACK);
  if (!isToBeOn) forbidden.push({ fromMs: before.answeredMs, untilMs: switched.askedMs, why: WHY });
  if (isOn) {
    await hold(round.holdMs);
    const fromMs = Math.max(switched.answeredMs, created.answeredMs);
    forbidden.push({ fromMs, untilMs: Date.now(), why: WHY });
    await switchPacks(bench, false);
  }
  await untilStatus(bench, batchId, 'COMPLETED');
  return {
    ...{ pair: PAIR, batchId, phones, retryPolicy: {}, retriesGranted: 0, lastRetryMs: null, keyChange: null },
    ended: `packs shown ${isOn ? 'on' : 'off'}`,
    isForbidden: isOn,
    isConcurrent: areConcurrent(switched, created),
    kills: bench.killsSoFar() - killsBefore,
    forbidden,
    answers: [{ request: 'rule packs', answered: switched, mayBeRefused: [] }],
  };
}

function switchPacks({ ask }: Bench, isOn: boolean): Promise<Answer> {
  return ask('PATCH', '/v1/workspace', { rulePacks: isOn ? [PACK] : [] });
}
