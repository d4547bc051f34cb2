import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import type { Duplex } from 'node:stream';

/** The proxy did not open a tunnel: nothing has left for the provider. */
class ProxyRefusedError extends Error {
  override readonly name = 'ProxyRefusedError';
  readonly code = 'PROXY_REFUSED';
}

type Opened = (err: Error | null, socket?: Duplex) => void;
const TUNNEL_TIMEOUT_MS = 8_000;

/** An agent whose connections go through a proxy (CONNECT), with TLS to the provider inside: the proxy reads nothing. */
export class TunnelAgent extends https.Agent {
  constructor(
    private readonly proxyUrl: URL,
    options: https.AgentOptions,
  ) {
    super(options);
  }

  /** Node calls it for each new connection, and takes the socket from `opened`. */
  override createConnection(options: tls.ConnectionOptions, opened: Opened): undefined {
    const authority = `${bracketed(options.host ?? '')}:${options.port}`;
    const { send, ...address } = this.proxy();
    const tunnel = send({
      ...address,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorizationOf(this.proxyUrl) },
      agent: false,
      timeout: TUNNEL_TIMEOUT_MS,
    });
    tunnel.once('timeout', () => tunnel.destroy(new ProxyRefusedError()));
    tunnel.once('error', (err) => opened(err));
    tunnel.once('response', (res) => {
      res.destroy();
      opened(new ProxyRefusedError());
    });
    tunnel.once('connect', (res, socket) => {
      if (res.statusCode === 200) {
        socket.setTimeout(0);
        opened(null, tls.connect({ ...options, socket }));
        return;
      }
      socket.destroy();
      opened(new ProxyRefusedError());
    });
    tunnel.end();
  }

  private proxy() {
    const { protocol, hostname, port } = this.proxyUrl;
    return protocol === 'https:'
      ? { send: https.request, host: unbracketed(hostname), port: port || 443 }
      : { send: http.request, host: unbracketed(hostname), port: port || 80 };
  }
}

function authorizationOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
