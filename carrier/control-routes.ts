import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { answerJson, readJson, urlOf, type RouteDeps } from './http.js';
import type { LedgerEntry } from './request-record.js';
import { SimulatorSettingsError } from './settings.js';

const PAGE_DEFAULT = 1_000;
const PAGE_MAX = 5_000;

/** What tests, benches and the demo steer and read. Without a key: the server listens on the loopback only. */
export async function answerControl(deps: RouteDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { pathname, searchParams } = urlOf(req);
  switch (`${req.method} ${pathname}`) {
    case 'GET /control/config':
      return answerJson(res, 200, deps.settings());
    case 'PUT /control/config':
      return changeConfig(deps, req, res);
    case 'POST /control/reset':
      deps.carrier.reset();
      return answerJson(res, 200, deps.carrier.totals());
    case 'GET /control/totals':
      return answerJson(res, 200, { ...deps.carrier.totals(), referencesTwice: deps.ledger.referencesTwice() });
    case 'GET /control/ledger':
      return answerPage(deps, searchParams, res);
    case 'GET /control/ledger.ndjson':
      res.writeHead(200, { 'content-type': 'application/x-ndjson' });
      return pipeline(Readable.from(linesOf(deps.ledger.entries())), res);
    default:
      return answerJson(res, 404, { error: `there is no ${req.method} ${pathname}` });
  }
}

async function changeConfig({ configure }: RouteDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const patch = await readJson(req);
  try {
    answerJson(res, 200, configure(patch));
  } catch (err) {
    if (!(err instanceof SimulatorSettingsError)) throw err;
    answerJson(res, 400, { error: err.message });
  }
}

function answerPage({ carrier, ledger }: RouteDeps, searchParams: URLSearchParams, res: ServerResponse): void {
  const after = Number(searchParams.get('after') ?? 0);
  const limit = Number(searchParams.get('limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(after) || after < 0 || !Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
    return answerJson(res, 400, { error: `after is a whole number from 0, limit one from 1 to ${PAGE_MAX}` });
  }
  answerJson(res, 200, { ...carrier.totals(), ...ledger.page(after, limit) });
}

function* linesOf(entries: Iterable<LedgerEntry>): Iterable<string> {
  for (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}
