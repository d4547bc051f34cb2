import { describe, expect, it } from '@jest/globals';
import { Utf8Check } from './utf8-check.js';

function check(bytes: Buffer, chunk: number): { right: number; wrong: number } {
  const utf8 = new Utf8Check();
  for (let at = 0; at < bytes.length; at += chunk) utf8.add(bytes.subarray(at, at + chunk));
  return utf8.result();
}

describe('the bytes of a file', () => {
  const text = 'Zoë €5 “Žižka” 😀';

  it.each([1, 2, 3, 4, 100])('are counted as UTF-8 or not, in chunks of %d bytes', (chunk) => {
    expect(check(Buffer.from(text), chunk)).toEqual({ right: 7, wrong: 0 });
    expect(check(Buffer.from('José, Zoë, 10 – 20', 'latin1'), chunk).right).toBe(0);
    expect(check(Buffer.from(text).subarray(0, -1), chunk)).toEqual({ right: 6, wrong: 1 });
    expect(check(Buffer.concat([Buffer.from('é'), Buffer.from([0x96]), Buffer.from('ë')]), chunk)).toEqual({
      right: 2,
      wrong: 1,
    });
    expect(check(Buffer.alloc(0), chunk)).toEqual({ right: 0, wrong: 0 });
  });
});
