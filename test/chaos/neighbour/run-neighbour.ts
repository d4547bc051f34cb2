import { ApiFailure } from '../../../dev/demo/api-client.js';
import { sleep } from '../../../dev/processes.js';
import { answerOf, repeatUntilStopped, WORST_BODY } from '../../support/misbehave.js';
import { abandonUpload, createDraft, uploadFile } from '../../support/upload-file.js';
import { createAsk } from '../operations/ask.js';
import type { Random } from '../random.js';
import type { Deed, DeedKind } from './deed.js';
import { drawForeignEvent } from './foreign-event.js';
import type { Neighbour } from './move-in.js';
import { drawMood, faultsOf, webhookSecretOf } from './neighbour-carrier.js';
import { drawSteering, letGoOn, runOwnBatches } from './own-batches.js';
import { drawRefusedRequest, type Other } from './refused-request.js';
import { watchCalls } from './watch-calls.js';

/** What the neighbour has done, once it has stopped. */
export type Misbehaviour = { deeds: Deed[]; started: { batchId: string; place: number }[] };
type Run = { neighbour: Neighbour; other: Omit<Other, 'calls'> & { carrierUrl: string } };
type Do = (kind: DeedKind, what: string, request: () => Promise<unknown>) => Promise<void>;
type Loop = { name: string; once: (random: Random) => Promise<unknown>; pauseMs: [number, number] };

const EVENT_TIMEOUT_MS = 60_000;
const SEARCHED = ['nobody has this name', 'Person 19', '+1212', 'krakow', '00121222'];
const ABANDONED_SHARE = 0.4;

/** Does everything at once, each thing again after its answer and a short pause, until it is stopped. */
export function runNeighbour(run: Run): { stop(): Promise<Misbehaviour> } {
  const { neighbour } = run;
  const { plan, stack, carrier } = neighbour;
  const deeds: Deed[] = [];
  const doOnce: Do = async (kind, what, request) => {
    const askedMs = Date.now();
    const answer = await answerOf(request());
    deeds.push({ kind, what, askedMs, answeredMs: Date.now(), ...answer });
  };
  const ask = createAsk(stack.apiUrl, stack.apiKey);
  const own = runOwnBatches(neighbour, ask);
  own.ended.catch(() => {}); // told by `stop`
  const ownBatchId = (): string | undefined => own.started.at(-1)?.batchId;
  const loops = [
    ...loadLoops(neighbour, doOnce),
    ...strangeLoops(run, doOnce),
    ...ownLoops(neighbour, doOnce, ownBatchId),
  ];
  const repeated = repeatUntilStopped(
    loops.map(({ name, once, pauseMs: [min, max] }) => {
      const random = plan.randomOf(name);
      return async () => {
        await once(random);
        await sleep(random.between(min, max));
      };
    }),
  );
  return {
    async stop() {
      await repeated.stop();
      carrier.configure(faultsOf('prompt'));
      own.stop();
      await letGoOn(ask, ownBatchId());
      await own.ended;
      return { deeds, started: own.started };
    },
  };
}

/** What takes processors and connections. Few at a time, so that two cores do the rest too. */
function loadLoops(neighbour: Neighbour, doOnce: Do): Loop[] {
  const { plan, call, searchedBatchId, uploadFile: file } = neighbour;
  const search = async (random: Random): Promise<void> => {
    const text = random.pick(SEARCHED);
    const path = `/v1/batches/${searchedBatchId}/recipients/search`;
    await doOnce('search', text, () => call('POST', path, { text }));
  };
  const upload = async (random: Random): Promise<void> => {
    const [isAbandoned, share] = [random.share() < ABANDONED_SHARE, 0.1 + 0.8 * random.share()];
    let batchId = '';
    await doOnce('upload', 'its draft', async () => (batchId = await createDraft(neighbour, 'Upload')));
    if (batchId === '') return;
    if (isAbandoned)
      await doOnce('upload abandoned', share.toFixed(2), () => abandonUpload(neighbour, batchId, file, share));
    else await doOnce('upload', 'its file', () => uploadFile(neighbour, batchId, file));
    await doOnce('upload', 'the end of its draft', () => call('DELETE', `/v1/batches/${batchId}`));
  };
  const worst = (): Promise<void> => doOnce('worst body', '40,000', () => call('POST', '/v1/batches', WORST_BODY));
  return [
    ...Array.from({ length: plan.searches }, (_, index): Loop => {
      return { name: `search ${index}`, once: search, pauseMs: [100, 400] };
    }),
    { name: 'upload', once: upload, pauseMs: [500, 1_500] },
    { name: 'worst body', once: worst, pauseMs: [500, 1_500] },
  ];
}

/** What must change nothing for the other workspace. */
function strangeLoops({ neighbour, other }: Run, doOnce: Do): Loop[] {
  const { plan, provider, stack, call } = neighbour;
  const watch = watchCalls(other.carrierUrl);
  const accountOf = { own: stack.providerAccountId, other: other.providerAccountId };
  const secret = webhookSecretOf(provider);
  const sendEvent = async (random: Random): Promise<void> => {
    const event = drawForeignEvent(random, await watch.latest(), { provider, secret, nowMs: Date.now() });
    await doOnce(event.kind, event.what, () =>
      postEvent(`${stack.apiUrl}/v1/webhooks/${accountOf[event.to]}`, event.headers, event.body),
    );
  };
  const calls = watchCalls(other.carrierUrl);
  const askRefused = async (random: Random): Promise<void> => {
    const request = drawRefusedRequest(random, { ...other, calls: await calls.latest() });
    const what = `${request.method} ${request.path}`;
    await doOnce(request.kind, what, () => call(request.method, request.path, request.body));
  };
  const shared = plan.batches.flatMap(({ phones, shared: count }) => phones.slice(0, count));
  const suppress = async (random: Random): Promise<void> => {
    const phone = random.pick(shared);
    const body = { phoneNumbers: [phone] };
    await doOnce("suppression of the other's number", phone, () => call('POST', '/v1/suppressions', body));
  };
  return [
    { name: 'event', once: sendEvent, pauseMs: [50, 250] },
    { name: 'refused request', once: askRefused, pauseMs: [150, 500] },
    { name: 'suppression', once: suppress, pauseMs: [3_000, 8_000] },
  ];
}

/** What it does to its own calls: it stops them and goes on, and its carrier changes its mood. */
function ownLoops({ carrier, call }: Neighbour, doOnce: Do, ownBatchId: () => string | undefined): Loop[] {
  const steer = async (random: Random): Promise<void> => {
    const { path, body, undo, holdMs } = drawSteering(random, ownBatchId());
    await doOnce('pause or stop of its own', path, () => call('POST', path, body));
    await sleep(holdMs);
    await doOnce('pause or stop of its own', undo, () => call('POST', undo));
  };
  const changeMood = async (random: Random): Promise<void> => {
    const { mood, holdMs } = drawMood(random);
    carrier.configure(faultsOf(mood));
    await sleep(holdMs);
  };
  return [
    { name: 'steering', once: steer, pauseMs: [1_000, 4_000] },
    { name: 'mood', once: changeMood, pauseMs: [0, 0] },
  ];
}

async function postEvent(url: string, headers: Record<string, string>, body: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(EVENT_TIMEOUT_MS) });
  const text = await response.text();
  if (response.ok) return;
  const problem = JSON.parse(text) as ApiFailure['problem'];
  throw new ApiFailure(response.status, problem, response.headers.has('retry-after'));
}
