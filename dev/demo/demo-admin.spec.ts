import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publicId } from '../../domain/ids.js';
import { send, startTestApi, type TestApi } from '../../test/api/support/test-api.js';
import { DEMO_ADMIN, makeDemoLink } from './demo-admin.js';
import { startText } from './start-text.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

it('npm start prints a link that signs the demo admin in, once; each start prints another one', async () => {
  const { url: apiUrl, keys, db, workspace } = api;
  const workspaceId = publicId('workspace', workspace.workspaceId);
  const stack = {
    apiUrl,
    apiKey: keys.admin,
    temporalUiUrl: null,
    carrierUrl: 'http://127.0.0.1:1',
    fromNumberId: 'num_1',
  };
  const start = async (): Promise<string> => {
    const text = startText(stack, await makeDemoLink({ databaseUrl: db.url, workspaceId, apiUrl }));
    const [, address, token] = /^ {2}Sign-in link +(http:\S+)\/#\/welcome\/([\w-]{43})$/m.exec(text) ?? [];
    expect(address).toBe(apiUrl);
    return token!;
  };
  const spend = (token: string) =>
    send(api, 'spendLink', {
      json: { token, password: 'a sentence that I chose' },
      headers: { origin: apiUrl, 'sec-fetch-site': 'same-origin' },
      key: null,
    });
  const [first, second] = [await start(), await start()];
  const { status, body } = await spend(first);
  expect([status, body.member]).toEqual([200, expect.objectContaining({ email: DEMO_ADMIN, role: 'admin' })]);
  expect((await spend(first)).status).toBe(409);
  expect((await spend(second)).status).toBe(409);
  const third = await spend(await start());
  expect(third.body.member.id).toBe(body.member.id);
});
