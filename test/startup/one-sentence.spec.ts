import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, projectRoot } from '../../dev/processes.js';
import { programOf } from '../../dev/programs.js';
import { secondFactorOf } from '../support/second-factor.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TEST_ENCRYPTION_KEY } from '../support/secrets.js';
import { publicId } from '../../domain/ids.js';
import { NO_PROXY_TRUSTED } from '../../api/start-api.js';
import { spendLink } from '../../store/people/members.js';

const NOTHING_THERE = '127.0.0.1:9';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

/** Starts one of our processes. `printed` grows; `ended` is its exit code. */
function start([main = '', ...args]: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...programOf(main), ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: test.url,
      DIALWRIGHT_ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
      DIALWRIGHT_API_PORT: '0',
      DIALWRIGHT_START_WAIT_MS: '0',
      ...environment,
    },
  });
  const printed = { text: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed.errors += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const prints = async (what: string): Promise<void> => {
    while (!printed.text.includes(what)) await Promise.race([once(child.stdout, 'data'), ended]);
  };
  return { child, printed, ended, prints };
}

/** What the process says last, in its log. */
async function lastWords(
  args: string[],
  environment: Record<string, string>,
): Promise<[number | null, object, string]> {
  const { printed, ended } = start(args, environment);
  const code = await ended;
  const last = JSON.parse(printed.text.trim().split('\n').at(-1) ?? '{}') as { level: number; msg: string };
  return [
    code,
    { level: last.level, msg: last.msg, fields: Object.keys(last).filter((key) => key === 'err') },
    printed.errors,
  ];
}

const sentence = (msg: string) => [1, { level: 60, msg, fields: [] }, ''];

describe('what keeps a process from starting is one sentence, which says what to do', () => {
  it('in an empty database', async () => {
    const empty = await createTestDatabase();
    try {
      await empty.db.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      expect(await lastWords(['api/server.ts'], { DATABASE_URL: empty.url })).toEqual(
        sentence('The database is empty: run `npm run migrate` first.'),
      );
    } finally {
      await empty.drop();
    }
  });

  it('when there is no such database', async () => {
    const url = new URL(test.url);
    url.pathname = '/nobody_made_it';
    expect(await lastWords(['worker/main.ts'], { DATABASE_URL: url.href })).toEqual(
      sentence(`There is no database nobody_made_it at ${url.host}: \`npm run migrate\` makes it.`),
    );
  });

  it('when nobody answers where Temporal is said to be', async () => {
    expect(await lastWords(['worker/main.ts'], { TEMPORAL_ADDRESS: NOTHING_THERE })).toEqual(
      sentence(`Temporal does not answer at ${NOTHING_THERE}: start it, or set TEMPORAL_ADDRESS to where it is.`),
    );
  });

  it('when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await lastWords(['api/server.ts'], { DIALWRIGHT_API_PORT: String(port) })).toEqual(
      sentence(`Port ${port} of 127.0.0.1 is taken: stop what listens there, or set DIALWRIGHT_API_PORT.`),
    );
    other.close();
  });

  it('when a setting is wrong, or an argument is given', async () => {
    expect(await lastWords(['api/server.ts'], { DIALWRIGHT_API_PORT: 'x' })).toEqual(
      sentence('DIALWRIGHT_API_PORT=x must be a port from 0 to 65535 (0 takes a free one)'),
    );
    expect(await lastWords(['worker/main.ts', '--verbose'], {})).toEqual(
      sentence('There is no argument --verbose. Settings are environment variables: docs/configuration.md.'),
    );
  });
});

it.each(['worker/main.ts', 'cli/setup.ts', 'dev/start.ts'])(
  '%s --help says what it does, and does nothing',
  async (main) => {
    const { printed, ended } = start([main, '--help'], { DATABASE_URL: '' });
    expect(await ended).toBe(0);
    expect(printed.text).toMatch(/Dialwright|npm run|DATABASE_URL/);
    expect(printed.errors).toBe('');
  },
);

it('an API that starts while PostgreSQL is away waits for it, and says so', async () => {
  const port = await freePort();
  const url = new URL(test.url);
  const { port: realPort } = url;
  url.port = String(port);
  const { child, printed, ended, prints } = start(['api/server.ts'], {
    DATABASE_URL: url.href,
    DIALWRIGHT_START_WAIT_MS: '60000',
  });
  await prints('waiting for it');
  const proxy = await forward(port, Number(realPort));
  await prints('api started');
  expect(printed.text).toContain(`PostgreSQL does not answer at 127.0.0.1:${port}: waiting for it, 60 s at most`);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  proxy.close();
});

