import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { extendOpenings } from '../../../activities/batch-activities.js';
import { applyPlanned } from '../../../api/actions/change-batch.js';
import { planHours, PLAIN_HOURS } from '../../../domain/hours/batch-hours.js';
import { publicHolidays } from '../../../domain/hours/holidays.js';
import { ALWAYS } from '../../../domain/hours/window.js';
import { parsePublicId } from '../../../domain/ids.js';
import { createLogger } from '../../../platform/logger.js';
import { zoneDataVersion } from '../../../platform/zone-data.js';
import { batchBody, draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

const PAIRS = 8;
/** What is compared of the openings: later than now, when a plan begins, and as far as every plan goes. */
const COMPARED_DAYS = 6;
const ALL_WEEK = { ...PLAIN_HOURS, window: ALWAYS, timeZone: 'UTC' };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
beforeEach(() => send(api, 'updateWorkspace', { json: { rulePacks: null } }));
afterAll(() => api.stop());

const uuidOf = (id: string): string => parsePublicId('batch', id)!;

/** When a claim would take the batch for open in the days to come. */
async function openingsOf(batchId: string): Promise<string[]> {
  const { rows } = await api.db.pool.query(
    `SELECT o.zone_set || ' ' || range_agg(tstzrange(greatest(o.opens_at, w.from_at), least(o.closes_at, w.until_at)))::text AS opening
     FROM openings o JOIN batches b ON b.id = o.batch_id AND b.hours_version = o.hours_version,
       (SELECT date_trunc('day', now()) + interval '1 day' AS from_at,
          date_trunc('day', now()) + interval '${COMPARED_DAYS} days' AS until_at) w
     WHERE b.id = $1 AND o.closes_at > w.from_at AND o.opens_at < w.until_at GROUP BY o.zone_set ORDER BY 1`,
    [uuidOf(batchId)],
  );
  return rows.map(({ opening }) => opening);
}

async function planAnew(batchId: string): Promise<string[]> {
  await api.db.pool.query(`UPDATE batches SET hours_version = hours_version + 1, openings_until = NULL WHERE id = $1`, [
    uuidOf(batchId),
  ]);
  await extendOpenings(api.db, { batchId: uuidOf(batchId) });
  return openingsOf(batchId);
}

const window = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
);
const hours = { timeZone: 'UTC', window, purpose: 'telemarketing' };
const submit = (batchId: string) => send(api, 'submitBatch', { params: { batchId } });
const update = (json: Record<string, unknown>) => (batchId: string) =>
  send(api, 'updateBatch', { params: { batchId }, json });

/** What is told of hours beside the window, changed while a draft is submitted. */
const CHANGES: [what: string, draft: Record<string, unknown>, change: (batchId: string) => Promise<unknown>][] = [
  [
    'a holiday',
    { ...hours, purpose: 'informational' },
    (batchId) => update({ holidays: [{ country: countryWithHoliday() }] })(batchId),
  ],
  [
    'lawful hours whose override is taken back',
    { ...hours, lawfulOverride: { reason: 'All agreed.' } },
    update({ lawfulOverride: null }),
  ],
];
it.each(CHANGES)('is never open against %s that it shows', async (_what, settings, change) => {
  const seen = new Set<string>();
  for (let pair = 0; pair < PAIRS; pair++) {
    const batchId = await draft(api, settings);
    const open = JSON.stringify(await planAnew(batchId));
    await Promise.all([change(batchId), submit(batchId)]);
    const written = await openingsOf(batchId);
    const planned = await planAnew(batchId);
    seen.add(JSON.stringify(planned));
    expect(JSON.stringify(planned)).not.toBe(open);
    expect([[], planned]).toContainEqual(written);
  }
  expect(seen.size).toBe(1);
});

it('is never open against lawful hours by another purpose that it shows, nor by another clock', async () => {
  for (let pair = 0; pair < PAIRS; pair++) {
    const batchId = await draft(api, { ...hours, purpose: 'informational' });
    const [changed, submitted] = await Promise.all([update({ purpose: 'telemarketing' })(batchId), submit(batchId)]);
    // One of them came first: a submitted batch keeps its purpose, and zones that are being derived wait for no submit.
    expect([
      [200, 200],
      [409, 200],
      [200, 409],
    ]).toContainEqual([changed.status, submitted.status]);
    if (submitted.status === 409) expect((await submit(batchId)).status).toBe(200);
    const written = await openingsOf(batchId);
    const planned = await planAnew(batchId);
    expect(planned).not.toEqual([]);
    expect([[], planned]).toContainEqual(written);
  }
});

