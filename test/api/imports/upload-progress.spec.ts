import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { readSettings } from '../../../platform/settings.js';
import { createImport, failLostImports } from '../../../store/imports/create-import.js';
import { moveImportRows } from '../../../store/batches/sweep-rows.js';
import { eventually } from '../../support/eventually.js';
import { CSV, draft, reviewedImport } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

const ROWS = 300_000;
const SEEN_MAX_MS = 20_000;
const BIG = `phone_number,name\n${Array.from({ length: ROWS }, (_, index) => `+1${2_122_200_000 + index},Person ${index}`).join('\n')}\n`;

let api: TestApi;
let batchId: string;
beforeAll(async () => {
  api = await startTestApi({ settings: readSettings({}) });
});
afterAll(() => api.stop());
beforeEach(async () => {
  batchId = await draft(api, { recipients: [] });
});

const newId = (): string => publicId('import', randomUUID());
const uuidOf = (importId: string): string => parsePublicId('import', importId) ?? '';

function upload(importId: string, content = CSV, headers: Record<string, string> = {}, into = batchId) {
  const file = { name: 'a.csv', content };
  return send(api, 'createImport', { params: { batchId: into }, query: { importId }, file, headers });
}

const get = (importId: string) => send(api, 'getImport', { params: { importId } });
const rowsOf = async (importId: string): Promise<number> =>
  (await api.db.pool.query('SELECT count(*)::int AS count FROM import_rows WHERE import_id = $1', [uuidOf(importId)]))
    .rows[0].count;

/** What an import shows while its file is being read. */
const seenReading = (importId: string) =>
  eventually(async () => {
    const { body } = await get(importId);
    expect(body).toMatchObject({ status: 'RECEIVING' });
    expect(body.totalRows).toBeGreaterThan(0);
    return body as { totalRows: number; acceptedRows: number; rejectedRows: number };
  }, SEEN_MAX_MS);

describe('an upload under an id that the client has chosen', () => {
  it('shows how far it was read while it is read, and no row of it before its end', async () => {
    const importId = newId();
    const uploading = upload(importId, BIG);
    const seen = await seenReading(importId);
    expect(seen.acceptedRows + seen.rejectedRows).toBe(seen.totalRows);
    expect(seen.totalRows).toBeLessThan(ROWS);
    expect((await send(api, 'listImportRows', { params: { importId } })).body.data).toEqual([]);
    expect((await uploading).body).toMatchObject({
      id: importId,
      status: 'REVIEW',
      totalRows: ROWS,
      acceptedRows: ROWS,
    });
  });

  it('ends when it is discarded meanwhile: the uploader is told, and no row is kept', async () => {
    const importId = newId();
    const uploading = upload(importId, BIG);
    await seenReading(importId);
    expect((await send(api, 'discardImport', { params: { importId } })).body.status).toBe('DISCARDED');
    const { status, problem } = await uploading;
    expect([status, problem.code]).toEqual([409, 'import_not_in_review']);
    expect(problem.detail).toContain('was discarded while its file was being read');
    expect((await get(importId)).body.status).toBe('DISCARDED');
    expect(await rowsOf(importId)).toBe(0);
  });

  it('is refused when the id is in use, here or in another workspace, and changes nothing there', async () => {
    const importId = newId();
    expect((await upload(importId)).status).toBe(201);
    const again = await upload(importId);
    expect([again.status, again.problem.code]).toEqual([409, 'already_exists']);
    const elsewhere = await upload(importId, CSV, {}, await draft(api));
    expect([elsewhere.status, elsewhere.problem.code]).toEqual([409, 'already_exists']);
    expect((await get(importId)).body).toMatchObject({ status: 'REVIEW', batchId, totalRows: 3 });
  });

  it('is repeated safely with the same Idempotency-Key', async () => {
    const importId = newId();
    const headers = { 'idempotency-key': randomUUID() };
    expect((await upload(importId, CSV, headers)).status).toBe(201);
    expect((await upload(importId, CSV, headers)).body.id).toBe(importId);
    expect(await rowsOf(importId)).toBe(3);
  });
});

