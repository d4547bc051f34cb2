import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkRecipients } from '../../../api/actions/check-recipients.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

const COUNT = 5_000;

/** Checks so many recipients; tells how many were looked at whenever something else was served. */
async function check(recipient: unknown) {
  let lookedAt = 0;
  const values = Array.from({ length: COUNT }, () => recipient);
  const counted = new Proxy(values, {
    get(list, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) lookedAt += 1;
      return Reflect.get(list, key) as unknown;
    },
  });
  const served: number[] = [];
  let turn = setImmediate(function serve() {
    served.push(lookedAt);
    turn = setImmediate(serve);
  });
  const batch = {
    hoursIn: 'batch' as const,
    providerAccountId: workspace.providerAccountId,
    fromNumberPhone: '+12025550100',
    allowCostlyNumbers: false,
  };
  try {
    const checked = await checkRecipients(test.db, counted, { batch, reading: { defaultCountry: 'AT' } }).then(
      (recipients) => recipients.length,
      (err: Error) => err.message,
    );
    return { checked, lookedAt, served };
  } finally {
    clearImmediate(turn);
  }
}

describe('checking a long list of recipients', () => {
  it('lets others be served while it checks', async () => {
    const { checked, served } = await check({ phoneNumber: '0660 1234567' });
    expect(checked).toBe(COUNT);
    expect(served.some((lookedAt) => lookedAt > 0 && lookedAt < COUNT)).toBe(true);
  });

  it('looks at no more than it tells of when they are wrong', async () => {
    const { checked, lookedAt } = await check({ phoneNumber: '12a' });
    expect(checked).toMatch(/^More than 100 mistakes in the recipients, the first in recipients\[0\]\.phoneNumber/);
    expect(lookedAt).toBe(101);
  });
});
