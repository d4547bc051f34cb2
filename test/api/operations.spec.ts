import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ERRORS } from '../../api/http/error-table.js';
import type { Operation } from '../../api/http/operation.js';
import { operations } from '../../api/routes/all-operations.js';
import { createMailer } from '../../platform/mail/mailer.js';
import { createApiKey, revokeApiKey } from '../../store/people/api-keys.js';
import { requireEnvironment } from '../support/database.js';
import { agentCases } from './agents/cases.js';
import { batchCases } from './batches/cases.js';
import { createBatchCases } from './batches/create-cases.js';
import { importCases } from './imports/cases.js';
import { busyCases } from './operations/busy-cases.js';
import { ifMatchCases } from './operations/if-match-cases.js';
import { jobCases } from './jobs/cases.js';
import { operationCases } from './operations/cases.js';
import { refusalCases } from './operations/refusal-cases.js';
import { peopleCases } from './people/cases.js';
import { phoneNumberCases } from './phone-numbers/cases.js';
import { providerAccountCases } from './provider-accounts/cases.js';
import { recipientCases } from './recipients/cases.js';
import { rulePackCases } from './rule-packs/cases.js';
import { suppressionCases } from './suppressions/cases.js';
import { foreignIds, REQUESTS } from './support/requests.js';
import {
  seen,
  send,
  startBrokenApi,
  startTestApi,
  type BrokenApi,
  type Sent,
  type TestApi,
} from './support/test-api.js';
import { webhookCases } from './webhooks/cases.js';

let api: TestApi;
beforeAll(async () => {
  // Nobody listens there: the link is in the answer, as it is without a mailer.
  api = await startTestApi({ mailer: createMailer('smtp://127.0.0.1:9', { name: '', address: 'us@example.com' }) });
});
afterAll(() => api.stop());

const keyed = operations.filter((operation) => operation.role !== null);
const isJson = ({ bodyKind }: Operation): boolean => bodyKind === 'json' || bodyKind === 'recipients';
const withJson = operations.filter(isJson);
const withBody = operations.filter((operation) => isJson(operation) || operation.bodyKind === 'multipart');
const idempotent = keyed.filter((operation) => operation.method === 'post');
const requestOf = (operation: Operation): Promise<Sent> => REQUESTS[operation.id]!(api);
const ids = (list: readonly Operation[]): [string, Operation][] => list.map((operation) => [operation.id, operation]);

