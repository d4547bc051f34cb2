import { PassThrough } from 'node:stream';
import { createImport, type Receipt } from '../../../store/imports/create-import.js';
import { copyLine, copyLineStart, fillImport } from '../../../store/imports/fill-import.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { seedBatch, seedWorkspace } from '../../support/seed.js';

let test: TestDatabase;
let receipt: Receipt;
let by: { workspaceId: string; actor: string; batchId: string };
let source: PassThrough;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  const { workspaceId, ...workspace } = await seedWorkspace(test.db);
  const batchId = await seedBatch(test.db, { workspaceId, ...workspace }, { status: 'DRAFT' });
  const opened = await createImport(test.db.pool, {
    id: null,
    workspaceId,
    batchId,
    fileName: 'a.csv',
    from: ['DRAFT'],
  });
  if (opened.is !== 'receiving') throw new Error('the import was not opened');
  receipt = opened;
  by = { workspaceId, actor: 'test', batchId };
  source = new PassThrough();
});
afterAll(() => test.drop());

const summary = () => ({
  totalRows: 1,
  acceptedRows: 1,
  rejectedRows: 0,
  warnings: [],
  encoding: { name: 'utf-8' as const, certain: true, confidence: 1, alternatives: [], samples: [] },
  columns: [],
  columnChoice: {},
  headers: [],
});
const fill = (gone = new AbortController().signal) =>
  fillImport(test.db, receipt, { source, step: new PassThrough(), summary, signs: test.db.pool, gone, by });
const line = (row: number) => copyLine(copyLineStart(receipt.importId, true), row, '{}', []);
const countRows = () => test.db.prisma.importRow.count({ where: { importId: receipt.importId } });

/** The backend that runs the COPY, once it does. */
function untilCopyRuns(): Promise<number> {
  return eventually(async () => {
    const { rows } = await test.db.pool.query(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY import_rows%' AND state = 'active'`,
    );
    if (!rows[0]) throw new Error('no COPY is running');
    return rows[0].pid as number;
  });
}

// A query that is sent while the COPY still runs is a warning of the process, which fails a test.
it('an upload that fails while its rows are copied is rolled back once PostgreSQL has ended the COPY', async () => {
  const filled = fill();
  source.write(line(1));
  await untilCopyRuns();
  source.destroy(new Error('the client went away'));
  await expect(filled).rejects.toThrow('the client went away');
  expect(await countRows()).toBe(0);
});

it('an upload whose connection to PostgreSQL is lost fails, and waits for nothing more', async () => {
  const filled = fill();
  source.write(line(1));
  await test.db.pool.query('SELECT pg_terminate_backend($1)', [await untilCopyRuns()]);
  await expect(filled).rejects.toThrow();
  expect(await countRows()).toBe(0);
});

it('an upload with a row that PostgreSQL refuses fails, and leaves none', async () => {
  const filled = fill();
  source.end(`${line(1)}${line(1)}`);
  await expect(filled).rejects.toMatchObject({ code: '23505' });
  expect(await countRows()).toBe(0);
});
