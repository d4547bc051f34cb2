import { isIPv6 } from 'node:net';

/**
 * Whoever has one IPv6 address has 2^64: they count as one, however they are spelled. An IPv4 address that is written as an IPv6
 * one counts as itself.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  return /^0:0:0:0:0:ffff:/.test(groups.join(':')) ? mappedIPv4(groups) : groups.slice(0, 4).join(':');
}

/** The eight groups in their shortest spelling, as URLs have them. */
function groupsOf(address: string): string[] {
  const { hostname } = new URL(`http://[${address.split('%')[0]}]`);
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((side) => side.split(':').filter(Boolean));
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
}

function mappedIPv4(groups: readonly string[]): string {
  const bytes = groups.slice(6).flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);
  return bytes.join('.');
}