describe('every operation', () => {
  it.each(ids(operations))('%s answers a right request', async (id, operation) => {
    const { status } = await send(api, id, await requestOf(operation));
    expect(Object.keys(operation.responses).map(Number)).toContain(status);
  });

  it.each(ids(keyed))(
    '%s refuses no key, a wrong one, a revoked one and one that has expired',
    async (id, operation) => {
      for (const wrong of [null, 'dw_wrong', `dw_${'a'.repeat(49)}`, ...(await createKeysOfNoUse())]) {
        // Without the cookie of those that belong to a person.
        const request = { ...(await requestOf(operation)), headers: {}, key: wrong };
        const { status, headers } = await send(api, id, request);
        expect(status).toBe(401);
        expect(headers.get('www-authenticate')).toContain('Bearer');
      }
    },
  );

  it.each(ids(keyed.filter(({ role }) => role !== 'viewer')))(
    '%s refuses a key whose role is too low',
    async (id, operation) => {
      const { status, problem } = await send(api, id, { ...(await requestOf(operation)), key: api.keys.viewer });
      expect([status, problem.code]).toEqual([403, 'forbidden']);
    },
  );

  it.each(ids(operations.filter(({ params }) => params)))(
    '%s finds nothing under an id of another workspace, of another kind, or of nothing',
    async (id, operation) => {
      const request = await requestOf(operation);
      const foreign = await foreignIds(api);
      for (const value of [
        foreign[Object.keys(request.params ?? {})[0]!]!,
        'evt_0190a6f2c8e87b4f9d1e2a3b4c5d6e7f',
        'x',
        '%00',
        'BAT_0190',
      ]) {
        const { status, problem } = await send(api, id, {
          ...request,
          params: { [Object.keys(request.params ?? {})[0]!]: value },
        });
        expect([value, status, problem.code]).toEqual([value, 404, 'not_found']);
      }
    },
  );

  it.each(ids(withJson))(
    '%s refuses broken JSON, a body that is too large, another content type and unknown fields',
    async (id, operation) => {
      const request = { ...(await requestOf(operation)), json: undefined };
      const broken = await send(api, id, { ...request, raw: { body: '{"name": ', type: 'application/json' } });
      expect([broken.status, broken.problem.code]).toEqual([400, 'invalid_json']);
      const large = await send(api, id, { ...request, json: { name: 'x'.repeat(25_000) } });
      expect([large.status, large.problem.code]).toEqual([413, 'body_too_large']);
      expect(large.problem.detail).toContain('CSV');
      const form = await send(api, id, {
        ...request,
        raw: { body: 'name=x', type: 'application/x-www-form-urlencoded' },
      });
      expect([form.status, form.problem.code]).toEqual([415, 'unsupported_media_type']);
      const unknown = await send(api, id, { ...request, json: { nonsense: 1 } });
      expect([unknown.status, unknown.problem.code]).toEqual([422, 'validation_failed']);
      expect(unknown.problem.errors).toContainEqual(
        expect.objectContaining({ field: 'nonsense', code: 'unknown_field' }),
      );
    },
  );

  it.each(ids(operations.filter(({ query }) => query)))(
    '%s refuses a query that is not valid',
    async (id, operation) => {
      const { status, problem } = await send(api, id, {
        ...(await requestOf(operation)),
        query: {
          ...{ limit: '0', autoConfirm: 'perhaps', encoding: 'perhaps', numbersWithoutPlus: 'perhaps' },
          ...{ applied: 'perhaps', bucket: 'perhaps', from: 'perhaps', plainNumbers: 'perhaps', kind: 'perhaps' },
        },
      });
      expect([status, problem.code]).toEqual([422, 'validation_failed']);
    },
  );

  it.each(ids(operations.filter(({ id, query }) => id.startsWith('list') && query)))(
    '%s refuses a cursor that is not one',
    async (id, operation) => {
      for (const cursor of [
        'nonsense',
        Buffer.from('["1; DROP TABLE batches"]').toString('base64url'),
        Buffer.from('{}').toString('base64url'),
      ]) {
        const { status, problem } = await send(api, id, { ...(await requestOf(operation)), query: { cursor } });
        expect([status, problem.errors[0]?.field]).toEqual([422, 'cursor']);
      }
    },
  );

  it.each(ids(idempotent))(
    '%s carries out a repeated Idempotency-Key once, and refuses it for anything else',
    async (id, operation) => {
      const headers = { 'idempotency-key': randomUUID() };
      const request = { ...(await requestOf(operation)), headers };
      const first = await send(api, id, request);
      const again = await send(api, id, request);
      expect(again.status).toBe(first.status);
      const hidden = (operation.shownOnce ?? []).map((field) => [field, null]);
      expect(again.body).toEqual({ ...first.body, ...Object.fromEntries(hidden) });
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      const other = await send(api, id, {
        ...(await requestOf(operation)),
        ...(operation.bodyKind === 'multipart' && { file: { name: 'b.csv', content: 'phone_number\n+12025550199' } }),
        headers,
      });
      expect([other.status, other.problem.code]).toEqual([422, 'idempotency_key_reused']);
    },
  );

  it.each(ids(idempotent))(
    '%s is not carried out while the first with its key is being answered; is, once that process is lost',
    async (id, operation) => {
      const key = randomUUID();
      const request = { ...(await requestOf(operation)), headers: { 'idempotency-key': key } };
      // The answer is taken away: as if the process had died just before it was stored.
      const first = await send(api, id, request);
      await api.db.pool.query('UPDATE idempotency_keys SET status = NULL, response = NULL WHERE key = $1', [key]);
      const during = await send(api, id, request);
      expect([during.status, during.problem.code, during.headers.get('retry-after')]).toEqual([
        409,
        'request_in_progress',
        '1',
      ]);
      await api.db.pool.query(
        `UPDATE idempotency_keys SET locked_at = dialwright_now() - interval '61 s' WHERE key = $1`,
        [key],
      );
      const rowsBefore = await countRows();
      const after = await send(api, id, request);
      expect(after.status).toBe(first.status);
      expect(after.body.id).toBe(first.body.id);
      expect(await countRows()).toEqual(rowsBefore);
    },
  );

  describe('without its database', () => {
    let broken: BrokenApi;
    let away: BrokenApi;
    beforeAll(async () => {
      broken = await startBrokenApi(requireEnvironment('TEST_DATABASE_URL'));
      away = await startBrokenApi('postgresql://nobody@127.0.0.1:9/nothing');
    });
    afterAll(() => Promise.all([broken.stop(), away.stop()]));

    it.each(ids(operations.filter(({ errorCodes }) => errorCodes.includes('internal_error'))))(
      '%s says no more than that it failed',
      async (id, operation) => {
        const request = await requestOf(operation);
        const failed = await send(broken, id, { key: api.keys.admin, ...fromPageOf(broken, request) });
        expect([failed.status, failed.problem.code]).toEqual([500, 'internal_error']);
        expect(failed.problem.detail).toMatch(/^Something went wrong on our side/);
        const unavailable = await send(away, id, { key: api.keys.admin, ...fromPageOf(away, request) });
        expect([unavailable.status, unavailable.problem.code, unavailable.problem.retryable]).toEqual([
          503,
          'database_unavailable',
          true,
        ]);
      },
    );
  });
});

