import { expect } from '@jest/globals';
import { send, type Received, type Sent, type TestApi } from '../support/test-api.js';

export const GOOD = 'a sentence that nobody else has';
export const tokenIn = (link: string): string => link.split('/').at(-1)!;

let counter = 0;
export const newEmail = () => `person${++counter}@example.com`;

/** What people do, at their browsers, with an API that trusts one proxy. */
export function peopleOf(getApi: () => TestApi) {
  /** A browser: keeps the cookie that it was given, and says where its requests come from. */
  function browser(address = `203.0.113.${++counter % 250}`) {
    let cookie = '';
    const client = {
      cookie: () => cookie,
      async ask(operation: string, sent: Sent = {}): Promise<Received> {
        const own = { origin: getApi().url, 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) };
        const headers = { 'x-forwarded-for': address, ...own, ...sent.headers };
        const received = await send(getApi(), operation, { ...sent, headers, key: null });
        const [given] = received.headers.getSetCookie();
        if (given) cookie = given.split(';')[0]!;
        return received;
      },
      signIn: (email: string, password = GOOD, code?: string) =>
        client.ask('signIn', { json: { email, password, ...(code !== undefined && { code }) } }),
    };
    return client;
  }

  async function invite(role = 'admin', email = newEmail()): Promise<{ id: string; email: string; link: string }> {
    const { status, body } = await send(getApi(), 'inviteMember', { json: { email, name: 'Ada Lovelace', role } });
    expect(status).toBe(201);
    return body;
  }

  /** Somebody who has chosen a password, and is signed in. */
  async function signedIn(role = 'admin') {
    const member = await invite(role);
    const client = browser();
    const { status } = await client.ask('spendLink', { json: { token: tokenIn(member.link), password: GOOD } });
    expect(status).toBe(200);
    return { ...member, client };
  }

  return { browser, invite, signedIn };
}
