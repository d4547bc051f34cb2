import { isAllowedBaseUrl } from './allowed-base-url.js';

describe('isAllowedBaseUrl', () => {
  it.each([
    'https://api.retellai.com',
    'https://carrier.example.com:8443/path/',
    'http://127.0.0.1:4010',
    'http://127.8.8.8',
    'http://localhost:4010/',
    'http://[::1]:4010',
    'HTTP://LOCALHOST',
  ])('allows %s', (url) => {
    expect(isAllowedBaseUrl(url)).toBe(true);
  });

  it.each([
    'http://api.retellai.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::ffff:10.0.0.1]',
    'https://user:secret@api.retellai.com',
    'http://api.retellai.com@127.0.0.1',
    'ftp://127.0.0.1',
    'file:///etc/hosts',
    'api.retellai.com',
    '',
  ])('does not allow %j', (url) => {
    expect(isAllowedBaseUrl(url)).toBe(false);
  });
});
