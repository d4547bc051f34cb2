import { spawnSync } from 'node:child_process';
import { createAccountReader } from '../../../activities/read-account.js';
import { createLogger } from '../../../platform/logger.js';
import { createSecretBox, UnreadableSecretError, type SecretBox } from '../../../platform/secret-box.js';
import { checkEncryptionKey, isEncryptionKeyRight, WrongEncryptionKeyError } from '../../../store/settings/canary.js';
import { replaceLostKey, setAsideUnreadable } from '../../../store/settings/lost-credentials.js';
import { createProviderAccount, resealSecrets } from '../../../store/settings/provider-accounts.js';
import { readProviderAccount } from '../../../store/settings/read-provider-account.js';
import { updateProviderAccount } from '../../../store/settings/update-provider-account.js';
import {
  beginSecondFactor,
  openSecondFactor,
  readSecondFactor,
  spendRecoveryCode,
} from '../../../store/people/second-factor/second-factors.js';
import { hashOfRecoveryCode } from '../../../platform/people/one-time-codes.js';
import { secondFactorOf } from '../../support/second-factor.js';
import { ROOT } from '../../repo/repo-files.js';
import { programOf } from '../../../dev/programs.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { testSecrets, TEST_ENCRYPTION_KEY } from '../../support/secrets.js';
import { untilLockIsAwaited } from '../../support/workspace-lock.js';
import { sealCredentials } from '../../../store/settings/sealed-credentials.js';
import { CREDENTIALS, SIMULATOR_FORM } from '../../support/credentials.js';

const OTHER_KEY = Buffer.alloc(32, 'other').toString('base64');
const otherSecrets = createSecretBox({ key: OTHER_KEY, previousKey: undefined });
const rotated = createSecretBox({ key: OTHER_KEY, previousKey: TEST_ENCRYPTION_KEY });

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
// An installation of its own for each test.
beforeEach(() => test.db.pool.query('TRUNCATE installation, workspaces, people CASCADE'));
afterAll(() => test.drop());

const start = (secrets: SecretBox) => checkEncryptionKey(test.db, secrets);
const batchOf = (id: string) => test.db.prisma.batch.findUniqueOrThrow({ where: { id } });
const canaries = async () => (await test.db.pool.query('SELECT canary FROM installation')).rows;

describe('a process', () => {
  it('that is the first makes the canary, and one with another key is refused from then on', async () => {
    await start(testSecrets);
    await start(testSecrets);
    await expect(start(otherSecrets)).rejects.toThrow(WrongEncryptionKeyError);
    await expect(start(otherSecrets)).rejects.toThrow('npm run setup -- --key-lost');
    expect(await canaries()).toHaveLength(1);
    expect(await isEncryptionKeyRight(test.db.pool, otherSecrets)).toBe(false);
  });

  it('that starts together with one of another key shares no installation with it: one of them is refused', async () => {
    const started = await Promise.allSettled([testSecrets, otherSecrets, testSecrets, otherSecrets].map(start));
    const [first, second, third, fourth] = started.map(({ status }) => status);
    expect([first, second]).toEqual([third, fourth]);
    expect([first, second].sort()).toEqual(['fulfilled', 'rejected']);
    expect(await canaries()).toHaveLength(1);
  });

  it('makes no canary where there are sealed rows that its key does not open', async () => {
    await seedWorkspace(test.db);
    await expect(start(otherSecrets)).rejects.toThrow(WrongEncryptionKeyError);
    expect(await canaries()).toEqual([]);
    await start(testSecrets);
  });

  it('that runs on with a key that is not the installation’s any more seals nothing', async () => {
    const { workspaceId, providerAccountId } = await seedWorkspace(test.db);
    await start(testSecrets);
    const account = { workspaceId, kind: 'simulator', name: 'New', baseUrl: 'http://127.0.0.1:9' };
    const credentials = { apiKey: 'key' };
    await expect(createProviderAccount(test.db, otherSecrets, { id: null, ...account, credentials })).rejects.toThrow(
      WrongEncryptionKeyError,
    );
    const owned = { workspaceId, id: providerAccountId, actor: 'test' };
    await expect(
      updateProviderAccount(test.db, otherSecrets, owned, {
        form: SIMULATOR_FORM,
        patch: { credentials },
        listed: null,
      }),
    ).rejects.toThrow(WrongEncryptionKeyError);
  });
});

it.each([['worker/main.ts'], ['api/server.ts'], ['cli/setup.ts', '--reseal']])(
  '%s does not start with another key, and says so',
  async (main, ...args) => {
    await start(testSecrets);
    const { status, stdout, stderr } = spawnSync(process.execPath, [...programOf(main), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...process.env,
        DATABASE_URL: test.url,
        DIALWRIGHT_ENCRYPTION_KEY: OTHER_KEY,
        DIALWRIGHT_API_PORT: '0',
      },
    });
    expect(status).toBe(1);
    expect(stdout + stderr).toContain('DIALWRIGHT_ENCRYPTION_KEY is not the key of this installation');
  },
);