it('setup makes no second workspace of a name without being told', async () => {
  const args = ['cli/setup.ts', '--workspace', 'Twice'];
  const run = async (more: string[] = []) => {
    const { printed, ended } = start([...args, ...more], {
      TEMPORAL_ADDRESS: process.env['TEST_TEMPORAL_ADDRESS'] ?? '',
    });
    return [await ended, printed.errors];
  };
  const count = () => test.db.prisma.workspace.count({ where: { name: 'Twice' } });
  expect(await run()).toEqual([0, '']);
  const [code, errors] = await run();
  expect([code, await count()]).toEqual([1, 1]);
  expect(errors).toMatch(/There is a workspace "Twice" already \(ws_[0-9a-f]{32}\), so none was made.*--another/);
  expect([await run(['--another']), await count()]).toEqual([[0, ''], 2]);
  expect((await run(['--admin-key']))[1]).toContain('There are 2 workspaces "Twice": give the id of one');
  const { id } = await test.db.prisma.workspace.findFirstOrThrow({ where: { name: 'Twice' } });
  expect(await run(['--admin-key', '--workspace', publicId('workspace', id)])).toEqual([0, '']);
  expect([await test.db.prisma.apiKey.count({ where: { workspaceId: id } }), await count()]).toEqual([2, 2]);
});

it('setup lets an admin in by a link, the first one and one who is locked out', async () => {
  const { id } = await test.db.prisma.workspace.create({ data: { name: 'Locked' } });
  const run = async (...more: string[]) => {
    const args = ['cli/setup.ts', '--workspace', 'Locked', '--admin', 'Ada@Example.com', ...more];
    const { printed, ended } = start(args, {
      DIALWRIGHT_PUBLIC_URL: 'https://calls.test',
    });
    expect(await ended).toBe(0);
    const token = /https:\/\/calls\.test\/#\/welcome\/([\w-]{43})/.exec(printed.text)?.[1];
    if (!token) throw new Error(`no link in: ${printed.text}`);
    expect(printed.text.includes('The second factor of ada@example.com is off.')).toBe(more.length > 0);
    return token;
  };
  const first = { epoch: 0, passwordHash: 'the first', from: null };
  expect(await spendLink(test.db.pool, await run(), first)).toMatchObject({ workspaceId: id });
  await test.db.pool.query(`UPDATE members SET role = 'viewer'`);
  expect(await spendLink(test.db.pool, await run(), { ...first, epoch: 1, passwordHash: 'another' })).not.toBeNull();
  expect(await test.db.prisma.member.findMany({ select: { role: true } })).toEqual([{ role: 'admin' }]);
  const [person] = await test.db.prisma.person.findMany();
  await secondFactorOf(test.db, person!.id);
  await run();
  expect(await test.db.prisma.secondFactor.count()).toBe(1);
  await run('--reset-second-factor');
  expect(await test.db.prisma.secondFactor.count()).toBe(0);
  expect(await test.db.prisma.auditEvent.findFirst({ where: { action: 'turn off second factor' } })).toMatchObject({
    workspaceId: id,
    actor: 'setup',
  });
  expect(await test.db.prisma.person.findMany({ select: { email: true, passwordHash: true } })).toEqual([
    { email: 'ada@example.com', passwordHash: 'another' },
  ]);
});

async function forward(from: number, to: number): Promise<Server> {
  const server = createTcpServer((socket) => {
    const other = connect(to, '127.0.0.1');
    socket.pipe(other).pipe(socket);
    for (const end of [socket, other]) end.on('error', () => socket.destroy());
  });
  server.listen(from, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

it.each([
  [1, { DIALWRIGHT_PUBLIC_URL: 'https://calls.example.com' }],
  [0, { DIALWRIGHT_PUBLIC_URL: 'https://calls.example.com', DIALWRIGHT_TRUST_PROXY: '1' }],
  [0, { DIALWRIGHT_PUBLIC_URL: 'http://calls.example.com' }],
] as [number, Record<string, string>][])(
  'the API says %s times, with %j, that no proxy is trusted',
  async (times, environment) => {
    const { child, printed, ended, prints } = start(['api/server.ts'], environment);
    await prints('api started');
    child.kill('SIGTERM');
    await ended;
    expect(printed.text.split(NO_PROXY_TRUSTED).length - 1).toBe(times);
  },
);
