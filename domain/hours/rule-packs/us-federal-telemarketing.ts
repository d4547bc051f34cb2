import { WEEKDAYS } from '../window.js';
import type { LawfulRule } from './lawful-rule.js';

/** No telephone solicitation before 8 a.m. or after 9 p.m., local time at the called party's location. States may be stricter. Read in copies of the text in force in 2026. */
export const usFederalTelemarketing: LawfulRule = {
  id: 'us-federal-telemarketing',
  name: 'US federal telemarketing hours',
  country: 'US',
  territories: ['AS', 'GU', 'MP', 'PR', 'UM', 'VI'],
  purpose: 'telemarketing',
  hours: Object.fromEntries(WEEKDAYS.map((day) => [day, [['08:00', '21:00']]])),
  source: '47 CFR 64.1200(c)(1)',
  sourceUrl: 'https://www.ecfr.gov/current/title-47/section-64.1200',
  verifiedAt: '2026-11-26',
  enabledByDefault: true,
};
