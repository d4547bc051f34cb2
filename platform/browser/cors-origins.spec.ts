import { readCorsOrigins } from './cors-origins.js';

it('takes exact origins, and none when none is named', () => {
  expect(readCorsOrigins(undefined)).toEqual([]);
  expect(readCorsOrigins(' https://a.example, http://localhost:5173 https://a.example')).toEqual([
    'https://a.example',
    'http://localhost:5173',
  ]);
});

it.each([
  '*',
  'null',
  'a.example',
  'https://*.example',
  'https://a.example/',
  'https://a.example/path',
  'https://A.example',
  'https://a.example:443',
  'ftp://a.example',
  'https://user@a.example',
])('refuses %s', (text) => {
  expect(() => readCorsOrigins(text)).toThrow('DIALWRIGHT_CORS_ORIGINS');
});
