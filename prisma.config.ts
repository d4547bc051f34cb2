import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// Prisma fetches its native schema engine from the network at first use; the stand-in comes from npm instead. Windows
// cannot run a script as the engine and keeps the native one. A variable of your own wins.
if (process.platform !== 'win32') {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('./dev/build/schema-engine.ts', import.meta.url));
}
process.env.CHECKPOINT_DISABLE ??= '1';
process.env.PRISMA_HIDE_UPDATE_MESSAGE ??= '1';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/dialwright' },
});
