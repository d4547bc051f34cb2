import { rmSync } from 'node:fs';
import path from 'node:path';
import { createApiClient, type ApiClient } from '../../dev/demo/api-client.js';
import { startStack, type Stack } from '../../dev/stack.js';
import { openDatabase, type Database } from '../../store/database.js';

/** Real processes that a test kills and starts again, and its own look at their database. */
export type CrashStack = { stack: Stack; call: ApiClient; db: Database; dir: string; stop(): Promise<void> };

export async function startCrashStack(name: string): Promise<CrashStack> {
  const dir = path.join(process.cwd(), '.data', `crash-${name}-${process.pid}`);
  const stack = await startStack({ dir, concurrencyLimit: 1, environment: {} });
  const db = openDatabase({ url: stack.databaseUrl, connectionsMax: 2 });
  return {
    ...{ stack, call: createApiClient(stack.apiUrl, stack.apiKey), db, dir },
    async stop() {
      await db.close();
      await stack.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
