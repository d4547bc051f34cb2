import { zoneDataVersion } from './zone-data.js';

it('names a release of the time zone database', () => {
  expect(zoneDataVersion()).toMatch(/^\d{4}[a-z]+$/);
});
