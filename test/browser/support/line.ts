import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** What lies between a browser and the API, and can be bad. */
export type Line = {
  url: string;
  /** A connection over which so many bytes have been sent is cut, until `goOn`. A browser by itself tries once more. */
  cutAfter(bytes: number): void;
  /** From so many bytes of a connection on nothing goes through, until `goOn`; whatever has begun by then stays dead. */
  stallAfter(bytes: number): void;
  goOn(): void;
  stop(): Promise<void>;
};

/** Listens on a free port of this machine, and hands everything on to the API. */
export async function openLine(apiUrl: string): Promise<Line> {
  const { hostname, port } = new URL(apiUrl);
  const open = new Set<Socket>();
  let cutAt = Infinity;
  let stallAt = Infinity;
  const server = createServer((browser) => {
    const api = connect(Number(port), hostname);
    for (const socket of [browser, api]) {
      open.add(socket);
      socket.on('error', () => {}); // the other one is told by its close
      socket.on('close', () => {
        open.delete(socket);
        browser.destroy();
        api.destroy();
      });
    }
    let sent = 0;
    browser.on('data', (bytes) => {
      sent += bytes.length;
      if (sent >= stallAt) return void browser.pause();
      if (sent < cutAt) return void api.write(bytes);
      browser.resetAndDestroy();
    });
    api.pipe(browser);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter: (bytes) => void (cutAt = bytes),
    stallAfter: (bytes) => void (stallAt = bytes),
    goOn: () => void (cutAt = stallAt = Infinity),
    stop: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}
