import type { Mutant } from './mutant.js';

/** What keeps an upload, a fix and their undo from doing what nobody meant. */
export const IMPORT_MUTANTS: readonly Mutant[] = [
  {
    protection: 'a guessed phone column is not confirmed by itself',
    file: 'api/actions/uploads/import-file.ts',
    find: "record.encoding?.certain !== true || record.columns?.some(({ how }) => how === 'guessed') !== false;",
    replace: 'record.encoding?.certain !== true;',
    spec: 'test/api/imports/columns.spec.ts',
    title: 'is not confirmed by itself',
  },
  {
    protection: 'of two columns with numbers none is guessed',
    file: 'domain/imports/phone-columns.ts',
    find: 'if (index === undefined || second !== undefined) return null;',
    replace: 'if (index === undefined) return null;',
    spec: 'test/api/imports/columns.spec.ts',
    title: 'is refused when two columns have numbers',
  },
  {
    protection: 'a first row that is a person is not taken for headers',
    file: 'domain/imports/phone-columns.ts',
    find: 'if (headers.some((header) => header !== null && looksLikeData(header))) return null;',
    replace: '',
    spec: 'test/api/imports/columns.spec.ts',
    title: 'is refused when the first row is a person',
  },
  {
    protection: 'a do_not_call column that was chosen to be a variable still forbids',
    file: 'domain/imports/csv-headers.ts',
    find: "const checkedAs = isOnlyChecked ? 'timeZone' : checkOf(header, options);",
    replace: "const checkedAs = isOnlyChecked ? 'timeZone' : chosen === null ? checkOf(header, options) : null;",
    spec: 'test/api/imports/columns.spec.ts',
    title: 'that were chosen to be variables still forbid calls',
  },
  {
    protection: 'rows are mended by the columns that were chosen',
    file: 'domain/imports/rejected-row.ts',
    find: '...(row.choice && { choice: row.choice }),',
    replace: '',
    spec: 'test/api/imports/columns.spec.ts',
    title: 'also for rows that are mended later',
  },
  {
    protection: 'what an upload says of columns counts for its Idempotency-Key',
    file: 'api/http/answer-request.ts',
    find: "${upload?.columns == null ? '' : `\\n${upload.columns}`}",
    replace: '',
    spec: 'test/api/imports/columns.spec.ts',
    title: 'other columns are another request',
  },
];