/** The cases of each resource. They run on this API, so that every status they see counts in `the suite` below. */
for (const addCases of [
  createBatchCases,
  batchCases,
  recipientCases,
  importCases,
  jobCases,
  agentCases,
  phoneNumberCases,
  providerAccountCases,
  webhookCases,
  operationCases,
  suppressionCases,
  rulePackCases,
  peopleCases,
  busyCases,
  ifMatchCases,
  refusalCases,
])
  addCases(() => api);

describe('the suite', () => {
  it('has seen every status that every operation declares', () => {
    const declared = operations.flatMap(({ id, responses, errorCodes }) =>
      [...Object.keys(responses), ...errorCodes.map((code) => ERRORS[code].status)].map((status) => `${id} ${status}`),
    );
    expect([...new Set(declared)].filter((pair) => !seen.has(pair))).toEqual([]);
  });

  it('knows a right request for every operation, and every operation that takes a body checks it', () => {
    expect(Object.keys(REQUESTS).sort()).toEqual(operations.map(({ id }) => id).sort());
    expect(withBody.every(({ errorCodes }) => errorCodes.includes('unsupported_media_type'))).toBe(true);
  });
});

/** A request of a browser says which page it comes from. */
function fromPageOf({ url }: { url: string }, request: Sent): Sent {
  return request.headers?.['origin'] ? { ...request, headers: { ...request.headers, origin: url } } : request;
}

async function createKeysOfNoUse(): Promise<string[]> {
  const { workspaceId } = api.workspace;
  const admin = { workspaceId, name: 'old', role: 'admin' } as const;
  const revoked = await createApiKey(api.db, admin);
  await revokeApiKey(api.db, { workspaceId, actor: 'test', commandId: null }, revoked.apiKeyId);
  const expired = await createApiKey(api.db, { ...admin, expiresAt: new Date(Date.now() - 1) });
  return [revoked.key, expired.key];
}

async function countRows(): Promise<unknown> {
  const { rows } = await api.db.pool.query(
    `SELECT (SELECT count(*) FROM batches) AS batches, (SELECT count(*) FROM recipients) AS recipients, (SELECT count(*) FROM imports) AS imports,
       (SELECT count(*) FROM agents) AS agents, (SELECT count(*) FROM phone_numbers) AS numbers, (SELECT sum(version) FROM batches) AS versions`,
  );
  return rows[0];
}
