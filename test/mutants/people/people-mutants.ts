import type { Mutant } from '../mutant.js';

const KEYS = 'test/api/api-keys/api-keys.spec.ts';
const OPERATIONS = 'test/api/operations.spec.ts';

/** Who gets in, and for how long. */
export const PEOPLE_MUTANTS: readonly Mutant[] = [
  {
    protection: 'a key that was revoked is of no use',
    file: 'store/people/api-keys.ts',
    find: 'AND revoked_at IS NULL AND (expires_at',
    replace: 'AND (expires_at',
    spec: KEYS,
    title: 'ends at once, and may be revoked again',
  },
  {
    protection: 'a key that has expired is of no use',
    file: 'store/people/api-keys.ts',
    find: 'AND (expires_at IS NULL OR expires_at > dialwright_now())',
    replace: '',
    spec: KEYS,
    title: 'ends when it expires',
  },
  {
    protection: 'a key that is rolled ends after the overlap',
    file: 'store/people/roll_api_key.sql',
    find: 'expires_at = least(k.expires_at, t + make_interval(',
    replace: 'expires_at = coalesce(k.expires_at, t + 1000 * make_interval(',
    spec: KEYS,
    title: 'works on for the overlap beside the new one',
  },
  {
    protection: 'a key is rolled once',
    file: 'store/people/roll_api_key.sql',
    find: "result := 'TWICE';",
    replace: "result := 'NOT_FOUND';",
    spec: KEYS,
    title: 'is rolled once, then its successor',
  },
  {
    protection: 'times are those of UTC for Prisma',
    file: 'store/database.ts',
    find: "options: '-c TimeZone=UTC',",
    replace: '',
    spec: 'test/store/database.spec.ts',
    title: 'has each time as it is',
  },
  {
    protection: 'an admin key stays',
    file: 'store/people/revoke_api_key.sql',
    find: "THEN RETURN 'LAST_ADMIN'; END IF;",
    replace: 'THEN NULL; END IF;',
    spec: KEYS,
    title: 'is not the last of the admin keys that do not expire',
  },
  {
    protection: 'what is shown once is not kept with the answer to an Idempotency-Key',
    file: 'api/http/answer-request.ts',
    find: 'fields.filter((field) => field in body)',
    replace: 'fields.filter(() => false)',
    spec: KEYS,
    title: 'is not shown again, nor kept',
  },
  {
    protection: 'a role that is too low is refused',
    file: 'api/http/gate/authenticate.ts',
    find: 'if (ROLES.indexOf(role) >= ROLES.indexOf(lowestRole)) return;',
    replace: 'if (ROLES.includes(lowestRole)) return;',
    spec: OPERATIONS,
    title: 'createApiKey refuses a key whose role is too low',
  },
];
