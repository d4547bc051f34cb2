import { once } from 'node:events';
import net from 'node:net';

/** A connection between a client and the API that can be lost. */
export type Relay = {
  url: string;
  /** How many requests have reached the API. */
  requests(): number;
  /** Loses the next answers: the API has done what was asked, and the client does not hear of it. */
  loseAnswers(count: number): void;
  /** Loses all connections that are there. */
  cut(): void;
  stop(): Promise<void>;
};

export async function startRelay(apiUrl: string): Promise<Relay> {
  const { hostname, port } = new URL(apiUrl);
  const open = new Set<net.Socket>();
  let requests = 0;
  let toLose = 0;
  const server = net.createServer((client) => {
    const api = net.connect(Number(port), hostname);
    for (const socket of [client, api]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        api.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (/^(GET|POST|PUT|PATCH|DELETE) /.test(bytes.toString('latin1'))) requests++;
      api.write(bytes);
    });
    api.on('data', (bytes) => {
      if (toLose > 0) {
        toLose--;
        client.destroy();
      } else client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    requests: () => requests,
    loseAnswers: (count) => {
      toLose = count;
    },
    cut,
    async stop() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