describe('an upload that does not reach its end', () => {
  const open = async (importId: string) => {
    const opened = await createImport(api.db.pool, {
      id: uuidOf(importId),
      workspaceId: api.workspace.workspaceId,
      batchId: parsePublicId('batch', batchId) ?? '',
      fileName: 'a.csv',
      from: ['DRAFT'],
    });
    return opened;
  };
  const silentFor = (importId: string, seconds: number) =>
    api.db.pool.query(`UPDATE imports SET heartbeat_at = dialwright_now() - make_interval(secs => $2) WHERE id = $1`, [
      uuidOf(importId),
      seconds,
    ]);

  it('is given up when its process was not heard of for half a minute, and can then be begun again', async () => {
    const importId = newId();
    expect((await open(importId)).is).toBe('receiving');
    await silentFor(importId, 20);
    await failLostImports(api.db.pool);
    expect((await upload(importId)).problem.code).toBe('already_exists');
    await silentFor(importId, 31);
    await failLostImports(api.db.pool);
    expect((await get(importId)).body).toMatchObject({
      status: 'FAILED',
      error: { code: 'upload_interrupted' },
      totalRows: 0,
    });
    expect((await upload(importId)).body).toMatchObject({ id: importId, status: 'REVIEW', totalRows: 3, error: null });
  });

  it('adds nothing when it was begun again by somebody else in the meantime', async () => {
    const importId = newId();
    const uploading = upload(importId, BIG);
    await seenReading(importId);
    await api.db.pool.query(`UPDATE imports SET upload_token = gen_random_uuid() WHERE id = $1`, [uuidOf(importId)]);
    const { status, problem } = await uploading;
    expect([status, problem.code]).toEqual([409, 'import_not_in_review']);
    expect(await rowsOf(importId)).toBe(0);
  });

  /** A client of its own, which may go away at any time. */
  const sendPart = (importId: string, content: string, bytes: number, onSent?: () => void) => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /v1/batches/${batchId}/imports?importId=${importId} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.keys.admin}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${bytes}\r\n\r\n`;
    socket.write(head + content, onSent);
    return socket;
  };
  const FORM = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n`;

  it('ends when its client goes away while its rows are read, keeps no row, and can be begun again', async () => {
    const importId = newId();
    const form = `${FORM}${BIG}\r\n--b--\r\n`;
    const socket = sendPart(importId, form, Buffer.byteLength(form));
    const seen = await seenReading(importId);
    socket.destroy();
    expect(seen.totalRows).toBeLessThan(ROWS);
    await eventually(async () => {
      expect((await get(importId)).body).toMatchObject({ status: 'FAILED', error: { code: 'upload_interrupted' } });
    });
    expect(await rowsOf(importId)).toBe(0);
    expect((await upload(importId)).body).toMatchObject({ id: importId, status: 'REVIEW' });
  });

  it('leaves no import when the connection breaks while the file is sent', async () => {
    const importId = newId();
    const socket = sendPart(importId, FORM + BIG.slice(0, 1_000_000), 10_000_000, () => socket.destroy());
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await upload(importId)).status).toBe(201);
    const { rows } = await api.db.pool.query('SELECT count(*)::int AS count FROM imports WHERE batch_id = $1', [
      parsePublicId('batch', batchId),
    ]);
    expect(rows[0].count).toBe(1);
  });
});

describe('a confirmed import', () => {
  it('shows how many of its rows have become recipients, each once, when the chunks are moved by several at a time', async () => {
    const importId = await reviewedImport(api, BIG.slice(0, BIG.indexOf('Person 7000')) + 'x\n');
    const { pool } = api.db;
    await pool.query(`UPDATE imports SET status = 'CONFIRMED', rows_outstanding = true WHERE id = $1`, [
      uuidOf(importId),
    ]);
    await moveImportRows(pool, uuidOf(importId));
    const { body } = await get(importId);
    expect(body.rowsOutstanding).toBe(true);
    expect(body.movedRows).toBeGreaterThan(0);
    expect(body.movedRows).toBeLessThan(body.acceptedRows);
    const move = async (): Promise<void> => {
      while ((await get(importId)).body.rowsOutstanding) await moveImportRows(pool, uuidOf(importId));
    };
    await Promise.all([move(), move(), move()]);
    expect((await get(importId)).body).toMatchObject({ rowsOutstanding: false, movedRows: 7_001, acceptedRows: 7_001 });
    const { rows } = await pool.query(
      `SELECT count(*)::int AS count, count(DISTINCT r.phone)::int AS phones, count(s.recipient_id)::int AS states,
         bool_and(r.phone = s.phone AND r.ordinal = s.ordinal) AS "areSame" FROM recipients r JOIN recipient_states s ON s.recipient_id = r.id WHERE r.import_id = $1`,
      [uuidOf(importId)],
    );
    expect(rows[0]).toEqual({ count: 7_001, phones: 7_001, states: 7_001, areSame: true });
    const ordered = await pool.query('SELECT phone FROM recipients WHERE import_id = $1 ORDER BY ordinal', [
      uuidOf(importId),
    ]);
    expect(ordered.rows.map(({ phone }) => phone)).toEqual(ordered.rows.map(({ phone }) => phone).toSorted());
  });

  it('calls each recipient by the hours of its own zones when the batch does', async () => {
    const own = await draft(api, { recipients: [], hoursIn: 'recipient' });
    const csv = 'phone_number,timezone\n+12125550111,\n+34910000111,\n+12125550112,Europe/Paris\n';
    const { body } = await upload(newId(), csv, {}, own);
    await send(api, 'confirmImport', { params: { importId: body.id } });
    const { rows } = await api.db.pool.query(
      `SELECT zone_set AS zones FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal`,
      [parsePublicId('batch', own)],
    );
    expect(rows.map(({ zones }) => zones)).toEqual([
      'America/New_York',
      'Atlantic/Canary|Europe/Madrid',
      'Europe/Paris',
    ]);
  });
});
