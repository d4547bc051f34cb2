/**
 * Zones whose clocks changed in unusual ways between 2005 and 2030, and some that never do, each with its country; null
 * lies in none, so every law may hold there. Written by hand: the product's own table is under test.
 */
export const ZONES: Readonly<Record<string, string | null>> = {
  UTC: null,
  'Etc/GMT+5': null,
  'Africa/Cairo': 'EG', // changes at midnight, abolished and brought back
  'Africa/Casablanca': 'MA', // four changes a year, around Ramadan
  'Africa/Juba': 'SS',
  'Africa/Khartoum': 'SD',
  'Africa/Sao_Tome': 'ST', // a year of another hour
  'Africa/Windhoek': 'NA',
  'America/Argentina/San_Luis': 'AR',
  'America/Asuncion': 'PY',
  'America/Caracas': 'VE', // half an hour back in 2007, forward in 2016
  'America/Chicago': 'US',
  'America/Denver': 'US',
  'America/Goose_Bay': 'CA', // changed at a minute past midnight
  'America/Havana': 'CU',
  'America/Indiana/Knox': 'US',
  'America/Juneau': 'US',
  'America/Los_Angeles': 'US',
  'America/Metlakatla': 'US',
  'America/Mexico_City': 'MX',
  'America/New_York': 'US',
  'America/Nuuk': 'GL',
  'America/Phoenix': 'US',
  'America/Port-au-Prince': 'HT',
  'America/Puerto_Rico': 'PR',
  'America/Santiago': 'CL',
  'America/Sao_Paulo': 'BR',
  'America/Scoresbysund': 'GL',
  'America/St_Johns': 'CA', // half-hour zone that changed at a minute past midnight
  'America/Tijuana': 'MX',
  'America/Whitehorse': 'CA',
  'Antarctica/Casey': 'AQ', // two and three hours at once
  'Antarctica/Macquarie': 'AU',
  'Antarctica/Troll': 'AQ', // two hours of summer time
  'Asia/Amman': 'JO',
  'Asia/Beirut': 'LB',
  'Asia/Colombo': 'LK',
  'Asia/Damascus': 'SY',
  'Asia/Dhaka': 'BD',
  'Asia/Famagusta': 'CY',
  'Asia/Gaza': 'PS',
  'Asia/Hovd': 'MN',
  'Asia/Karachi': 'PK',
  'Asia/Kathmandu': 'NP', // a quarter of an hour
  'Asia/Kolkata': 'IN',
  'Asia/Magadan': 'RU',
  'Asia/Pyongyang': 'KP', // half an hour back and forth
  'Asia/Shanghai': 'CN',
  'Asia/Tehran': 'IR',
  'Asia/Tokyo': 'JP',
  'Atlantic/Azores': 'PT',
  'Atlantic/Canary': 'ES',
  'Australia/Adelaide': 'AU',
  'Australia/Eucla': 'AU',
  'Australia/Lord_Howe': 'AU', // half an hour of summer time
  'Australia/Sydney': 'AU',
  'Europe/Dublin': 'IE',
  'Europe/Istanbul': 'TR',
  'Europe/London': 'GB',
  'Europe/Madrid': 'ES',
  'Europe/Moscow': 'RU',
  'Europe/Volgograd': 'RU',
  'Indian/Mauritius': 'MU',
  'Pacific/Apia': 'WS', // had no 30 December 2011
  'Pacific/Auckland': 'NZ',
  'Pacific/Bougainville': 'PG',
  'Pacific/Chatham': 'NZ',
  'Pacific/Easter': 'CL',
  'Pacific/Fakaofo': 'TK', // the same missing day
  'Pacific/Fiji': 'FJ',
  'Pacific/Honolulu': 'US',
  'Pacific/Kiritimati': 'KI',
  'Pacific/Norfolk': 'NF',
  'Pacific/Pago_Pago': 'AS',
  'Pacific/Tongatapu': 'TO',
};

/** What a law of the United States covers beside the country itself. */
export const US_TERRITORIES = ['AS', 'GU', 'MP', 'PR', 'UM', 'VI'];
