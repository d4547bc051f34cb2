import { expect, it } from '@jest/globals';
import { createLogger } from '../../../platform/logger.js';
import { createLater } from './later.js';

it('logs work that fails, and work that is too much, and keeps what is under way until it has ended', async () => {
  const lines: string[] = [];
  const awaited = new Set<Promise<void>>();
  const later = createLater(createLogger('error', 'test', { write: (line) => void lines.push(line) }), awaited);
  later('a thing that fails', () => Promise.reject(new Error('with the name of somebody')));
  expect(awaited.size).toBe(1);
  await Promise.all(awaited);
  expect([awaited.size, lines.length]).toEqual([0, 1]);
  expect(lines[0]).toMatch(/"what":"a thing that fails".*work after an answer failed/);
  expect(lines[0]).not.toContain('somebody');
  let end!: () => void;
  const held = new Promise<void>((resolve) => (end = resolve));
  for (let time = 0; time < 501; time++) later('a thing that takes long', () => held);
  expect(awaited.size).toBe(500);
  expect(lines[1]).toContain('was dropped');
  end();
  await Promise.all(awaited);
  expect(awaited.size).toBe(0);
});
