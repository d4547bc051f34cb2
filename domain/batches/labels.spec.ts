import { labelFilterSchema, labelsChangeSchema, labelsSchema, mergeLabels, LABELS_MAX } from './labels.js';

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, 'v']));

it.each([
  ['none', {}],
  ['as many as there may be', many(LABELS_MAX)],
  ['what people write', { 'cost-center': '42', Team_1: 'Ärzte & Söhne: Süd' }],
])('takes %s', (_what, labels) => {
  expect(labelsSchema.parse(labels)).toEqual(labels);
});

it.each([
  ['one too many', many(LABELS_MAX + 1)],
  ['a key with a colon', { 'a:b': 'v' }],
  ['an empty key', { '': 'v' }],
  ['a long key', { ['k'.repeat(41)]: 'v' }],
  ['an empty value', { a: ' ' }],
  ['a long value', { a: 'v'.repeat(101) }],
  ['a NUL', { a: 'x\0' }],
  ['half a character', { a: '\ud800' }],
  ['a number', { a: 1 }],
])('refuses %s', (_what, labels) => {
  expect(labelsSchema.safeParse(labels).success).toBe(false);
});

it('merges a change: what is left out stays, null takes away', () => {
  const change = labelsChangeSchema.parse({ team: 'north', old: null });
  expect(mergeLabels({ team: 'south', old: '1', kept: '2' }, change)).toEqual({ team: 'north', kept: '2' });
});

it('reads a filter at the first colon, and refuses what is no label', () => {
  expect(labelFilterSchema.parse('url:https://a.b')).toEqual([['url', 'https://a.b']]);
  for (const wrong of ['team', ':x', 'team:', 'a b:c', 'x'.repeat(5_000)])
    expect([wrong.slice(0, 9), labelFilterSchema.safeParse(wrong).success]).toEqual([wrong.slice(0, 9), false]);
});
