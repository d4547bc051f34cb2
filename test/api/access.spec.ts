import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operations } from '../../api/routes/all-operations.js';
import { ID_PREFIXES, publicId, type IdKind } from '../../domain/ids.js';
import { ROLES, type Role } from '../../domain/people/roles.js';
import { apiDocument as document, type Documented, type Schema } from './support/document.js';
import { CREDENTIALS, foreignIds, forgetConfirmation, newMember, newSession, REQUESTS } from './support/requests.js';
import { send, startTestApi, type Sent, type TestApi } from './support/test-api.js';

/**
 * Who may do what, generated from the OpenAPI document: an operation that is added is tried without a line here. Keys of no use,
 * and ids of others in the path, are tried by operations.spec.
 */
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

type Guarded = Documented & { security: unknown[]; 'x-lowest-role'?: Role; 'x-needs-confirmation'?: string };
const documented = Object.values(document.paths as Record<string, Record<string, Guarded>>).flatMap((methods) =>
  Object.values(methods),
);
const requestOf = (id: string): Promise<Sent> => REQUESTS[id]!(api);

/** What anybody may ask for: the provider signs its events, and the others tell nothing of a workspace. */
const PUBLIC = [
  'askPasswordLink',
  'beginOidc',
  'finishOidc',
  'getHealth',
  'getOpenApi',
  'getReadiness',
  'receiveWebhook',
  'signIn',
  'spendLink',
];
/** What belongs to a person, and is nothing to a key. */
const PERSONAL = [
  'getSession',
  'switchWorkspace',
  'confirmSession',
  'signOut',
  'listSessions',
  'endSession',
  'changePassword',
  'getSecondFactor',
  'beginSecondFactor',
  'confirmSecondFactor',
  'turnOffSecondFactor',
];

it('needs a key for everything but what anybody may ask for', () => {
  const open = documented.filter(({ security }) => security.length === 0);
  expect(open.map(({ operationId }) => operationId).sort()).toEqual(PUBLIC);
  expect(documented.filter((one) => one.security.length > 0 && !one['x-lowest-role'])).toEqual([]);
  expect(documented.map(({ operationId }) => operationId).sort()).toEqual(operations.map(({ id }) => id).sort());
});

const byRole = documented.flatMap(({ operationId, 'x-lowest-role': lowest }) =>
  lowest ? ROLES.map((role): [string, Role, Role] => [operationId, role, lowest]) : [],
);
it.each(byRole)('%s by a key with the role %s', async (id, role, lowest) => {
  // A stop is lifted by the role that set it, or a higher one.
  if (id === 'liftEmergencyStop') await send(api, id, { json: {} });
  const { status, problem } = await send(api, id, { ...(await requestOf(id)), key: api.keys[role] });
  if (PERSONAL.includes(id)) expect([status, problem.code]).toEqual([409, 'not_signed_in']);
  else if (ROLES.indexOf(role) < ROLES.indexOf(lowest)) expect([status, problem.code]).toEqual([403, 'forbidden']);
  else expect([status, status < 400]).toEqual([status, true]);
});

