/** One protection taken out of the code, and the test that must notice. */
export type Mutant = {
  /** What is gone, in words. */
  protection: string;
  file: string;
  /** Occurs once in the file. */
  find: string;
  replace: string;
  spec: string;
  /** Part of the title of the test that must fail. */
  title: string;
};

const DIALLING = 'prisma/migrations/20261126000002_dialling/migration.sql';

export const MUTANTS: readonly Mutant[] = [
  {
    protection: 'a claim holds the workspace lock',
    file: DIALLING,
    find: `  PERFORM lock_workspace(p_workspace);
  t := callwright_now();
  SELECT * INTO w FROM workspaces`,
    replace: `  t := callwright_now();
  SELECT * INTO w FROM workspaces`,
    spec: 'test/races/dialling.spec.ts',
    title: 'gives ten racing workers together no more calls than slots',
  },
  {
    protection: 'two absents count only a settle delay apart',
    file: DIALLING,
    find: 'ELSIF t < a.absent_at + p_settle_delay THEN',
    replace: 'ELSIF false THEN',
    spec: 'test/store/answer-call.spec.ts',
    title: 'takes two absents a settle delay apart for NOT_PLACED',
  },
  {
    protection: 'only the holder of the dial token says that nothing was sent',
    file: DIALLING,
    find: 'WHERE claim_key = p_claim_key AND dial_token = p_token',
    replace: 'WHERE claim_key = p_claim_key',
    spec: 'test/store/answer-call.spec.ts',
    title: 'not sent: the slot is free, the recipient waits, and nothing is spent',
  },
];
