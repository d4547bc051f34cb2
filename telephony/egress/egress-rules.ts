import net from 'node:net';
import type { EgressPolicy, NamedPlace } from '../../platform/egress.js';
import { isMetadataAddress, isMetadataHost, isPublicAddress, readAddress, type Address } from './addresses.js';

/** Which addresses requests of this installation may go to. */
export type EgressRules = {
  /** Why nothing is sent to this address, for the one who gave it; null when it may be tried. */
  problemOf(url: string): string | null;
  /** Whether the installation names this host and port: reached directly, also over plain http. */
  isNamed(host: string, port: number): boolean;
  /** Whether a connection to this address, which `host` was resolved to, may be made. */
  isAllowed(target: { host: string; port: number; address: string }): boolean;
};

const FORM = 'must be https://host or https://host/path, without user name, ?, # or spaces';
const NOT_PUBLIC = 'must be at a public address: this installation names no such host in DIALWRIGHT_EGRESS_HOSTS';
const PLAIN = 'must start with https://; plain http:// is for hosts that DIALWRIGHT_EGRESS_HOSTS names';

export function createEgressRules({ named }: Pick<EgressPolicy, 'named'>): EgressRules {
  const places = named.map(toMatcher);
  const isNamed = (host: string, port: number): boolean => {
    const address = readAddress(host);
    return places.some(
      (place) => place.hasPort(port) && (place.hasHost(host) || (address && place.hasAddress(address))),
    );
  };

  function isAllowed({ host, port, address: text }: { host: string; port: number; address: string }): boolean {
    const address = readAddress(text);
    if (!address || isMetadataAddress(address)) return false;
    return (
      isPublicAddress(address) ||
      places.some((place) => place.hasPort(port) && (place.hasHost(host) || place.hasAddress(address)))
    );
  }

  function problemOf(text: string): string | null {
    // Of the text, and not of what a URL makes of it: it is put together with a path.
    if (!/^https?:\/\/[^/\\@?#\s]+(\/[^\\?#\s]*)?$/i.test(text) || !URL.canParse(text)) return FORM;
    const url = new URL(text);
    const host = hostOf(url);
    const port = portOf(url);
    if (isMetadataHost(host)) return NOT_PUBLIC;
    if (net.isIP(host) !== 0 && !isAllowed({ host, port, address: host })) return NOT_PUBLIC;
    if (isLocalName(host) && !isNamed(host, port)) return NOT_PUBLIC;
    return url.protocol === 'https:' || isNamed(host, port) ? null : PLAIN;
  }

  return { problemOf, isNamed, isAllowed };
}

/** The host of a URL, without brackets and without the dot at its end. */
export function hostOf({ hostname }: URL): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

export function portOf({ protocol, port }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** Names that no public name server has. */
function isLocalName(host: string): boolean {
  return (
    net.isIP(host) === 0 && (!host.includes('.') || /\.(localhost|local|internal|localdomain|home\.arpa)$/.test(host))
  );
}

type Matcher = {
  hasPort(port: number): boolean;
  hasHost(host: string): boolean;
  hasAddress(address: Address): boolean;
};

function toMatcher(place: NamedPlace): Matcher {
  const hasPort = (port: number): boolean => place.port === null || place.port === port;
  if (place.is === 'host') return { hasPort, hasHost: (host) => host === place.host, hasAddress: () => false };
  const list = new net.BlockList();
  list.addSubnet(place.address, place.prefix, place.family);
  return { hasPort, hasHost: () => false, hasAddress: ({ text, family }) => list.check(text, family) };
}
