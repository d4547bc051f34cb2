import { createRandom } from '../random.js';
import { drawRefusedRequest } from './refused-request.js';

const CALL = { callId: 'call_1', reference: 'att_1', from: '+12025550100', to: '+12122200001' };
const OTHER = { batchId: 'bat_1', fromNumberId: 'num_1', providerAccountId: 'acc_1', calls: [CALL] };

const drawMany = (calls = OTHER.calls) => {
  const random = createRandom(7);
  return Array.from({ length: 300 }, () => drawRefusedRequest(random, { ...OTHER, calls }));
};

it('asks for what has a mistake in it, and for what belongs to the other workspace', () => {
  const drawn = drawMany();
  expect(new Set(drawn.map(({ kind }) => kind)).size).toBe(2);
  const about = drawn.filter(({ kind }) => kind === 'request about the other workspace');
  for (const id of ['bat_1', 'num_1', 'acc_1', 'att_1'])
    expect(about.some(({ path, body }) => `${path} ${JSON.stringify(body)}`.includes(id))).toBe(true);
});

it('speaks of no attempt as long as the other has no call', () => {
  expect(drawMany([]).filter(({ path }) => path.startsWith('/v1/attempts'))).toEqual([]);
});