const withSession = documented.flatMap(({ operationId, security }) => (security.length > 0 ? [operationId] : []));
describe('a session', () => {
  // Refused before anything of the request is looked at, so that any will do.
  const ask = (id: string, headers: Record<string, string>) => send(api, id, { headers, key: null });
  const sessions: Record<'good' | 'ended' | 'removed', Record<string, string>> = { good: {}, ended: {}, removed: {} };
  beforeAll(async () => {
    const ends = {
      good: 'SELECT $1::text',
      ended: `DELETE FROM sessions WHERE sess ->> 'personId' = (SELECT id::text FROM people WHERE email = $1)`,
      removed: 'DELETE FROM members WHERE person_id = (SELECT id FROM people WHERE email = $1)',
    };
    for (const [which, end] of Object.entries(ends)) {
      const { email, headers } = await newSession(api);
      await api.db.pool.query(end, [email]);
      sessions[which as keyof typeof sessions] = headers;
    }
  });

  it.each(withSession)(
    '%s is not taken from another site, nor from a page that does not say where it is',
    async (id) => {
      const cookie = sessions.good['cookie']!;
      const { method } = operations.find((operation) => operation.id === id)!;
      const given: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
      if (method !== 'get') given.push({});
      for (const headers of given) {
        const { status, problem } = await ask(id, { cookie, ...headers });
        expect([status, problem.code]).toEqual([403, 'cross_site']);
      }
    },
  );

  it.each(withSession)('%s is nothing to a session that was ended, or whose member was removed', async (id) => {
    for (const headers of [sessions.ended, sessions.removed]) expect((await ask(id, headers)).status).toBe(401);
  });

  describe('of a person without a second factor, where the workspace requires one', () => {
    const require = (isRequired: boolean) =>
      api.db.pool.query('UPDATE workspaces SET requires_second_factor = $2 WHERE id = $1', [
        api.workspace.workspaceId,
        isRequired,
      ]);
    beforeAll(() => require(true));
    afterAll(() => require(false));
    it.each(withSession.filter((id) => !PERSONAL.includes(id)))('gets no %s', async (id) => {
      const { status, problem } = await ask(id, sessions.good);
      expect([status, problem.code]).toEqual([403, 'second_factor_required']);
    });
  });
});

/** Where only some requests need a confirmation: one that does. */
const ASKING: Record<string, () => Promise<Sent>> = {
  updateMember: async () => {
    const params = { memberId: await newMember(api) };
    await send(api, 'updateMember', { params, json: { role: 'viewer' } });
    return { params, json: { role: 'operator' } };
  },
  updateWorkspace: () => Promise.resolve({ json: { requiresSecondFactor: false } }),
  updateProviderAccount: async () => ({
    ...(await requestOf('updateProviderAccount')),
    json: { credentials: CREDENTIALS },
  }),
};
/** What gives somebody access, or takes a protection away: a new one comes here by its definition. */
const needing = documented.flatMap(({ operationId, 'x-needs-confirmation': when }): [string, string][] =>
  when ? [[operationId, when]] : [],
);

describe('what gives access, or takes a protection away, with a session', () => {
  it('is known', () => {
    expect(needing.map(([id]) => id).sort()).toEqual([
      'createApiKey',
      'createMemberLink',
      'createProviderAccount',
      'inviteMember',
      'resetSecondFactor',
      'rollApiKey',
      'updateMember',
      'updateProviderAccount',
      'updateWorkspace',
    ]);
    const sometimes = needing.flatMap(([id, when]) => (when === 'always' ? [] : [id]));
    expect(sometimes.sort()).toEqual(Object.keys(ASKING).sort());
  });

  it.each(needing)('%s (%s) wants the person to have shown lately who it is', async (id) => {
    const { email, headers } = await newSession(api);
    const ask = async (sent: Sent) => send(api, id, { ...sent, headers, key: null });
    const request = await (ASKING[id]?.() ?? requestOf(id));
    await forgetConfirmation(api, email);
    const before = await everythingOf(api.workspace.workspaceId);
    const refused = await ask(request);
    expect([refused.status, refused.problem.code]).toEqual([403, 'confirmation_required']);
    expect(refused.problem.detail).toContain('PUT /v1/session/confirmation');
    expect(await everythingOf(api.workspace.workspaceId)).toEqual(before);
    // Other requests of an operation that only sometimes needs it.
    if (ASKING[id]) expect((await ask(await requestOf(id))).status).toBeLessThan(400);
    const fresh = await newSession(api);
    expect((await send(api, id, { ...request, headers: fresh.headers, key: null })).status).toBeLessThan(400);
  });
});

type IdField = { kind: IdKind; where: 'query' | 'json'; path: string[] };

