import net from 'node:net';
import { SettingError } from './settings.js';

/** A host, an address or a network that the installation means, with any port unless one is named. */
export type NamedPlace =
  | { is: 'host'; host: string; port: number | null }
  | { is: 'network'; address: string; prefix: number; family: 'ipv4' | 'ipv6'; port: number | null };

/** Where requests of this installation may go. */
export type EgressPolicy = {
  /** What may be reached although it is not public, and over plain http. */
  named: readonly NamedPlace[];
  /** All other requests leave through this proxy; null: directly. */
  proxyUrl: URL | null;
  /** Whether there may be accounts of the simulated carrier. */
  allowSimulator: boolean;
};

const HOST = /^[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?)*$/;

/** @throws SettingError that names the variable */
export function readEgressPolicy(texts: {
  hosts: string | undefined;
  proxy: string | undefined;
  simulator: string | undefined;
}): EgressPolicy {
  return {
    named: readNamedPlaces(texts.hosts ?? ''),
    proxyUrl: readProxyUrl(texts.proxy),
    allowSimulator: readSwitch(texts.simulator),
  };
}

/** `carrier.internal:4010, 10.20.0.0/16, [fd00::1]:443`: separated by commas or spaces. @throws SettingError */
export function readNamedPlaces(text: string): NamedPlace[] {
  return text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(readNamedPlace);
}

function readNamedPlace(entry: string): NamedPlace {
  const lower = entry.toLowerCase();
  // Without brackets an IPv6 address has no port.
  const isBare = net.isIPv6(lower.split('/')[0] ?? '');
  const [, host = '', , , port] = isBare
    ? ['', lower]
    : (/^(\[[^\]]+\](\/\d+)?|[^:]+)(:(\d{1,5}))?$/.exec(lower) ?? []);
  const [address = '', prefix] = host.replace(/[[\]]/g, '').split('/');
  const portNumber = port === undefined ? null : Number(port);
  const family = net.isIP(address);
  const bits = family === 6 ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  const isPort = portNumber === null || (portNumber >= 1 && portNumber <= 65_535);
  if (isPort && family !== 0 && /^\d{1,3}$/.test(String(length)) && length <= bits)
    return { is: 'network', address, prefix: length, family: family === 6 ? 'ipv6' : 'ipv4', port: portNumber };
  // A host of digits and dots alone is an address that was mistyped.
  if (isPort && prefix === undefined && HOST.test(address) && !/^[\d.]+$/.test(address))
    return { is: 'host', host: address, port: portNumber };
  throw new SettingError(
    `DIALWRIGHT_EGRESS_HOSTS: '${entry}' must be a host, an address or a network, with or without a port, e.g. carrier.internal:4010 or 10.20.0.0/16`,
  );
}

/** The text may hold a password, so that no message shows it. */
function readProxyUrl(text: string | undefined): URL | null {
  if (text === undefined || text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash) return url;
  throw new SettingError(
    'DIALWRIGHT_EGRESS_PROXY must be the http(s) address of a proxy, without path, ? and #, e.g. http://proxy.internal:3128',
  );
}

function readSwitch(text: string | undefined): boolean {
  if (text === undefined || text === '' || text === 'off') return false;
  if (text === 'on') return true;
  throw new SettingError(`DIALWRIGHT_SIMULATOR=${text} must be on or off`);
}
