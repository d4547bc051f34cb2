import type { BatchCounts } from '../../store/batches/count-batches.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import { toWhyView } from './why-view.js';

const UUID = '0190a6f2-c8e8-7b4f-9d1e-2a3b4c5d6e7f';
const batch = (changes: Partial<BatchRow> = {}) =>
  ({
    status: 'RUNNING',
    id: UUID,
    fromNumberId: UUID,
    reason: 'WORKSPACE_LIMIT',
    untilAt: null,
    ...changes,
  }) as BatchRow; // no more is read
const counts = (waiting: number, waitingLater: number): BatchCounts => ({
  states: { WAITING: waiting, COMPLETED: 5 },
  waitingLater,
  retrying: {},
  attempts: {} as BatchCounts['attempts'], // not read
});
const group = (reason: string, recipients: number) => ({ reason, recipients, untilAt: null });
const gates = (...args: Parameters<typeof toWhyView>) =>
  toWhyView(...args).blocked.map(({ gate, recipients }) => [gate, recipients]);

it('counts who is due under the reason of the batch, and the others under their own, the widest first', () => {
  expect(gates(batch(), counts(100, 70), [group('RETRY', 60), group('NUMBER_IN_CALL', 10)])).toEqual([
    ['RETRY', 60],
    ['WORKSPACE_LIMIT', 30],
    ['NUMBER_IN_CALL', 10],
  ]);
});

it('counts those beyond what was read as waiting for their time, so that nobody is missing', () => {
  expect(gates(batch(), counts(500, 400), [group('RETRY', 60), group('NOT_DUE', 40)])).toEqual([
    ['NOT_DUE', 340],
    ['WORKSPACE_LIMIT', 100],
    ['RETRY', 60],
  ]);
});

it('never counts more than wait, when counts are a little older than what was read', () => {
  expect(gates(batch(), counts(10, 0), [group('RETRY', 12)])).toEqual([['RETRY', 12]]);
  expect(gates(batch(), counts(0, 0), [group('RETRY', 12)])).toEqual([]);
});

it('counts nobody in a batch that is over', () => {
  expect(gates(batch({ status: 'CANCELLED', reason: null }), counts(10, 4), [group('RETRY', 4)])).toEqual([]);
});
