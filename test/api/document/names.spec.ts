import { expect, it } from '@jest/globals';
import { apiDocument, type Documented, type Schema } from '../support/document.js';

const every: Documented[] = Object.values(apiDocument.paths).flatMap((methods) => Object.values(methods));

type Named = { place: string; name: string; schema: Schema };

function namesIn(schema: unknown, place: string): Named[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, example: _example, examples: _examples, ...rest } = schema as Schema;
  const own = Object.entries(properties).flatMap(([name, property]) => [
    { place: `${place}.${name}`, name, schema: property },
    ...namesIn(property, `${place}.${name}`),
  ]);
  return [...own, ...Object.values(rest).flatMap((part) => namesIn(part, place))];
}

const names = [
  ...Object.entries(apiDocument.components.schemas).flatMap(([id, schema]) => namesIn(schema, id)),
  ...every.flatMap(({ operationId, requestBody, responses }) => [
    ...namesIn(requestBody?.content, operationId),
    ...namesIn(responses, operationId),
  ]),
];
const places = (wrong: (named: Named) => boolean): string[] => names.filter(wrong).map(({ place }) => place);
const is = ({ type }: Schema, wanted: string): boolean =>
  type === wanted || (Array.isArray(type) && type.includes(wanted));

/** What is called by another name, or was, with the name that it has. */
const OTHER_NAMES: Record<string, string> = {
  phone: 'phoneNumber',
  to: 'phoneNumber',
  attemptList: 'attempts',
  concurrencyLimit: 'concurrency',
};

it('calls one thing by one name', () => {
  expect(places(({ name }) => Object.hasOwn(OTHER_NAMES, name))).toEqual([]);
});

it('counts a row as rowNumber, attempts as attemptCount, and lists attempts as attempts', () => {
  expect(places(({ name, schema }) => name === 'row' && is(schema, 'integer'))).toEqual([]);
  // How many of them an outcome allows is the rule of that outcome.
  const counted = places(({ name, schema }) => name === 'attempts' && is(schema, 'integer'));
  expect(counted.filter((place) => !/RetryRule/.test(place))).toEqual([]);
});

it('has a truth of a query as a truth, and several values as the same parameter several times', () => {
  const parameters = every.flatMap(({ operationId, parameters: own = [] }) =>
    own.map(({ name, schema, description = '' }) => ({ place: `${operationId} ?${name}`, schema, description })),
  );
  const asTexts = parameters.filter(({ schema }) => schema.enum?.join() === 'true,false');
  const inOne = parameters.filter(({ description, schema }) => /comma/.test(`${description}${schema.description}`));
  expect([...asTexts, ...inOne].map(({ place }) => place)).toEqual([]);
});

/** Settings of a batch, in the unit in which people choose them; and that of a key, which is not here yet. */
const CHOSEN = ['delayMinutes', 'seconds', 'overlapSeconds'];

it('has a duration in milliseconds', () => {
  const other = places(({ name }) => /(seconds|minutes)$/i.test(name) && !CHOSEN.includes(name));
  expect(other).toEqual([]);
});