it('npm run setup -- --key-lost makes the key that is set the one of the installation, and says what to do', async () => {
  await seedWorkspace(test.db);
  await start(testSecrets);
  const run = () =>
    spawnSync(process.execPath, [...programOf('cli/setup.ts'), '--key-lost'], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, DATABASE_URL: test.url, DIALWRIGHT_ENCRYPTION_KEY: OTHER_KEY },
    });
  const first = run();
  expect([first.status, first.stdout]).toEqual([
    0,
    expect.stringMatching(/1 provider accounts ask.*PATCH each account/),
  ]);
  await start(otherSecrets);
  expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('it is not lost. Nothing was changed.') });
});

describe('a change of the key', () => {
  it('lets processes start with both keys, and after the reseal with the new one alone', async () => {
    await seedWorkspace(test.db);
    await start(testSecrets);
    await start(rotated);
    await expect(start(otherSecrets)).rejects.toThrow(WrongEncryptionKeyError);
    expect(await resealSecrets(test.db, rotated)).toEqual({ accounts: 1, secondFactors: 0 });
    await start(otherSecrets);
    await start(rotated);
    await expect(start(testSecrets)).rejects.toThrow(WrongEncryptionKeyError);
  });

  it('is refused whole with a key that opens nothing', async () => {
    await seedWorkspace(test.db);
    await start(testSecrets);
    await expect(resealSecrets(test.db, otherSecrets)).rejects.toThrow(WrongEncryptionKeyError);
    await start(testSecrets);
  });
});

describe('a lost key', () => {
  let workspace: Workspace;
  let batchId: string;
  beforeEach(async () => {
    workspace = await seedWorkspace(test.db);
    batchId = await seedBatch(test.db, workspace);
    await start(testSecrets);
  });

  const enter = (credentials: { apiKey?: string; webhookSecret?: string | null }) => {
    const owned = { workspaceId: workspace.workspaceId, id: workspace.providerAccountId, actor: 'test' };
    const change = { form: SIMULATOR_FORM, patch: { credentials }, listed: null };
    return updateProviderAccount(test.db, otherSecrets, owned, change);
  };

  it('is replaced: processes start, accounts ask for their credentials, their batches pause and say why', async () => {
    expect(await replaceLostKey(test.db, otherSecrets)).toEqual({
      is: 'replaced',
      accounts: 1,
      batches: 1,
      secondFactors: 0,
    });
    await start(otherSecrets);
    expect(await batchOf(batchId)).toMatchObject({
      status: 'PAUSED',
      statusReason: expect.stringMatching(/cannot be read.*PATCH.*credentials/),
    });
    await test.db.pool.query(`UPDATE batches SET status = 'RUNNING'`);
    expect(await claim(test.db, workspace, [lane(batchId)])).toMatchObject([
      { verdict: 'END', reason: 'CREDENTIALS_NEEDED' },
    ]);

    expect(await enter({ apiKey: 'key' })).toEqual({ is: 'all-needed', missing: ['webhookSecret'] });
    expect(await enter({ webhookSecret: null })).toEqual({ is: 'all-needed', missing: ['apiKey'] });
    expect(await enter({ apiKey: 'key', webhookSecret: null })).toEqual({ is: 'changed', paused: [] });
    expect(await readProviderAccount(test.db.pool, otherSecrets, workspace.providerAccountId)).toMatchObject({
      credentials: { apiKey: 'key' },
    });
    expect(await claim(test.db, workspace, [lane(batchId)])).toMatchObject([{ verdict: 'CLAIMED' }]);
  });

  it('is not replaced by a key that opens what is there', async () => {
    expect(await replaceLostKey(test.db, testSecrets)).toEqual({ is: 'not-lost' });
    expect(await replaceLostKey(test.db, rotated)).toEqual({ is: 'not-lost' });
    expect((await batchOf(batchId)).status).toBe('RUNNING');
  });

  it('is replaced by one of two that are set at the same moment', async () => {
    const third = createSecretBox({ key: Buffer.alloc(32, 'third').toString('base64'), previousKey: undefined });
    const tx = await test.db.pool.connect();
    await tx.query('BEGIN');
    await tx.query('SELECT lock_workspace($1)', [workspace.workspaceId]);
    const both = Promise.all([otherSecrets, third].map((secrets) => replaceLostKey(test.db, secrets)));
    await untilLockIsAwaited(test.db, 2);
    await tx.query('COMMIT');
    tx.release();
    const results = await both;
    expect(results.filter(({ is }) => is === 'replaced')).toHaveLength(1);
    expect(await canaries()).toHaveLength(1);
  });

  it('that is found again opens the accounts that nobody has entered anew', async () => {
    await replaceLostKey(test.db, otherSecrets);
    expect(await resealSecrets(test.db, otherSecrets)).toMatchObject({ accounts: 0 });
    expect(await resealSecrets(test.db, rotated)).toMatchObject({ accounts: 1 });
    expect(await claim(test.db, workspace, [lane(batchId)])).toMatchObject([{ verdict: 'END', reason: 'PAUSED' }]);
    expect(await readProviderAccount(test.db.pool, otherSecrets, workspace.providerAccountId)).toMatchObject({
      credentials: CREDENTIALS,
    });
  });
});

