import { expect, it } from '@jest/globals';
import { missingFields } from './missing-fields.js';

const WHOLE = { name: 'Reminders', fromNumberId: 'num', agentId: 'agt', timeZone: 'Europe/Madrid', window: {} };

it('a batch lacks what is null, and recipients that are neither there nor on their way', () => {
  expect(missingFields(WHOLE, true)).toEqual([]);
  expect(missingFields({ ...WHOLE, agentId: null, name: null }, true)).toEqual(['name', 'agentId']);
  expect(missingFields(WHOLE, false)).toEqual(['recipients']);
});
