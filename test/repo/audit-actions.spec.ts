import { AUDIT_ACTIONS } from '../../domain/people/audit-actions.js';
import { readRepoFile, repoFiles } from './repo-files.js';

/** What SQL records, up to the entry itself: the action is among its words. */
const CALL =
  /PERFORM (?:record_(?:audit|change|of_person)|record_of_member)\(((?:(?!jsonb_build_object|to_jsonb|;).)*)/gs;
const WORDS = /'([a-z]+(?: [a-z]+)*)'/g;
/** Kinds, keys of what is asked for, and those who do it. */
const NO_ACTION = ['actor', 'agent', 'breaker', 'address', 'object'];

it('every word that SQL records is one of the list of actions', () => {
  const found = new Set<string>();
  for (const file of repoFiles().filter((name) => /^store\/.*\.sql$/.test(name))) {
    for (const [, call = ''] of readRepoFile(file).replaceAll(/--.*/g, '').matchAll(CALL))
      for (const [, word = ''] of call.matchAll(WORDS)) if (!NO_ACTION.includes(word)) found.add(word);
  }
  expect([...found].filter((word) => !AUDIT_ACTIONS.some((action) => action === word))).toEqual([]);
  expect(found.size).toBeGreaterThan(20);
});

it('no action is in the list twice', () => {
  expect(new Set(AUDIT_ACTIONS).size).toBe(AUDIT_ACTIONS.length);
});
