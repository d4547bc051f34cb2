import { readNamedPlaces } from '../../platform/egress.js';
import { createEgressRules } from './egress-rules.js';

const strict = createEgressRules({ named: [] });
const named = (text: string) => createEgressRules({ named: readNamedPlaces(text) });

describe('the address of an account', () => {
  it.each([
    'https://api.retellai.com',
    'https://carrier.example.com:8443/path/',
    'HTTPS://API.RETELLAI.COM/',
    'https://8.8.8.8',
    'https://[2606:4700::1111]/v1',
    'https://metadata.example.com',
  ])('may be %s', (url) => {
    expect(strict.problemOf(url)).toBeNull();
  });

  it.each([
    // In the clear, or no address of the web.
    'http://api.retellai.com',
    'http://127.0.0.1:8233',
    'ftp://api.retellai.com',
    'file:///etc/hosts',
    'api.retellai.com',
    '',
    // More than a host and a path: what we add to it would end up in a query, or be cut off.
    'https://api.retellai.com/?',
    'https://api.retellai.com/?to=',
    'https://api.retellai.com/#',
    'https://user:secret@api.retellai.com',
    'https://@api.retellai.com',
    'https://api.retellai.com\\@127.0.0.1',
    'https:/\\127.0.0.1',
    'https:api.retellai.com',
    'https://api.retell\nai.com',
    ' https://api.retellai.com',
    // This machine, in every way to write it.
    'https://localhost:8233',
    'https://LOCALHOST.',
    'https://dialwright.localhost',
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://0177.0.0.1',
    'https://0x7f.0.0.0x1',
    'https://１２７.0.0.1',
    'https://0.0.0.0',
    'https://0',
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[0:0:0:0:0:ffff:7f00:0001]',
    'https://[::127.0.0.1]',
    'https://[64:ff9b::127.0.0.1]',
    'https://[2002:7f00:1::]',
    'https://[::ffff:0:127.0.0.1]',
    // Networks that are not the Internet's.
    'https://10.0.0.1',
    'https://172.31.255.255',
    'https://192.168.1.1',
    'https://100.64.0.1',
    'https://169.254.1.1',
    'https://192.0.0.8',
    'https://198.18.0.1',
    'https://203.0.113.7',
    'https://224.0.0.1',
    'https://240.0.0.1',
    'https://255.255.255.255',
    'https://[fc00::1]',
    'https://[fd12:3456::1]',
    'https://[fe80::1]',
    'https://[ff02::1]',
    'https://[2001:db8::1]',
    'https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
    'https://[64:ff9b:1::a00:1]',
    // Metadata of clouds.
    'https://169.254.169.254/latest',
    'https://100.100.100.200',
    'https://168.63.129.16',
    'https://[fd00:ec2::254]',
    'https://[::ffff:169.254.169.254]',
    'https://metadata.google.internal',
    'https://metadata.google.internal.',
    'https://metadata',
    // Names that only a private network has.
    'https://postgres',
    'https://temporal-ui:8233',
    'https://carrier.internal',
  ])('may not be %j', (url) => {
    expect(strict.problemOf(url)).not.toBeNull();
  });

  it('may be a host that the installation names, also in the clear, at the named port alone', () => {
    const rules = named('carrier.internal:4010, 127.0.0.1:4011 10.20.0.0/16 fd00:1::/32 [fd00:2::1]:443 localhost');
    for (const url of [
      'http://carrier.internal:4010/v1',
      'https://CARRIER.internal.:4010',
      'http://127.0.0.1:4011',
      'http://[::ffff:127.0.0.1]:4011',
      'http://10.20.3.4',
      'https://[fd00:1:2::3]:9',
      'https://[fd00:2::1]',
      'http://localhost:1',
    ])
      expect([url, rules.problemOf(url)]).toEqual([url, null]);
    for (const url of [
      'http://carrier.internal',
      'http://127.0.0.1:8233',
      'https://10.21.0.1',
      'https://[fd00:2::1]:444',
      'https://[fd00:2::2]',
      'http://other.internal:4010',
    ])
      expect([url, rules.problemOf(url)]).not.toEqual([url, null]);
  });

  it('is never one at which a cloud tells its secrets, whatever the installation names', () => {
    const rules = named('0.0.0.0/0 ::/0 metadata.google.internal 169.254.169.254 fd00:ec2::254');
    expect(rules.problemOf('http://10.0.0.1')).toBeNull();
    for (const host of [
      '169.254.169.254',
      '169.254.170.2',
      '100.100.100.200',
      '168.63.129.16',
      '[fd00:ec2::254]',
      '[fe80::a9fe:a9fe]',
      '[::ffff:169.254.169.254]',
      '[64:ff9b::169.254.169.254]',
      '[2002:a9fe:a9fe::]',
      '0xa9fea9fe',
      'metadata.google.internal',
    ])
      expect([host, rules.problemOf(`http://${host}/`)]).not.toEqual([host, null]);
    expect(rules.isAllowed({ host: 'metadata.google.internal', port: 80, address: '169.254.169.254' })).toBe(false);
  });
});

it.each(['10.0.0.0/33', '127.0.0', 'a b:99999', 'carrier.internal:0', 'http://carrier', 'carrier/8', '[fd00::1', '*'])(
  'an installation cannot name %j',
  (text) => {
    expect(() => readNamedPlaces(text)).toThrow(/^DIALWRIGHT_EGRESS_HOSTS: /);
  },
);
