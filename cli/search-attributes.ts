import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { StartError } from '../platform/start-error.js';
import { statusAttribute, workspaceAttribute } from '../workflows/contract.js';

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
const CONNECT_TIMEOUT_MS = 10_000;

/** Registers Dialwright's search attributes in a namespace. Safe to repeat. */
async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = [workspaceAttribute.name, statusAttribute.name].filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

/** The same, at the server that Temporal's own environment settings name. */
export async function registerSearchAttributesFromEnvironment(): Promise<void> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS }).catch(
    () => {
      const address = connectionOptions?.address ?? 'localhost:7233';
      throw new StartError(`Temporal does not answer at ${address}: start it, or set TEMPORAL_ADDRESS to where it is.`);
    },
  );
  try {
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}
