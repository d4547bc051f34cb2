import fc from 'fast-check';
import { ApiError } from '../errors.js';
import { parseRecipientList, RECIPIENTS_MAX } from './recipient-list.js';

const REST_BYTES_MAX = 262_144;
const parse = (text: string, restBytesMax = REST_BYTES_MAX) => parseRecipientList(Buffer.from(text), restBytesMax);
const codeOf = (text: string): Promise<string> =>
  parse(text).then(
    () => 'read',
    (err: unknown) => (err instanceof ApiError ? err.code : 'thrown'),
  );
const listOf = (count: number, recipient: string): string => `{"recipients":[${Array(count).fill(recipient).join()}]}`;

describe('a body with a list of recipients', () => {
  it('means what JSON says, however it is written', async () => {
    const body = fc.record(
      { name: fc.string(), recipients: fc.array(fc.jsonValue(), { maxLength: 20 }), more: fc.jsonValue() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom('', ' ', '\t', '\n  '), async (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(await parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['a list that comes last', '{"name":"recipients","recipients":[ 1 , "a,]\\"" , [ ] , {} ] }'],
    ['an empty list', '{ "recipients" : [ ] , "name":"x"}'],
    ['a name with an escape', '{"\\u0072ecipients":[{"a":"\\\\"}]}'],
    ['a list of the same name further in', '{"a":{"recipients":[1]},"b":["recipients"]}'],
    ['a list that is none', '{"recipients":{"0":1}}'],
    ['no object', '["recipients",[1]]'],
    ['a byte order mark', '\ufeff{"recipients":[1]}'],
  ])('%s is read as it is', async (_what, text) => {
    expect(await parse(text)).toEqual(JSON.parse(text.replace(/^\ufeff/, '')));
  });

  it.each([
    ['nothing', ''],
    ['half a list', '{"recipients":[{"a":1},'],
    ['half a string', '{"recipients":["a'],
    ['a list that is not closed', '{"recipients":[1'],
    ['an object that is not closed', '{"recipients":[1]'],
    ['a comma too many', '{"recipients":[1,]}'],
    ['a comma too few', '{"recipients":[1 2]}'],
    ['two values without a comma', '{"recipients":[{}{}]}'],
    ['a bracket of the wrong kind', '{"recipients":[1}}'],
    ['text after the end', '{"recipients":[1]} x'],
    ['a list in a list', '["recipients":[1]]'],
    ['the list twice', '{"recipients":[1],"recipients":[2]}'],
  ])('%s is no JSON', async (_what, text) => {
    expect(await codeOf(text)).toBe('invalid_json');
  });

  it.each([
    ['as many as go at once', listOf(RECIPIENTS_MAX, '{}'), 'read'],
    ['one more', listOf(RECIPIENTS_MAX + 1, '{}'), 'too_many_recipients'],
    ['one of 65 KiB', listOf(1, JSON.stringify('x'.repeat(66_000))), 'validation_failed'],
    ['one that never ends', `{"recipients":[${'['.repeat(1_000_000)}`, 'validation_failed'],
    ['more than 256 KiB before it', `{"name":"${'x'.repeat(REST_BYTES_MAX)}","recipients":[]}`, 'body_too_large'],
    ['more than 256 KiB after it', `{"recipients":[],"name":"${'x'.repeat(REST_BYTES_MAX)}"}`, 'body_too_large'],
    ['too many values beside it', `{"recipients":[],"more":[${'1,'.repeat(30_000)}1]}`, 'validation_failed'],
    ['brackets beside it', `{"recipients":[],"more":${'['.repeat(1_000)}${']'.repeat(1_000)}}`, 'validation_failed'],
  ])('is bounded: %s', async (_what, text, code) => {
    expect(await codeOf(text)).toBe(code);
  });

  it('lets others be served while it is read', async () => {
    const text = listOf(RECIPIENTS_MAX, JSON.stringify({ phoneNumber: '+12025550123', note: 'x'.repeat(1_500) }));
    let served = false;
    setImmediate(() => (served = true));
    await parse(text);
    expect(served).toBe(true);
  });
});
