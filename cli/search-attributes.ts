import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
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
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}
