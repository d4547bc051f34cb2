import type http from 'node:http';
import type { RequestToSend } from './request-to-send.js';

/**
 * An answer whose body has still to come. `chunks` ends the connection when it is not read to its end; it throws when the
 * body is longer than `bytesMax`, stands still for a minute, or is cut off.
 */
export type StreamAnswer =
  | {
      is: 'answered';
      status: number;
      headers: http.IncomingHttpHeaders;
      chunks: AsyncIterable<Uint8Array>;
      end(): void;
    }
  | { is: 'failed'; why: string };

type Opened = { open: (request: RequestToSend) => http.ClientRequest; reasonOf: (err: unknown) => string };

/** A body that stands still for so long is given up. */
const STALLED_MS = 60_000;

/**
 * Sends a request without a body, once, and gives its answer as it comes. Follows no redirect, and never throws. Its connection is used
 * for nothing afterwards: a call that is placed on it could be lost when the other side closes it just then.
 */
export function receiveStream(
  request: RequestToSend & { bytesMax: number },
  { open, reasonOf }: Opened,
): Promise<StreamAnswer> {
  return new Promise((resolve) => {
    const { requestTimeoutMs } = request.limits;
    let req: http.ClientRequest | undefined;
    const fail = (why: string): void => {
      clearTimeout(timeout);
      resolve({ is: 'failed', why });
      req?.destroy();
    };
    const timeout = setTimeout(() => fail(`no answer within ${requestTimeoutMs} ms`), requestTimeoutMs);
    try {
      req = open({ ...request, headers: { ...request.headers, connection: 'close' } });
    } catch (err) {
      fail(`the request cannot be made: ${reasonOf(err)}`);
      return;
    }
    req.on('error', (err) => fail(reasonOf(err)));
    req.on('close', () => fail('the connection closed without an answer'));
    req.on('response', (res) => {
      clearTimeout(timeout);
      res.setTimeout(STALLED_MS, () => res.destroy(new Error('the answer stood still')));
      // Of a body that nobody reads.
      res.on('error', () => undefined);
      const { statusCode: status = 0, headers } = res;
      resolve({ is: 'answered', status, headers, chunks: atMost(request.bytesMax, res), end: () => res.destroy() });
    });
    req.end();
  });
}

async function* atMost(bytesMax: number, res: http.IncomingMessage): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of res as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`the answer has more than ${bytesMax} bytes`);
    yield chunk;
  }
  if (!res.complete) throw new Error('the answer was cut off');
}
