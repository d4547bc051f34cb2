import { readPhoneSearch } from './phone-search.js';

it.each([
  ['+1 (202) 555-0142', '+12025550142', '+12025550142'],
  ['0034 612 345 678', '+34612345678', '+34612345678'],
  ['٠٠٩٦٦٥٠١٢٣٤٥٦٧', '+966501234567', '+966501234567'],
  ['+۹۸۹۱۲۱۲۳۴۵۶۷', '+989121234567', '+989121234567'],
  ['＋３４６１２３４５６７８', '+34612345678', '+34612345678'],
  ['+44 (0)20 7946 0018', '+442079460018', '+442079460018'],
  ['\u200e+34612345678\u200f', '+34612345678', '+34612345678'],
  ['0612 345 678', null, '612345678'],
  ['50142', null, '50142'],
  ['+346', null, '+346'],
  ['0', null, '0'],
])('%j is read as the number %j, and found by %j', (text, whole, part) => {
  expect(readPhoneSearch(text)).toEqual({ whole, part });
});

it.each(['Ada', '', '-', '()', '+', '12a', 'Route 66', '%'])('%j is no number', (text) => {
  expect(readPhoneSearch(text)).toBeNull();
});

it('reads a long text in no time', () => {
  const startMs = performance.now();
  for (const unit of ['(', '1', ' ', '٠', '(0)', '-']) readPhoneSearch(`${unit.repeat(1_000_000)}x`);
  expect(performance.now() - startMs).toBeLessThan(500);
});