/** Fields that name something, by the examples that the document has for ids. */
function idFieldsOf({ parameters = [], requestBody }: Documented): IdField[] {
  const found: IdField[] = [];
  for (const { in: where, name, schema } of parameters) {
    const kind = kindOf(schema);
    if (where === 'query' && kind) found.push({ kind, where, path: [name] });
  }
  const body = requestBody?.content['application/json']?.schema;
  if (body) collect(body, [], found);
  return found;
}

function collect(schema: Schema, path: string[], found: IdField[]): void {
  const known = schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)!]! : schema;
  const kind = kindOf(known);
  if (kind && path.length > 0) found.push({ kind, where: 'json', path });
  for (const part of ['anyOf', 'allOf', 'oneOf'])
    for (const option of (known[part] as Schema[] | undefined) ?? []) collect(option, path, found);
  for (const [name, property] of Object.entries(known.properties ?? {})) collect(property, [...path, name], found);
}

function kindOf({ example }: Schema): IdKind | null {
  const kinds = Object.keys(ID_PREFIXES) as IdKind[];
  return kinds.find((kind) => typeof example === 'string' && example.startsWith(`${ID_PREFIXES[kind]}_0`)) ?? null;
}

const named = documented.flatMap((one) =>
  idFieldsOf(one).map((field): [string, string, IdField] => [one.operationId, field.path.join('.'), field]),
);

describe('an id of another workspace', () => {
  it('is tried wherever the document has an id', () => {
    const names = named.map(([id, path]) => `${id} ${path}`);
    for (const expected of ['createBatch fromNumberId', 'createBatch agentId', 'createAgent providerAccountId'])
      expect(names).toContain(expected);
    expect(names.length).toBeGreaterThan(10);
  });

  it.each(named)('is nothing to %s in %s', async (id, _path, { kind, where, path }) => {
    const request = await requestOf(id);
    const theirs = {
      ...(await foreignIds(api)),
      providerAccountId: publicId('providerAccount', api.other.workspace.providerAccountId),
    } as Record<string, string>;
    const foreign = theirs[`${kind}Id`]!;
    const before = await everythingOfOthers();
    const given = where === 'query' ? { query: { ...request.query, [path[0]!]: foreign } } : {};
    const json = where === 'json' ? { json: withField(request.json, path, foreign) } : {};
    const { status, body } = await send(api, id, { ...request, ...given, ...json });
    // A filter finds nothing; everything else is refused.
    if (status < 400) expect(typeof body === 'string' ? body.trim().split('\n').slice(1) : body.data).toEqual([]);
    else expect([404, 409, 422]).toContain(status);
    expect(await everythingOfOthers()).toEqual(before);
  });
});

function withField(json: unknown, [name = '', ...rest]: string[], value: string): Record<string, unknown> {
  const fields = (json ?? {}) as Record<string, unknown>;
  return { ...fields, [name]: rest.length === 0 ? value : withField(fields[name], rest, value) };
}

/** What the other workspace has, but for what this test seeds itself. */
const everythingOfOthers = () => everythingOf(api.other.workspace.workspaceId);

async function everythingOf(workspaceId: string): Promise<unknown> {
  const { rows } = await api.db.pool.query(
    `SELECT (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id) FROM agents a WHERE a.workspace_id = $1) AS agents,
       (SELECT jsonb_agg(to_jsonb(n) ORDER BY n.id) FROM phone_numbers n WHERE n.workspace_id = $1) AS numbers,
       (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.id) FROM provider_accounts p WHERE p.workspace_id = $1) AS accounts,
       (SELECT count(*) FROM api_keys k WHERE k.workspace_id = $1) AS keys,
       (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.id) FROM members m WHERE m.workspace_id = $1) AS members,
       (SELECT count(*) FROM audit_events e WHERE e.workspace_id = $1 AND e.action <> 'create key') AS events`,
    [workspaceId],
  );
  return rows[0];
}
