import { describe, expect, it } from '@jest/globals';
import type { LaneAnswer } from './contract.js';
import { lanesToCarry, noLanes, takeAnswers } from './lanes.js';

const placed = (couldStart: number): LaneAnswer => ({ is: 'placed', calls: [], couldStart });

describe('the lanes that a new run begins with', () => {
  it.each([
    ['half of many that only waited', 40, [0], 20],
    ['ten, if there were so many', 16, [0], 10],
    ['all of a few', 7, [0], 7],
    ['as many as calls could start', 40, [0, 35], 35],
    ['no more than were wanted', 12, [40], 12],
    ['none, when none is wanted', 0, [], 0],
  ])('are %s', (_what, wanted, couldStart, carried) => {
    const lanes = noLanes(0);
    lanes.answers.push(...couldStart.map(placed));
    takeAnswers(lanes);
    expect(lanesToCarry(lanes, wanted)).toBe(carried);
  });

  it('are told by the last answers alone', () => {
    const lanes = noLanes(0);
    lanes.answers.push(placed(30));
    expect(takeAnswers(lanes)).toBe(30);
    lanes.answers.push(placed(0), { is: 'idle', reason: 'NOT_DUE' });
    expect(takeAnswers(lanes)).toBe(1);
    expect([lanesToCarry(lanes, 40), lanes.answers]).toEqual([20, []]);
  });
});
