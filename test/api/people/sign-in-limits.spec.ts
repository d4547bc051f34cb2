import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../../platform/settings.js';
import { codeAt } from '../../support/second-factor.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { GOOD, newEmail, peopleOf, tokenIn } from './browser.js';

const OF_ADDRESS_MAX = 12;
let api: TestApi;
beforeAll(async () => {
  const settings = { ...readSettings({}), signInTriesOfAddressMax: OF_ADDRESS_MAX };
  api = await startTestApi({ trustProxy: 1, settings });
});
afterAll(() => api.stop());

const { browser, invite, signedIn } = peopleOf(() => api);
let counter = 0;
const newAddress = () => `198.51.100.${++counter}`;
/** How many wrong tries for nobody an address has left. */
const leftAt = async (address: string): Promise<number> => {
  for (let left = 0; ; left++)
    if ((await browser(address).signIn(newEmail(), 'a wrong sentence')).status === 429) return left;
};

describe('an office behind one address', () => {
  it('signs in as often as it likes: what was right gives its own try back', async () => {
    const office = newAddress();
    const { email } = await signedIn();
    for (let time = 0; time < 2 * OF_ADDRESS_MAX; time++)
      expect((await browser(office).signIn(email)).status).toBe(200);
    for (let time = 0; time < 2 * OF_ADDRESS_MAX; time++) {
      const json = { token: tokenIn((await invite()).link), password: GOOD };
      expect((await browser(office).ask('spendLink', { json })).status).toBe(200);
    }
    expect(await leftAt(office)).toBe(OF_ADDRESS_MAX);
  });

  it('with second factors, too: a try that lacked the code alone is given back with it', async () => {
    const office = newAddress();
    const { email, client } = await signedIn();
    const { body } = await client.ask('beginSecondFactor', { json: { password: GOOD } });
    const code = codeAt(body.secret, Date.now());
    const { recoveryCodes } = (await client.ask('confirmSecondFactor', { json: { code } })).body;
    for (let time = 0; time < 3; time++)
      expect((await browser(office).signIn(email)).problem.code).toBe('second_factor_wanted');
    expect((await browser(office).signIn(email, GOOD, recoveryCodes[0])).status).toBe(200);
    expect(await leftAt(office)).toBe(OF_ADDRESS_MAX);
  });
});

it('links that are none lock no link of the same address', async () => {
  const address = newAddress();
  for (let time = 0; time < 11; time++) {
    const json = { token: `none-${time}`, password: GOOD };
    expect((await browser(address).ask('spendLink', { json })).status).toBe(409);
  }
  const json = { token: tokenIn((await invite()).link), password: GOOD };
  expect((await browser(address).ask('spendLink', { json })).status).toBe(200);
});

describe('who alternates right and wrong', () => {
  it('guesses at an address no more than others', async () => {
    const address = newAddress();
    const { email } = await signedIn();
    let wrong = 0;
    for (; wrong <= OF_ADDRESS_MAX; wrong++) {
      await browser(address).signIn(email);
      if ((await browser(address).signIn(newEmail(), 'a wrong sentence')).status === 429) break;
    }
    expect(wrong).toBe(OF_ADDRESS_MAX);
    // It is an address like others: the right password is refused by now, too.
    expect((await browser(address).signIn(email)).status).toBe(429);
  });

  it('guesses at one account no more than others, by a sign-in or by links', async () => {
    const { email } = await signedIn();
    const statuses: number[] = [];
    const address = newAddress();
    for (let time = 0; time < 11; time++) {
      if (time === 5) expect((await browser(address).signIn(email)).status).toBe(200);
      statuses.push((await browser(address).signIn(email, 'a wrong sentence')).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
    const other = { ...api, keys: api.other.keys };
    const { body } = await send(other, 'inviteMember', { json: { email, name: 'X', role: 'viewer' } });
    const byLink = newAddress();
    const guesses: number[] = [];
    for (let time = 0; time < 11; time++) {
      const own = { token: tokenIn((await invite()).link), password: GOOD };
      if (time === 5) expect((await browser(byLink).ask('spendLink', { json: own })).status).toBe(200);
      const json = { token: tokenIn(body.link), password: 'a wrong sentence' };
      guesses.push((await browser(byLink).ask('spendLink', { json })).status);
    }
    expect(guesses).toEqual([...Array<number>(10).fill(401), 429]);
  });
});
