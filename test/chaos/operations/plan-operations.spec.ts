import { FULL, planChaos, SMALL } from '../plan.js';
import { OFFSET_MAX_MS, planOperations } from './plan-operations.js';
import { sideNumberSettings, sidePhone } from './side-numbers.js';

it('plans the same rounds for the same seed, and others for another', () => {
  expect(planOperations(7, FULL)).toEqual(planOperations(7, FULL));
  expect(planOperations(8, FULL)).not.toEqual(planOperations(7, FULL));
});

it.each([
  [FULL, 6],
  [SMALL, 2],
])('has more rounds of each pair than are needed, of every kind, and sends either request first', (profile, min) => {
  const { roundsMin, edits, retries, keys, packs } = planOperations(7, profile);
  expect(roundsMin).toBe(min);
  for (const rounds of [edits, retries, keys, packs]) {
    expect(rounds.length).toBeGreaterThan(min);
    expect(rounds.some(({ offsetMs }) => offsetMs > 0) && rounds.some(({ offsetMs }) => offsetMs < 0)).toBe(true);
    expect(Math.max(...rounds.map(({ offsetMs }) => Math.abs(offsetMs)))).toBeLessThanOrEqual(OFFSET_MAX_MS);
  }
  expect(new Set(edits.map(({ edit }) => edit)).size).toBe(3);
  expect(new Set(retries.map(({ startsAs }) => startsAs)).size).toBe(2);
  expect(new Set(keys.map(({ account }) => account)).size).toBe(2);
  expect(new Set(packs.map(({ packs: kind }) => kind)).size).toBe(2);
});

it('calls numbers that no other round and no other batch has', () => {
  const plan = planOperations(7, FULL);
  const ends = [...plan.edits, ...plan.retries, ...plan.keys, ...plan.packs].flatMap((round) => round.ends);
  expect(new Set(ends).size).toBe(ends.length);
  const main = new Set(planChaos(7, FULL).phones);
  expect(ends.map(sidePhone).filter((phone) => main.has(phone))).toEqual([]);
  expect(Object.keys(sideNumberSettings(plan)).filter((phone) => main.has(phone))).toEqual([]);
});
