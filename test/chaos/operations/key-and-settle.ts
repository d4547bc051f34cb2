import { isTaken, NotAnsweredError, type Answer } from './ask.js';
import { OTHER_ACCOUNT, type KeyRing } from './key-ring.js';
import type { KeyRound } from './plan-operations.js';
import { batchIdOf, createSideBatch, hold, readAttemptCounts, untilStatus, waitFor, type Bench } from './side-batch.js';
import { LONG_CALL_MS, sidePhone } from './side-numbers.js';
import type { Story } from './story.js';

const PAIR = 'key change with settle';
const NOT_SAME = 'provider_account_not_same';
const IN_DOUBT_MAX_MS = 30_000;
/** A request with the key of another account is not sent again later than this: the long call is open until then. */
const REPEAT_MAX_MS = LONG_CALL_MS / 3;
/** New credentials are used within 10 seconds. */
const IN_USE_MS = 12_000;

/** The key of the provider account is changed while the settler finds out about calls that are in doubt. */
export async function keyAndSettle(bench: Bench, round: KeyRound, ring: KeyRing): Promise<Story> {
  const phones = round.ends.map(sidePhone);
  const batchId = batchIdOf(await createSideBatch(bench, { pair: PAIR, phones, settings: { submit: true } }));
  const killsBefore = bench.killsSoFar();
  const isOpen = async (): Promise<boolean> => {
    const { inDoubt, live } = await readAttemptCounts(bench, batchId);
    return inDoubt > 0 && live > 0;
  };
  const wasOpen = await waitFor(isOpen, IN_DOUBT_MAX_MS);
  const { inDoubt } = await readAttemptCounts(bench, batchId);
  const answered = await (round.account === 'same' ? changeToOwn(bench, ring) : tryOther(bench, ring, wasOpen));
  await untilStatus(bench, batchId, 'COMPLETED');
  return {
    ...{ pair: PAIR, batchId, phones, retryPolicy: {}, retriesGranted: 0, lastRetryMs: null, forbidden: [] },
    ended: `a key of ${round.account === 'same' ? 'our' : 'another'} account was ${wordOf(answered)}`,
    isForbidden: false,
    isConcurrent: answered !== null && inDoubt > 0,
    kills: bench.killsSoFar() - killsBefore,
    answers: answered ? [{ request: `key of the ${round.account} account`, answered, mayBeRefused: [NOT_SAME] }] : [],
    keyChange: answered && { ...answered, account: round.account, inDoubt },
  };
}

/**
 * With an overlap: the carrier takes both keys until the new one is in use everywhere. Retell signs with the API key, so
 * the old one stays as the webhook secret, for the events that are signed with it.
 */
async function changeToOwn(bench: Bench, ring: KeyRing): Promise<Answer> {
  const old = ring.current();
  const key = await ring.add();
  const body = { credentials: { apiKey: key, ...(bench.provider === 'retell' && { webhookSecret: old }) } };
  const answer = await bench.ask('PATCH', accountPath(bench), body);
  if (isTaken(answer)) {
    await hold(IN_USE_MS);
    await ring.replaceBy(key);
  } else {
    await ring.drop();
  }
  return answer;
}

/**
 * Whatever became of it, the account has its own key afterwards. Null when it was not tried: without an open call the key is
 * rightly taken, and the calls of all other batches are refused; or when a part was down for too long.
 */
async function tryOther(bench: Bench, ring: KeyRing, isOpen: boolean): Promise<Answer | null> {
  if (!isOpen) return null;
  const untilMs = Date.now() + REPEAT_MAX_MS;
  const body = { credentials: { apiKey: OTHER_ACCOUNT.apiKey } };
  try {
    return await bench.ask('PATCH', accountPath(bench), body, () => Date.now() < untilMs);
  } catch (err) {
    if (!(err instanceof NotAnsweredError)) throw err;
    return null;
  } finally {
    await bench.ask('PATCH', accountPath(bench), { credentials: { apiKey: ring.current() } });
  }
}

function wordOf(answered: Answer | null): string {
  if (!answered) return 'not tried: no call was open in time, or a part was down for too long';
  return isTaken(answered) ? 'taken' : 'refused';
}

function accountPath({ providerAccountId }: Bench): string {
  return `/v1/provider-accounts/${providerAccountId}`;
}
