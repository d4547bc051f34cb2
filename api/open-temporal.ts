import { Client, Connection, type ConnectionOptions } from '@temporalio/client';

export type TemporalAccess = { client: Client; namespace: string; close(): Promise<void> };

/** A server that was away is tried again this often at least; the default grows to two minutes. */
const RECONNECT_MS_MAX = 1_000;

/**
 * Temporal as the API uses it: connects on the first call and again whenever it has to, so that the API starts and
 * answers while Temporal is away. Without the SDK's own retries: every call here has a time-out of about a second, and
 * a retry that is still waiting when the connection closes would end the process.
 */
export function openTemporal(options: ConnectionOptions, namespace: string): TemporalAccess {
  const channelArgs = {
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': RECONNECT_MS_MAX,
    ...options.channelArgs,
  };
  const connection = Connection.lazy({ ...options, interceptors: [], channelArgs });
  return { client: new Client({ connection, namespace }), namespace, close: () => connection.close() };
}
