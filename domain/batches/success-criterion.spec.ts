import { successCriterionSchema, toStoredCriterion, toSuccessCriterion } from './success-criterion.js';

it.each([
  [{ kind: 'analysis' }, null],
  [{ kind: 'minimumDuration', seconds: 1 }, { minimumDurationMs: 1_000 }],
  [{ kind: 'minimumDuration', seconds: 3_600 }, { minimumDurationMs: 3_600_000 }],
] as const)('%j is stored as %j, and comes back', (criterion, stored) => {
  expect(toStoredCriterion(successCriterionSchema.parse(criterion))).toEqual(stored);
  expect(toSuccessCriterion(stored)).toEqual(criterion);
});

it.each([
  ['an unknown kind', { kind: 'luck' }, 'kind is "analysis" or "minimumDuration"'],
  ['no kind', {}, 'kind is "analysis" or "minimumDuration"'],
  ['no length', { kind: 'minimumDuration' }, 'seconds is a whole number'],
  ['a length of 0', { kind: 'minimumDuration', seconds: 0 }, 'seconds is at least 1'],
  ['a length of more than an hour', { kind: 'minimumDuration', seconds: 3_601 }, 'seconds is at most 3600'],
  ['a length for the analysis', { kind: 'analysis', seconds: 5 }, '"seconds"'],
])('refuses %s', (_what, criterion, problem) => {
  expect(successCriterionSchema.safeParse(criterion).error?.issues[0]?.message).toContain(problem);
});