describe('a second factor', () => {
  const newPerson = async (): Promise<string> =>
    (await test.db.prisma.person.create({ data: { email: `${Math.random()}@example.com` } })).id;
  const opened = async (personId: string, secrets: SecretBox) =>
    openSecondFactor(secrets, (await readSecondFactor(test.db.pool, personId))!);

  it('is opened with the new key after the reseal, one of another lost key stays as it is', async () => {
    await start(testSecrets);
    const [personId, other] = [await newPerson(), await newPerson()];
    const { secret } = await secondFactorOf(test.db, personId);
    await secondFactorOf(test.db, other);
    const lost = createSecretBox({ key: Buffer.alloc(32, 'lost').toString('base64'), previousKey: undefined });
    await test.db.pool.query('UPDATE second_factors SET secret = $2 WHERE person_id = $1', [
      other,
      lost.seal('x', other),
    ]);
    expect(await resealSecrets(test.db, rotated)).toEqual({ accounts: 0, secondFactors: 1 });
    expect([await opened(personId, otherSecrets), await opened(personId, testSecrets)]).toEqual([secret, null]);
    expect(await opened(other, lost)).toBe('x');
  });

  it('is not begun by a process whose key is not the installation’s any more', async () => {
    await start(testSecrets);
    const begun = { personId: await newPerson(), secret: 'x' };
    await expect(beginSecondFactor(test.db.pool, otherSecrets, begun)).rejects.toThrow(WrongEncryptionKeyError);
  });

  it('stays on when the key is lost: its recovery codes are good still, and it can be opened when the key is found', async () => {
    await start(testSecrets);
    const personId = await newPerson();
    const { secret, recoveryCodes } = await secondFactorOf(test.db, personId);
    expect(await replaceLostKey(test.db, otherSecrets)).toMatchObject({ is: 'replaced', secondFactors: 1 });
    expect(await readSecondFactor(test.db.pool, personId)).toMatchObject({ isOn: true, recoveryCodesLeft: 10 });
    const hash = hashOfRecoveryCode(recoveryCodes[0]!);
    expect(await spendRecoveryCode(test.db.pool, { personId, hash, from: null })).toBe(true);
    await resealSecrets(test.db, rotated);
    expect(await opened(personId, otherSecrets)).toBe(secret);
  });
});

describe('an account whose own credentials cannot be opened', () => {
  let workspace: Workspace;
  let batchId: string;
  const wrongKeys: Error[] = [];
  beforeEach(async () => {
    wrongKeys.length = 0;
    workspace = await seedWorkspace(test.db);
    batchId = await seedBatch(test.db, workspace);
    await start(testSecrets);
  });
  const read = (secrets: SecretBox) =>
    createAccountReader({
      db: test.db,
      logger: createLogger('silent', 'test'),
      secrets,
      onWrongKey: (err) => wrongKeys.push(err),
    })(workspace.providerAccountId);

  it('pauses its batches once, with the reason, and no others', async () => {
    const other = await seedBatch(test.db, await seedWorkspace(test.db));
    await test.db.prisma.providerAccount.update({
      where: { id: workspace.providerAccountId },
      data: { credentials: sealCredentials(otherSecrets, workspace.providerAccountId, CREDENTIALS) },
    });
    for (const _ of [1, 2, 3]) await expect(read(testSecrets)).rejects.toThrow(UnreadableSecretError);
    expect(await batchOf(batchId)).toMatchObject({
      status: 'PAUSED',
      version: 2,
      statusReason: expect.stringContaining('credentials of its provider account cannot be read'),
    });
    expect((await batchOf(other)).status).toBe('RUNNING');
    expect(wrongKeys).toEqual([]);
  });

  it('is not to blame when it is the process that has the wrong key: the process is told to stop', async () => {
    await expect(read(otherSecrets)).rejects.toThrow(UnreadableSecretError);
    expect(wrongKeys).toEqual([expect.any(WrongEncryptionKeyError)]);
    expect((await batchOf(batchId)).status).toBe('RUNNING');
    await expect(setAsideUnreadable(test.db, otherSecrets, workspace.providerAccountId)).rejects.toThrow(
      WrongEncryptionKeyError,
    );
  });
});
