import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';

export interface SpawnedScript {
  child: ChildProcess;
  /** The first line that it printed, parsed. */
  announced: { pid: number; url?: string; address?: string; adopted: boolean };
  /** `kill -9`; resolves once the process is gone. */
  kill(): Promise<void>;
}

/** For tests: runs a script of this folder in a process of its own and waits for its first line. */
export async function spawnScript(name: string, args: string[]): Promise<SpawnedScript> {
  const script = path.join(process.cwd(), 'dev', 'servers', name);
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it printed a line`)));
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { child, announced: JSON.parse(line) as SpawnedScript['announced'], kill };
}
