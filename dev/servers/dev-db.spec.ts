import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startDevDb, type DevDb } from './dev-db.js';
import { freePort, isAlive, parentDeathLeash, pollUntil } from '../processes.js';
import { spawnScript } from './spawn-script.js';

/** A busy backend does not notice the death of its server, and holds on to its memory. */
const BUSY_FOR_TWO_SECONDS = `DO $$
  DECLARE until timestamptz := clock_timestamp() + interval '2 s';
  BEGIN WHILE clock_timestamp() < until LOOP END LOOP; END $$`;

describe('startDevDb', () => {
  let folder: string;
  const stops: (() => Promise<void>)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'dev db ')); // the space is part of the test
  });

  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: Parameters<typeof startDevDb>[0] = {}): Promise<DevDb> {
    const server = await startDevDb({ dir: path.join(folder, 'pg'), ...options });
    stops.push(server.stop);
    return server;
  }

  it('runs two servers at once when they have two folders', async () => {
    const [first, second] = await Promise.all([
      start({ dir: path.join(folder, 'first') }),
      start({ dir: path.join(folder, 'second') }),
    ]);

    await query(first.url, 'CREATE TABLE note (text text)');

    expect(first.port).not.toBe(second.port);
    await expect(query(second.url, 'TABLE note')).rejects.toThrow('"note" does not exist');
  });

  it('has the wanted database, and leaves it alone when it starts again', async () => {
    const first = await start({ database: 'calls' });
    await query(first.url, 'CREATE TABLE note AS SELECT 1 AS id');
    await first.stop();

    const second = await start({ database: 'calls' });

    expect(new URL(second.url).pathname).toBe('/calls');
    expect(await query(second.url, 'TABLE note')).toEqual([{ id: 1 }]);
  });

  it('starts on the same port with every committed row after the server was killed', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE note AS SELECT 1 AS id');
    process.kill(first.pid, 'SIGKILL');

    const second = await start({ port: first.port });

    expect(second).toMatchObject({ port: first.port, adopted: false });
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url, 'TABLE note')).toEqual([{ id: 1 }]);
  });

  it('waits for a backend of the killed server that is still at work', async () => {
    const first = await start();
    const working = query(first.url, BUSY_FOR_TWO_SECONDS).catch(() => 'cut off');
    const sees = () =>
      query(first.adminUrl, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%clock_timestamp%LOOP%'");
    await pollUntil(async () => (await sees()).length > 1, { timeoutMs: 5_000 });
    process.kill(first.pid, 'SIGKILL');

    const second = await start({ port: first.port });

    expect(await query(second.url, 'SELECT 1 AS id')).toEqual([{ id: 1 }]);
    expect(await working).toBeDefined();
  });

  it('adopts the server that a killed parent left, and can stop it', async () => {
    const parent = await spawnScript('dev-db.ts', [path.join(folder, 'pg'), '--keep']);
    await parent.kill();

    const adopted = await start();
    expect(adopted).toMatchObject({ adopted: true, pid: parent.announced.pid, url: parent.announced.url });

    await adopted.stop();
    expect(isAlive(adopted.pid)).toBe(false);
  });

  it('moves a server that a killed parent left to the port that is wanted now', async () => {
    const parent = await spawnScript('dev-db.ts', [path.join(folder, 'pg'), '--keep']);
    await parent.kill();
    const port = await freePort();

    const server = await start({ port });

    expect(server).toMatchObject({ adopted: false, port });
    expect(isAlive(parent.announced.pid)).toBe(false);
  });

  it('does not outlive its parent, even when that is killed', async () => {
    const parent = await spawnScript('dev-db.ts', [path.join(folder, 'pg')]);
    await parent.kill();

    // Without setpriv the kernel cannot end it: then the next start has to find it.
    const canBeEnded = parentDeathLeash('INT').length > 0;
    const isGone = () => !isAlive(parent.announced.pid);
    if (canBeEnded) expect(await pollUntil(isGone, { timeoutMs: 20_000 })).toBe(true);
    expect((await start()).adopted).toBe(!canBeEnded);
  });

  it('is not misled by a pid file that names an unrelated process', async () => {
    const first = await start();
    await first.stop();

    const unrelated = spawn('sleep', ['60'], { stdio: 'ignore' });
    const unrelatedPid = unrelated.pid ?? 0;
    writeFileSync(path.join(folder, 'pg', 'postmaster.pid'), `${unrelatedPid}\n\n\n${first.port}\n`);

    const second = await start();

    expect(second.adopted).toBe(false);
    expect(isAlive(unrelatedPid)).toBe(true);
    unrelated.kill();
  });
});

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {}); // the server may be killed meanwhile; the query reports that
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
