import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

type Kind = { kind: string; credentials: { name: string; title: string; description: string; optional: boolean }[] };

it('each kind says what an account of it needs: with these fields and no others an account is taken', async () => {
  const { body } = await send(api, 'listProviderKinds', { key: api.keys.viewer });
  const kinds: Kind[] = body.data;
  expect(kinds.map(({ kind }) => kind)).toEqual(['retell', 'simulator']);
  for (const { kind, credentials } of kinds) {
    for (const { title, description } of credentials) expect([title, description]).not.toContain('');
    const needed = credentials.filter(({ optional }) => !optional).map(({ name }) => [name, 'a-secret-of-some-length']);
    const json = { kind, name: kind, baseUrl: api.carrier.url, credentials: Object.fromEntries(needed) };
    const [[first = '']] = needed as [string[]];
    expect(
      (await send(api, 'createProviderAccount', { json: { ...json, credentials: {} } })).problem.errors?.[0]?.field,
    ).toContain(first);
    expect((await send(api, 'createProviderAccount', { json })).status).toBe(201);
  }
});
