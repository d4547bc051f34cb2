import { describeError, loggable, PlainError } from './loggable.js';
import { SettingError } from './settings.js';

/** As pg makes them. */
function databaseError(fields: object): Error {
  return Object.assign(new Error('duplicate key value'), { name: 'error', severity: 'ERROR', ...fields });
}

it('tells which rule of the database refused what, in words of ours, and where in our code', () => {
  const err = databaseError({
    code: '23505',
    table: 'attempts',
    constraint: 'attempts_claim_key_key',
    routine: '_bt_check_unique',
    detail: 'Key (phone)=(+34600111222) already exists.',
  });
  expect(loggable(err)).toEqual({
    name: 'error',
    code: '23505',
    text: 'a unique constraint refused the row',
    table: 'attempts',
    constraint: 'attempts_claim_key_key',
    routine: '_bt_check_unique',
    stack: expect.arrayContaining([expect.stringMatching(/^platform\/loggable\.spec\.ts:\d+:\d+$/)]),
  });
  expect(describeError(err)).toBe(
    'error 23505 (a unique constraint refused the row) [attempts_claim_key_key, attempts]',
  );
});

it('keeps the words of errors that only name what is ours, and of libraries that always say the same', () => {
  expect(loggable(new PlainError('Set DATABASE_URL'))).toMatchObject({ name: 'Error', text: 'Set DATABASE_URL' });
  expect(loggable(new SettingError('Set DATABASE_URL'))).toMatchObject({
    name: 'SettingError',
    text: 'Set DATABASE_URL',
  });
  expect(loggable(new Error('Connection terminated unexpectedly')).text).toBe('Connection terminated unexpectedly');
  expect(loggable(new TypeError("Cannot read properties of undefined (reading '+34600111222')")).text).toBe(
    'Cannot read properties of undefined',
  );
  expect(loggable(new Error('no number +34600111222')).text).toBeUndefined();
});

it('tells what lies beneath: the code of the network, or what gRPC calls the number', () => {
  const cause = Object.assign(new Error('14 UNAVAILABLE: to 10.0.0.1'), { code: 14 });
  const err = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })], 'x', { cause });
  expect(loggable(err)).toMatchObject({
    name: 'AggregateError',
    cause: { code: 'UNAVAILABLE' },
    errors: [{ code: 'ECONNREFUSED', text: 'the other side does not accept connections' }],
  });
});

it('takes no line of a message for a line of code, and ends with causes that are their own', () => {
  const root = import.meta.dirname.replace(/platform$/, '');
  const err = new Error(`x\n    at Maria (${root}+34600111222:1:1)\n    at ${root}34600111222.ts:1:1`);
  err.cause = err;
  const text = JSON.stringify(loggable(err));
  expect(text).not.toContain('600111222');
  expect(text).not.toContain('Maria');
  expect(text.length).toBeLessThan(5_000);
});

it.each([undefined, null, 'text', { message: 'x' }])('takes %j, which is no error', (thrown) => {
  expect(loggable(thrown)).toEqual({ name: `thrown ${typeof thrown}`, stack: [] });
});
