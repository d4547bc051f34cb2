import { describe, expect, it } from '@jest/globals';
import { networkOf } from './network-of.js';

describe('addresses count as one network', () => {
  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['2001:db8:1:2::1', '2001:0DB8:0001:2:0:0:0:9'],
    ['2001:db8::1', '2001:db8:0:0::ffff'],
    ['fe80::1%eth0', 'fe80::2'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['2001:db8:1:2::203.0.113.7', '2001:db8:1:2::1'],
  ])('%s and %s', (one, other) => {
    expect(networkOf(one)).toBe(networkOf(other));
  });
});

it.each([
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['203.0.113.7', '203.0.113.8'],
  ['::ffff:203.0.113.7', '::ffff:203.0.113.8'],
  ['not an address', ''],
])('%s and %s do not', (one, other) => {
  expect(networkOf(one)).not.toBe(networkOf(other));
});
