import type { Mutant } from './mutant.js';

const RECORDINGS = 'test/api/recordings.spec.ts';
const BROWSERS = 'test/api/browsers.spec.ts';
const UNUSED = 'test/api/delete-unused.spec.ts';

/** What comes in from outside and goes out to pages, and what is taken away for good. */
export const OUTSIDE_MUTANTS: readonly Mutant[] = [
  {
    protection: 'a recording is fetched only from where this installation may send to',
    file: 'telephony/send-request.ts',
    find: "if (problem !== null) return { is: 'failed', why: `the address ${problem}` };",
    replace: '',
    spec: RECORDINGS,
    title: 'at http://10.0.0.1/a.wav is refused',
  },
  {
    protection: 'a recording without an end is cut off',
    file: 'telephony/egress/receive-stream.ts',
    find: 'if (bytes > bytesMax) throw new Error(`the answer has more than ${bytesMax} bytes`);',
    replace:
      'if (bytes > 50 * bytesMax) throw new Error(`the answer has more than ${bytesMax} bytes`); if (bytes > 10 * bytesMax) return;',
    spec: RECORDINGS,
    title: 'that has no end is cut off at its bound',
  },
  {
    protection: 'a recording that is too large is not begun',
    file: 'api/actions/recordings/fetch-recording.ts',
    find: 'if (length !== undefined && Number(length) > bytesMax)',
    replace: 'if (length !== undefined && Number(length) > 2 * bytesMax)',
    spec: RECORDINGS,
    title: 'at /large is refused',
  },
  {
    protection: 'a page is never passed on as a recording',
    file: 'api/actions/recordings/fetch-recording.ts',
    find: 'if (!BYTES.includes(told)) throw unusable',
    replace: 'if (told === "") throw unusable',
    spec: RECORDINGS,
    title: 'at /page is refused',
  },
  {
    protection: 'no redirect of a recording is passed on',
    file: 'api/actions/recordings/fetch-recording.ts',
    find: 'if (status >= 300 && status < 400)',
    replace: 'if (status === 299)',
    spec: RECORDINGS,
    title: 'at /moved is refused',
  },
  {
    protection: 'an address with a password is not asked for a recording',
    file: 'api/actions/recordings/fetch-recording.ts',
    find: "&& parsed.username === '' && parsed.password === ''",
    replace: '',
    spec: RECORDINGS,
    title: 'at http://user:secret@127.0.0.1/a.wav is refused',
  },
  {
    protection: 'only pages of named origins get an answer',
    file: 'api/http/browser/cors.ts',
    find: 'if (origin === undefined || !origins.includes(origin)) return next();',
    replace: 'if (origin === undefined || !origins.some((named) => origin.startsWith(named))) return next();',
    spec: BROWSERS,
    title: 'that is not named is told nothing',
  },
  {
    protection: 'an origin is named exactly',
    file: 'platform/browser/cors-origins.ts',
    find: 'new URL(entry).origin === entry',
    replace: 'entry !== ""',
    spec: 'platform/browser/cors-origins.spec.ts',
    title: 'refuses https://a.example/path',
  },
  {
    protection: 'what a batch had is not deleted, and says so',
    file: 'store/settings/unused/delete_unused.sql',
    find: 'IF EXISTS (SELECT FROM batches WHERE workspace_id = p_workspace AND agent_id = p_id) THEN',
    replace: 'IF false THEN',
    spec: UNUSED,
    title: 'by a batch, a deleted draft too, is not deleted',
  },
  {
    protection: 'what is deleted meanwhile is no fault of ours',
    file: 'api/http/problem.ts',
    find: 'if (code === FOREIGN_KEY_VIOLATION || code === PRISMA_FOREIGN_KEY_VIOLATION)',
    replace: 'if (code === PRISMA_FOREIGN_KEY_VIOLATION)',
    spec: UNUSED,
    title: 'by a batch that is made at the same moment',
  },
];
