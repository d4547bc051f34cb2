import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HOURS_SETTINGS, type BARE_SETTINGS } from '../../../domain/batches/settings.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seedBatch, seedWorkspace } from '../../support/seed.js';

/** Each with a value that no batch has by itself. */
const OTHERS: Record<keyof typeof BARE_SETTINGS | 'name' | 'timeZone' | 'fromNumberId' | 'agentId', unknown> = {
  name: 'Other',
  timeZone: 'Asia/Tokyo',
  fromNumberId: '0190a6f2-c8e8-7b4f-9d1e-2a3b4c5d6e7f',
  agentId: '0190a6f2-c8e8-7b4f-9d1e-2a3b4c5d6e7f',
  hoursIn: 'recipient',
  unknownZone: 'batch',
  blackoutDates: ['2030-01-01'],
  holidays: [{ country: 'ES' }],
  purpose: 'telemarketing',
  lawfulOverride: { reason: 'a test' },
  allowCostlyNumbers: true,
  labels: { team: 'sales' },
  note: 'A note',
  startAt: '2030-01-01T00:00:00+00:00',
  endAt: '2030-01-01T00:00:00+00:00',
  startLocal: '2030-01-01T09:00',
  endLocal: '2030-01-01T09:00',
  window: { monday: [['01:00', '02:00']] },
  concurrencyLimit: 7,
  reservedConcurrency: 8,
  callsPerSecond: 9,
  maxAttempts: 10,
  retryPolicy: { outcomes: {} },
  successCriterion: { minimumDurationMs: 1 },
  breakers: { sampleSize: 50 },
};

let test: TestDatabase;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
  batchId = await seedBatch(test.db, await seedWorkspace(test.db));
});
afterAll(() => test.drop());

it.each(Object.entries(OTHERS))('%s is one place of a batch, and no other', async (name, value) => {
  const { rows } = await test.db.pool.query(
    'SELECT to_jsonb(b) AS before, to_jsonb(with_settings(b, $2)) AS after FROM batches b WHERE id = $1',
    [batchId, { [name]: value }],
  );
  const { before, after } = rows[0];
  const changed = Object.keys(after).filter(
    (column) => JSON.stringify(after[column]) !== JSON.stringify(before[column]),
  );
  const column = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  expect(changed).toEqual([column in before ? column : 'settings']);
  expect(column in before ? after[column] : after.settings).toEqual(column in before ? value : { [name]: value });
});

it('what is said with a change is no setting', async () => {
  const said = { statusReason: 'x', hangUp: true, discardImports: [], breaker: {}, runHandled: 'x' };
  const { rows } = await test.db.pool.query('SELECT with_settings(b, $2) = b AS same FROM batches b WHERE id = $1', [
    batchId,
    { ...said, expectedVersion: 1, readVersion: 1 },
  ]);
  expect(rows[0].same).toBe(true);
});

it.each(Object.keys(OTHERS))('%s raises the hours version if it decides when calls are allowed', async (name) => {
  const { rows } = await test.db.pool.query('SELECT changes_hours($1) AS raises', [{ [name]: null }]);
  expect(rows[0].raises).toBe((HOURS_SETTINGS as readonly string[]).includes(name));
});
