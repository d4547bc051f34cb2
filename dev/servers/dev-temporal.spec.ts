import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { startDevTemporal, type DevTemporal, type DevTemporalOptions } from './dev-temporal.js';
import { freePort, isAlive, parentDeathLeash, pollUntil } from '../processes.js';
import { spawnScript } from './spawn-script.js';

describe('startDevTemporal', () => {
  let folder: string;
  let file: string;
  const stops: (() => Promise<void>)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'dev temporal ')); // the space is part of the test
    file = path.join(folder, 'temporal.db');
  });

  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: DevTemporalOptions): Promise<DevTemporal> {
    const server = await startDevTemporal(options);
    stops.push(server.stop);
    return server;
  }

  it('starts on the same port with every workflow after the server was killed', async () => {
    const first = await start({ file });
    await withClient(first, (client) => startWorkflow(client, 'kept'));
    process.kill(first.pid, 'SIGKILL');

    const second = await start({ file, port: first.port });

    expect(second).toMatchObject({ address: first.address, adopted: false });
    expect(second.pid).not.toBe(first.pid);
    expect(await withClient(second, (client) => statusOf(client, 'kept'))).toBe('RUNNING');
  });

  it('knows the search attributes of Dialwright', async () => {
    const server = await start({});

    const workflowId = await withClient(server, async (client) => {
      const searchAttributes = { DialwrightWorkspace: ['ws_1'], DialwrightStatus: ['RUNNING'] };
      return (await startWorkflow(client, 'labelled', searchAttributes)).workflowId;
    });

    expect(workflowId).toBe('labelled');
  });

  it('adopts the server that a killed parent left, and can stop it', async () => {
    const parent = await spawnScript('dev-temporal.ts', [file, '--keep']);
    await parent.kill();

    const adopted = await start({ file });
    expect(adopted).toMatchObject({ adopted: true, pid: parent.announced.pid, address: parent.announced.address });

    await adopted.stop();
    expect(isAlive(adopted.pid)).toBe(false);
  });

  it('replaces a server that a killed parent left when another port is wanted', async () => {
    const parent = await spawnScript('dev-temporal.ts', [file, '--keep']);
    await parent.kill();
    const port = await freePort();

    const server = await start({ file, port });

    expect(server).toMatchObject({ adopted: false, port });
    expect(isAlive(parent.announced.pid)).toBe(false);
  });

  it('does not outlive its parent, even when that is killed', async () => {
    const parent = await spawnScript('dev-temporal.ts', [file]);
    await parent.kill();

    // Without setpriv the kernel cannot end it: then the next start has to find it.
    const canBeEnded = parentDeathLeash('TERM').length > 0;
    const isGone = () => !isAlive(parent.announced.pid);
    if (canBeEnded) expect(await pollUntil(isGone, { timeoutMs: 20_000 })).toBe(true);
    expect((await start({ file })).adopted).toBe(!canBeEnded);
  });

  it('refuses to keep a server that could not be found again', async () => {
    await expect(startDevTemporal({ keep: true })).rejects.toThrow('keep needs a file');
  });
});

async function withClient<T>(server: DevTemporal, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

function startWorkflow(client: Client, workflowId: string, searchAttributes: Record<string, string[]> = {}) {
  return client.workflow.start('nobodyRunsThis', { workflowId, taskQueue: 'none', searchAttributes });
}

async function statusOf(client: Client, workflowId: string): Promise<string> {
  return (await client.workflow.getHandle(workflowId).describe()).status.name;
}