it.each(['submit', 'create'] as const)(
  'is never open against lawful hours that the workspace switches on during its %s',
  async (how) => {
    for (let pair = 0; pair < PAIRS; pair++) {
      await send(api, 'updateWorkspace', { json: { rulePacks: [] } });
      const given = { ...hours, recipients: [{ phoneNumber: '+12125550123' }] };
      const made = how === 'submit' ? await draft(api, given) : null;
      const [, answer] = await Promise.all([
        send(api, 'updateWorkspace', { json: { rulePacks: null } }),
        made === null
          ? send(api, 'createBatch', { json: { ...batchBody(api), ...given, submit: true } })
          : submit(made),
      ]);
      const batchId = made ?? answer.body.id;
      const written = await openingsOf(batchId);
      const planned = await planAnew(batchId);
      expect(planned).not.toEqual([]);
      expect([[], planned]).toContainEqual(written);
    }
  },
);

describe('hours that change each time that they have been planned', () => {
  it('leave a batch that is submitted, and closed until somebody plans them in peace', async () => {
    const batchId = await draft(api, hours);
    const { workspaceId } = api.workspace;
    const wakes = new Set<Promise<void>>();
    const logger = createLogger('silent', 'test');
    const asked = {
      deps: { db: api.db, temporal: { client: api.client }, logger, wakes },
      auth: { workspaceId, apiKeyId: workspaceId, keyName: 'test', role: 'admin', actor: 'test' },
      command: { id: null, newId: () => null },
      req: { get: () => undefined },
    };
    let plans = 0;
    await applyPlanned(asked as never, uuidOf(batchId), async ({ hoursVersion }) => {
      plans += 1;
      const planned = planHours({
        ...ALL_WEEK,
        ...{ zoneSets: [''], rulePacks: null, nowMs: Date.now(), zoneData: zoneDataVersion() },
      });
      const { rows } = await api.db.pool.query(
        'UPDATE workspaces SET rule_packs_version = rule_packs_version + 1 WHERE id = $1 RETURNING rule_packs_version - 1 AS before',
        [workspaceId],
      );
      return { action: 'submit', openings: { ...planned, hoursVersion, rulePacksVersion: rows[0].before } };
    });
    await Promise.all(wakes);
    expect(plans).toBe(4);
    const { body } = await send(api, 'getBatch', { params: { batchId } });
    expect(body.status).toBe('SCHEDULED');
    expect(await openingsOf(batchId)).toEqual([]);
    await extendOpenings(api.db, { batchId: uuidOf(batchId) });
    expect(await openingsOf(batchId)).not.toEqual([]);
  });
});

/** A country with a public holiday in the days that are compared. */
function countryWithHoliday(): string {
  const days = Array.from({ length: COMPARED_DAYS - 1 }, (_, day) =>
    new Date(Date.now() + (day + 1) * 86_400_000).toISOString().slice(0, 10),
  );
  const year = Number(days[0]!.slice(0, 4));
  const found = COUNTRIES.find((country) => publicHolidays({ country }, year).some(({ date }) => days.includes(date)));
  if (!found) throw new Error('no country has a public holiday in these days');
  return found;
}

// prettier-ignore
const COUNTRIES = ['AD', 'AE', 'AL', 'AR', 'AT', 'AU', 'BD', 'BE', 'BG', 'BO', 'BR', 'CA', 'CH', 'CL', 'CN', 'CO', 'CR', 'CU', 'CZ', 'DE', 'DK', 'DO',
  'EC', 'EE', 'EG', 'ES', 'ET', 'FI', 'FR', 'GB', 'GE', 'GH', 'GR', 'GT', 'HK', 'HN', 'HR', 'HU', 'ID', 'IE', 'IN', 'IQ', 'IR', 'IS', 'IT', 'JM', 'JP', 'KE',
  'KR', 'LB', 'LK', 'LT', 'LU', 'LV', 'MA', 'MC', 'MD', 'ME', 'MK', 'MT', 'MX', 'MY', 'NG', 'NI', 'NL', 'NO', 'NP', 'NZ', 'PA', 'PE', 'PH', 'PL', 'PT', 'PY',
  'RO', 'RS', 'RU', 'RW', 'SE', 'SG', 'SI', 'SK', 'SM', 'SN', 'SV', 'TH', 'TN', 'TR', 'TZ', 'UA', 'UG', 'US', 'UY', 'VA', 'VE', 'VN', 'ZA', 'ZM'];
