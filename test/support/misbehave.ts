import { ApiFailure } from '../../dev/demo/api-client.js';

/** As long as a body may be, and none of its recipients is one. */
export const WORST_BODY = { name: 'worst', recipients: Array.from({ length: 40_000 }, () => null) };

/** What became of a request. `status` is null when there was no answer. */
export type Answer = { status: number | null; code: string | null; saysWhen: boolean };

/** A refusal is an answer. 200 stands for every answer that is none. */
export async function answerOf(request: Promise<unknown>): Promise<Answer> {
  try {
    await request;
    return { status: 200, code: null, saysWhen: false };
  } catch (err) {
    if (!(err instanceof ApiFailure)) return { status: null, code: null, saysWhen: false };
    return { status: err.status, code: err.problem.code ?? null, saysWhen: err.saysWhen };
  }
}

/** All of these at once, each again as soon as it is done, until they are stopped. */
export function repeatUntilStopped(works: readonly (() => Promise<unknown>)[]): { stop(): Promise<void> } {
  let isStopped = false;
  const repeat = async (work: () => Promise<unknown>): Promise<void> => {
    while (!isStopped) await work();
  };
  const loops = works.map(repeat);
  for (const loop of loops) loop.catch(() => {}); // told by `stop`
  return {
    async stop() {
      isStopped = true;
      await Promise.all(loops);
    },
  };
}
