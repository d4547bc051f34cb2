import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { startDevTemporal } from '../../dev/servers/dev-temporal.js';

export type DevServer = {
  address: string;
  connection: Connection;
  nativeConnection: NativeConnection;
  stop(): Promise<void>;
};

/** A Temporal dev server for one test file, so that files that run side by side do not take each other's tasks. */
export async function startDevServer(): Promise<DevServer> {
  const server = await startDevTemporal();
  const { address } = server;
  const connection = await Connection.connect({ address });
  const nativeConnection = await NativeConnection.connect({ address });
  return {
    address,
    connection,
    nativeConnection,
    async stop() {
      await nativeConnection.close();
      await connection.close();
      await server.stop();
    },
  };
}
