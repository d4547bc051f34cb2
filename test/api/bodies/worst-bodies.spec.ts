import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { readSettings } from '../../../platform/settings.js';
import { batchBody, draft } from '../support/requests.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';

const LISTS_MAX = 2;
/** Longer than one of these lists takes: the one that keeps its place gets it first. */
const PLACE_WAIT_MS = 4_000;
const TRIES_MAX = 10;

let api: TestApi;
beforeAll(async () => {
  // The limits that the product ships with, but for the places of large lists.
  const settings = { ...readSettings({}), recipientListsMax: LISTS_MAX, recipientListWaitMs: PLACE_WAIT_MS };
  api = await startTestApi({ settings });
});
afterAll(() => api.stop());

const MANY = 8_000_000;
const json = (body: string) => ({ raw: { body, type: 'application/json' } });
const create = (member: string): Promise<Received> => send(api, 'createBatch', json(`{${member}}`));
const add = async (recipients: string): Promise<Received> =>
  send(api, 'addRecipients', { params: { batchId: await draft(api) }, ...json(`{"recipients":[${recipients}]}`) });
const keys = (count: number, value: string): string =>
  Array.from({ length: count }, (_, index) => `"k${index}":${value}`).join();

describe('a body that is made to keep the API busy', () => {
  it.each([
    ['4.9 million recipients that are no objects', () => '1,'.repeat(4_900_000) + '1'],
    ['330,000 bad recipients', () => '{"phoneNumber":"12a"},'.repeat(330_000) + '{}'],
    ['5,001 good ones', () => '{"phoneNumber":"+12025550123"},'.repeat(5_000) + '{"phoneNumber":"+12025550123"}'],
  ])('%s are too many, for create as for add', async (_what, make) => {
    const recipients = make();
    for (const { status, problem } of [await create(`"recipients":[${recipients}]`), await add(recipients)])
      expect([status, problem.code]).toEqual([422, 'too_many_recipients']);
  });

  it.each([
    ['no objects', '1', 'recipients[0]', 'not_an_object'],
    ['without a number', '{}', 'recipients[0].phoneNumber', 'wrong_type'],
    [
      'whose numbers are spaces',
      `{"phoneNumber":"${' '.repeat(1_000)}x"}`,
      'recipients[0].phoneNumber',
      'phone_too_long',
    ],
    ['with unknown fields', `{${keys(50, '1')}}`, 'recipients[0].k0', 'unknown_field'],
  ])('5,000 recipients that are %s are told by the first mistakes', async (_what, recipient, field, code) => {
    const { status, problem } = await add(Array(5_000).fill(recipient).join());
    expect([status, problem.code, problem.errors.length]).toEqual([422, 'validation_failed', 100]);
    expect(problem.detail).toMatch(/^More than 100 mistakes in the recipients/);
    expect(problem.errors[0]).toMatchObject({ field, code });
  });

  it.each([
    ['600,000 variables', () => `{"phoneNumber":"+12025550123","variables":{${keys(600_000, '"x"')}}}`],
    ['a number of 150,000 characters', () => `{"phoneNumber":"${' '.repeat(150_000)}x"}`],
    ['digits that never end', () => '1'.repeat(150_000)],
    ['a text that never ends', () => `"${'x'.repeat(1_000_000)}`],
  ])('a recipient with %s is larger than one may be', async (_what, make) => {
    const { status, problem } = await add(make());
    expect([status, problem.errors]).toEqual([
      422,
      [expect.objectContaining({ field: 'recipients[0]', code: 'too_large' })],
    ]);
  });

  it('that is nested deeper than any is not read to its end', async () => {
    const { status, problem } = await add('['.repeat(5_000_000));
    expect([status, problem.errors]).toEqual([
      422,
      [expect.objectContaining({ field: 'recipients[0]', code: 'too_deep' })],
    ]);
  });

  it('tells no more of a field and a mistake than a person reads', async () => {
    const { problem } = await add(`{"phoneNumber":"+12025550123","variables":{"${'k'.repeat(60_000)}":1}}`);
    expect(problem.errors).toHaveLength(1);
    expect(JSON.stringify(problem).length).toBeLessThan(10_000);
  });

  it.each([
    ['700,000 unknown fields', () => keys(700_000, '1')],
    ['5 million brackets', () => `"name":${'['.repeat(5_000_000)}`],
    ['a time zone of 8 MB', () => `"timeZone":"${'x'.repeat(MANY)}"`],
    ['a name of 8 MB', () => `"name":"${' '.repeat(MANY)}"`],
  ])('%s beside the recipients are more than 256 KiB', async (_what, make) => {
    const { status, problem } = await create(make());
    expect([status, problem.code]).toEqual([413, 'body_too_large']);
  });

  it('of another operation has at most 256 KiB', async () => {
    const text = (length: number) => send(api, 'searchSuppressions', { json: { text: 'x'.repeat(length) } });
    expect((await text(262_144)).problem.code).toBe('body_too_large');
    expect((await text(200_000)).problem.code).toBe('validation_failed');
    const packed = gzipSync(JSON.stringify({ text: 'x'.repeat(20_000_000) }));
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const bomb = await send(api, 'searchSuppressions', { raw: { body: packed }, headers });
    expect([bomb.status, bomb.problem.code]).toEqual([413, 'body_too_large']);
  });

  it.each([
    ['unknown fields', keys(4_900, '1'), 'unknown_field', 100],
    ['names', keys(15_000, '1'), 'too_many_names', 1],
    ['values', `"more":[${'1,'.repeat(100_000)}1]`, 'too_many_values', 1],
    ['brackets', `"more":${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'too_deep', 1],
    ['holiday calendars', `"holidays":[${'{"country":"CN"},'.repeat(4_000)}{}]`, 'invalid', 1],
    ['blackout dates', `"blackoutDates":[${'1,'.repeat(11_000)}1]`, 'invalid', 1],
  ])('with as many %s as fit is told by a bounded number of mistakes', async (_what, members, code, told) => {
    const { problem } = await send(api, 'updateBatch', {
      params: { batchId: await draft(api) },
      ...json(`{${members}}`),
    });
    expect(problem.errors.filter((error) => error.code === code)).toHaveLength(told);
  });

  it('names a zone of 200,000 characters by its beginning', async () => {
    const { status, problem } = await create(`"timeZone":"${'x/'.repeat(100_000)}"`);
    const told = problem.errors.find(({ field }) => field === 'timeZone');
    expect([status, told!.message.length < 300]).toEqual([422, true]);
  });
});

describe('a large list of recipients', () => {
  const large = {
    recipients: Array.from({ length: 3_000 }, () => ({ phoneNumber: '+12025550123', name: 'x'.repeat(100) })),
  };

  it('is added, with what every recipient has', async () => {
    const batchId = await draft(api);
    const { status, body } = await send(api, 'addRecipients', { params: { batchId }, json: large });
    expect([status, body.added]).toEqual([201, 3_000]);
    const { body: page } = await send(api, 'listRecipients', { params: { batchId }, query: { limit: '2' } });
    expect(page.data[1]).toMatchObject({ phoneNumber: '+12025550123', name: 'x'.repeat(100) });
  });

  it('waits for its turn, and is told to come again when that takes too long; small ones and other workspaces are served', async () => {
    const params = { batchId: await draft(api) };
    const socket = await beginLargeList(params.batchId);
    const headers = { 'idempotency-key': 'large-list' };
    const refused = await until(isRefused, () => send(api, 'addRecipients', { params, json: large, headers }));
    expect([refused.status, refused.problem.code]).toEqual([503, 'too_many_lists']);
    expect([refused.headers.get('retry-after'), refused.problem.retryable]).toEqual(['5', true]);
    expect(refused.problem.detail).toContain('fewer');
    expect((await send(api, 'createBatch', { json: batchBody(api) })).status).toBe(201);
    const key = api.other.keys.admin;
    expect((await send(api, 'addRecipients', { params, json: large, key })).status).toBe(404);
    socket.destroy();
    await once(socket, 'close');
    const accepted = await until(
      (status) => !isRefused(status),
      () => send(api, 'addRecipients', { params, json: large, headers }),
    );
    expect(accepted.body.added).toBe(3_000);
  });

  const isRefused = (status: number): boolean => status >= 400;

  /** Takes the one place of the workspace, and keeps it. */
  async function beginLargeList(batchId: string): Promise<Socket> {
    const socket = createConnection(Number(new URL(api.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /v1/batches/${batchId}/recipients HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.keys.admin}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"recipients":[',
    );
    return socket;
  }

  /** The list that was begun takes its place in a moment, and gives it back in one. */
  async function until(isDone: (status: number) => boolean, request: () => Promise<Received>): Promise<Received> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const received = await request();
      if (isDone(received.status)) return received;
    }
    throw new Error('the answer stayed the same');
  }
});
