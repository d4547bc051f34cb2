import net from 'node:net';

/** An address in one form, with the IPv4 address that an IPv6 one stands for in its place. */
export type Address = { text: string; family: 'ipv4' | 'ipv6' };

/** Networks of IPv4 that are nobody's on the Internet. Source: IANA's registry of special-purpose addresses. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocols
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
];
/** Of IPv6 only these are given out to the Internet, but for what is reserved within. */
const PUBLIC_6 = ['2000::/3'];
const NOT_PUBLIC_6 = [
  '2001::/23', // protocols, Teredo among them, which hides an IPv4 address
  '2001:db8::/32', // documentation
  '3fff::/20', // documentation
];
/** Where clouds tell a machine its credentials. Azure's and Oracle's are not link-local. */
const METADATA_4 = ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32'];
const METADATA_6 = ['fe80::/10', 'fd00:ec2::/32', 'fd20:ce::254/128'];
const METADATA_HOSTS = /^(metadata|instance-data)(\.(google\.internal|goog|(ec2|azure)\.internal|tencentyun\.com))?$/;

const notPublic = blockListOf([...NOT_PUBLIC_4, ...NOT_PUBLIC_6]);
const public6 = blockListOf(PUBLIC_6);
const metadata = blockListOf([...METADATA_4, ...METADATA_6]);

/** Whether the address is one of the Internet, that anybody may have. */
export function isPublicAddress({ text, family }: Address): boolean {
  return (
    !isMetadataAddress({ text, family }) &&
    !notPublic.check(text, family) &&
    (family === 'ipv4' || public6.check(text, family))
  );
}

/** Link-local addresses, and the others at which a cloud tells a machine its credentials. */
export function isMetadataAddress({ text, family }: Address): boolean {
  return metadata.check(text, family);
}

/** Names by which clouds know their metadata: a proxy would find the address that we cannot see. */
export function isMetadataHost(host: string): boolean {
  return METADATA_HOSTS.test(host);
}

/** Null when it is no address. */
export function readAddress(text: string): Address | null {
  if (net.isIPv4(text)) return { text, family: 'ipv4' };
  if (!net.isIPv6(text) || text.includes('%')) return null;
  const embedded = embeddedIPv4(groupsOf(text));
  return embedded === null ? { text, family: 'ipv6' } : { text: embedded, family: 'ipv4' };
}

function blockListOf(networks: readonly string[]): net.BlockList {
  const list = new net.BlockList();
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/');
    list.addSubnet(address, Number(prefix), net.isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** The IPv4 address that is reached by an IPv6 one: mapped, compatible, translated (NAT64), 6to4. */
function embeddedIPv4(groups: readonly number[]): string | null {
  const [a = 0, b = 0, , , , f = 0] = groups;
  const isZero = (from: number, to: number): boolean => groups.slice(from, to).every((group) => group === 0);
  // `::` and `::1` are IPv6's own.
  const isCompatible = isZero(0, 6) && !isZero(6, 7);
  const isMapped = isZero(0, 5) && f === 0xffff;
  const isTranslatedMapped = isZero(0, 4) && groups[4] === 0xffff && f === 0;
  const isNat64 = a === 0x64 && b === 0xff9b && isZero(2, 6);
  if (isCompatible || isMapped || isTranslatedMapped || isNat64) return dotted(groups[6], groups[7]);
  return a === 0x2002 ? dotted(groups[1], groups[2]) : null;
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups of a valid address. */
function groupsOf(text: string): number[] {
  // A URL writes it in one way: no dots, no zeros in front.
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::');
  const read = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const [front, back] = [read(head), read(tail ?? '')];
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}
