import { REASONS, reasonsOfLanes, type Reason, type ReasonName } from '../../domain/reasons.js';
import { readRepoFile, repoFiles } from './repo-files.js';

const CLAIM_FILES = /^store\/(claims|lanes)\/.*\.sql$/;
/** A reason that a statement gives: assigned, or the answer of a CASE. */
const GIVEN_REASON = /(?:reason :=|reason := CASE[^;]*?(?:THEN|ELSE)|(?:THEN|ELSE)) '([A-Z][A-Z_]+)'/g;
/** Words that stand there too, and are none. */
const OTHER_WORDS = ['WAITING', 'IN_PROGRESS', 'WAIT', 'END', 'REPEATED', 'STALE', 'LEFT_BEHIND', 'CALL', 'CANCELLED'];
const RECIPIENT_REASONS = Object.entries(REASONS).flatMap(([name, reason]) => ('lanes' in reason ? [] : [name]));

it('has every reason that the claim gives', () => {
  const given = repoFiles()
    .filter(
      (file) =>
        CLAIM_FILES.test(file) &&
        /batch_prospect|batch_standing|nobody_waits|limits_left|next_due|let_lanes/.test(file),
    )
    .flatMap((file) => [...codeOf(file).matchAll(GIVEN_REASON)].map(([, word]) => word!));
  const known = Object.keys(REASONS);
  expect([...new Set(given)].filter((word) => !known.includes(word) && !OTHER_WORDS.includes(word))).toEqual([]);
  expect(new Set(given).size).toBeGreaterThan(15);
});

it('says of lanes what the claim does with them', () => {
  // One lane waits for the last calls to end: it is written apart.
  const dial = reasonsOfLanes('dial').filter((name) => name !== 'CALLS_IN_PROGRESS');
  expect(listIn('store/claims/let_lanes_wait.sql', 'prospect.reason IN')).toEqual(sorted(dial));
  expect(listIn('store/claims/let_lanes_wait.sql', 'WHEN place = 1 AND prospect.reason IN')).toEqual(
    sorted(reasonsOfLanes('watch')),
  );
  const waitsOn = [...reasonsOfLanes('dial', 'watch')].filter((name) => name !== 'READY' && name !== 'FAIR_SHARE');
  expect(listIn('store/lanes/batches_with_news.sql', 'p.reason NOT IN')).toEqual(sorted(waitsOn));
});

it('gives the advice that the runbook gives', () => {
  const rows = [...readRepoFile('docs/runbook.md').matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \| (.*) \|$/gm)];
  const written = rows.flatMap(([, names, advice]) =>
    [...names!.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => [name, advice] as const),
  );
  const ofBatches = (Object.entries(REASONS) as [ReasonName, Reason][]).filter(
    ([name]) => !RECIPIENT_REASONS.includes(name),
  );
  expect(Object.fromEntries(written)).toEqual(
    Object.fromEntries(ofBatches.map(([name, { advice }]) => [name, advice])),
  );
});

function codeOf(file: string): string {
  return readRepoFile(file).replace(/--.*$/gm, '').replace(/\s+/g, ' ');
}

function listIn(file: string, before: string): string[] {
  const code = codeOf(file);
  const at = code.indexOf(before);
  const [, list = ''] = /^[^(]*\(([^)]*)\)/.exec(code.slice(at + before.length)) ?? [];
  return sorted([...list.matchAll(/'([A-Z_]+)'/g)].map(([, word]) => word!));
}

function sorted(words: readonly string[]): string[] {
  return [...words].sort();
}
