import { FULL, planChaos, SMALL } from '../plan.js';
import { planOperations } from '../operations/plan-operations.js';
import { sidePhone } from '../operations/side-numbers.js';
import { planNeighbour } from './plan-neighbour.js';

const drawn = (seed: number, name: string): number[] => {
  const random = planNeighbour(seed, planChaos(seed, SMALL)).randomOf(name);
  return Array.from({ length: 5 }, () => random.share());
};

it('plans the same batches for the same seed, and others for another', () => {
  const batchesOf = (seed: number) => planNeighbour(seed, planChaos(7, SMALL)).batches;
  expect(batchesOf(7)).toEqual(batchesOf(7));
  expect(batchesOf(8)).not.toEqual(batchesOf(7));
});

it('draws the same for one thing that it repeats, and something else for each other thing and seed', () => {
  expect(drawn(7, 'search 0')).toEqual(drawn(7, 'search 0'));
  expect(drawn(7, 'search 1')).not.toEqual(drawn(7, 'search 0'));
  expect(drawn(8, 'search 0')).not.toEqual(drawn(7, 'search 0'));
});

it.each([FULL, SMALL])('calls numbers of the other workspace, and numbers that nobody else calls', (profile) => {
  const plan = planChaos(7, profile);
  const others = new Set([
    ...plan.phones,
    ...planOperations(7, profile).edits.flatMap(({ ends }) => ends.map(sidePhone)),
  ]);
  for (const { phones, shared } of planNeighbour(7, plan).batches) {
    expect(new Set(phones).size).toBe(phones.length);
    expect(phones.slice(0, shared).filter((phone) => !others.has(phone))).toEqual([]);
    expect(phones.slice(shared).filter((phone) => others.has(phone))).toEqual([]);
    expect(Math.min(shared, phones.length - shared)).toBeGreaterThan(0);
  }
});
