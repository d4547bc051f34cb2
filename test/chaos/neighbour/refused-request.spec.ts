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
  const asked = new Set(about.map(({ method, path }) => `${method} ${path}`));
  for (const change of ['pause', 'cancel', 'recipients/search'])
    expect(asked).toContain(`POST /v1/batches/bat_1/${change}`);
  for (const change of ['hang-up', 'verdict']) expect(asked).toContain(`POST /v1/attempts/att_1/${change}`);
  expect(asked).toContain('GET /v1/batches/bat_1');
  expect(asked).toContain('PATCH /v1/provider-accounts/acc_1');
  expect(about.some(({ body }) => JSON.stringify(body ?? null).includes('"fromNumberId":"num_1"'))).toBe(true);
});

it('speaks of no attempt as long as the other has no call', () => {
  expect(drawMany([]).filter(({ path }) => path.startsWith('/v1/attempts'))).toEqual([]);
});
