import { describe, expect, it } from '@jest/globals';
import { WORDS } from '../../../api/http/document/words.js';
import { operations } from '../../../api/routes/all-operations.js';
import { apiDocument, mistakesAt, type Content, type Documented, type Schema } from '../support/document.js';

type Found = { place: string; name: string; schema: Schema; isRequired: boolean };
const every: Documented[] = Object.values(apiDocument.paths).flatMap((methods) => Object.values(methods));

/** Every property of the document, each once: where it stands, and its schema. */
function properties(): Found[] {
  const found: Found[] = [];
  for (const [id, schema] of Object.entries(apiDocument.components.schemas)) collect(schema, id, found);
  for (const { operationId, requestBody, responses } of every) {
    for (const { schema } of Object.values(requestBody?.content ?? {})) collect(schema, `${operationId} sent`, found);
    for (const [status, { content = {} }] of Object.entries(responses))
      for (const { schema } of Object.values(content)) collect(schema, `${operationId} ${status}`, found);
  }
  return found;
}

function collect(schema: unknown, place: string, found: Found[]): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties: own = {}, required = [], ...rest } = schema as Schema;
  for (const [name, property] of Object.entries(own)) {
    found.push({ place: `${place}.${name}`, name, schema: property, isRequired: required.includes(name) });
    collect(property, `${place}.${name}`, found);
  }
  const { example: _example, examples: _examples, default: _default, ...parts } = rest;
  for (const part of Object.values(parts)) collect(part, place, found);
}

const CLOSED = ['code', 'action', 'reason', 'gate', 'state', 'status', 'kind', 'role', 'outcome'];
/** Words of people. */
const FREE = [
  ...['lawfulOverride.reason', 'Suppression.reason', 'addSuppressions sent.reason', 'emergencyStop sent.reason'],
  'liftEmergencyStop sent.reason',
  // Of an app of codes.
  ...['signIn sent.code', 'spendLink sent.code', 'confirmSecondFactor sent.code', 'turnOffSecondFactor sent.code'],
  'confirmSession sent.code',
];

function isClosed({ $ref, type, enum: values, const: only, items, anyOf }: Schema): boolean {
  if ($ref !== undefined || values !== undefined || only !== undefined) return true;
  if (Array.isArray(anyOf)) return (anyOf as Schema[]).every((part) => part.type === 'null' || isClosed(part));
  if (items) return isClosed(items);
  return type !== 'string' && !(Array.isArray(type) && type.includes('string'));
}

describe('the document', () => {
  it('has a list of values wherever programs look at a word', () => {
    const open = properties().filter(
      ({ name, place, schema }) =>
        CLOSED.includes(name) && !FREE.some((free) => place.endsWith(free)) && !isClosed(schema),
    );
    expect(open.map(({ place }) => place)).toEqual([]);
  });

  it('says what every property and every parameter is', () => {
    const silent = properties().filter(({ schema }) => !schema.description);
    const parameters = every.flatMap(({ operationId, parameters: own = [] }) =>
      own.filter(({ description }) => !description).map(({ name }) => `${operationId} ?${name}`),
    );
    expect([...silent.map(({ place }) => place), ...parameters]).toEqual([]);
  });

  it('has no word for a name that is nowhere', () => {
    const names = new Set([
      ...properties().map(({ name }) => name),
      ...every.flatMap(({ parameters = [] }) => parameters.map(({ name }) => name)),
    ]);
    expect(Object.keys(WORDS).filter((key) => !names.has(key.split('.').at(-1)!))).toEqual([]);
  });

  it('asks for no field that has a default', () => {
    const sent = properties().filter(({ place }) => / sent\b|^Create|^Update|^Retry/.test(place));
    expect(
      sent.filter(({ schema, isRequired }) => isRequired && 'default' in schema).map(({ place }) => place),
    ).toEqual([]);
  });
});

const JSON_TYPE = 'application/json';
const jsonOf = (content: Content | undefined) => content?.[JSON_TYPE];

describe('an example', () => {
  it.each(
    operations
      .filter(({ bodyKind }) => bodyKind === 'json' || bodyKind === 'recipients')
      .map((operation) => [operation.id, operation] as const),
  )('of the body of %s is one that is taken', (_id, { path, method, body }) => {
    const media = jsonOf(apiDocument.paths[path]?.[method]?.requestBody?.content);
    expect(media).toHaveProperty('example');
    expect(
      mistakesAt(['paths', path, method, 'requestBody', 'content', JSON_TYPE, 'schema'], media!.example),
    ).toBeNull();
    const parsed = body!.safeParse(media!.example);
    expect(parsed.error?.issues ?? []).toEqual([]);
  });

  it.each(
    operations.flatMap((operation) =>
      Object.entries(operation.responses)
        .filter(([status, { schema, contentType }]) => Number(status) < 300 && schema && !contentType)
        .map(([status]) => [operation.id, status, operation] as const),
    ),
  )('of the answer of %s, %s, is one that it may give', (_id, status, { path, method, responses }) => {
    const media = jsonOf(apiDocument.paths[path]?.[method]?.responses[status]?.content);
    expect(media).toHaveProperty('example');
    const place = ['paths', path, method, 'responses', status, 'content', JSON_TYPE, 'schema'];
    expect([mistakesAt(place, media!.example), media!.example]).toEqual([null, media!.example]);
    expect(responses[Number(status)]!.schema!.safeParse(media!.example).error?.issues ?? []).toEqual([]);
    // Of a text that nothing says anything about.
    expect(JSON.stringify(media!.example)).not.toMatch(/[:[,]"text"[,\]}]/);
  });
});

describe('a bound', () => {
  const bounded = operations
    .filter(({ bodyKind }) => bodyKind === 'json' || bodyKind === 'recipients')
    .flatMap((operation) => {
      const media = jsonOf(apiDocument.paths[operation.path]?.[operation.method]?.requestBody?.content);
      const { id } = operation;
      return boundsOf(media!.schema).map(([name, right, wrong]) => ({
        id,
        name,
        right,
        wrong,
        operation,
        media: media!,
      }));
    });

  it.each(bounded)('of $name of $id is the one that is kept', ({ name, right, wrong, operation, media }) => {
    const issuesOf = (value: unknown) =>
      (operation.body!.safeParse({ ...(media.example as object), [name]: value }).error?.issues ?? [])
        .filter(({ path }) => path[0] === name)
        .map(({ code }) => code);
    // What is wrong with any text of x is not the bound.
    const anyway = typeof right === 'string' ? issuesOf('x'.repeat(Math.min(12, right.length))) : [];
    expect(issuesOf(right).filter((code) => !anyway.includes(code))).toEqual([]);
    expect(issuesOf(wrong)).not.toEqual([]);
  });
});

/** Of each field with a bound: a value at it, and one beyond. */
function boundsOf(schema: Schema): [name: string, right: unknown, wrong: unknown][] {
  const { properties: own = {} } = schema.$ref
    ? apiDocument.components.schemas[schema.$ref.split('/').at(-1)!]!
    : schema;
  return Object.entries(own).flatMap(([name, { maxLength, minimum, maximum }]) => [
    ...(typeof maxLength === 'number'
      ? [[name, 'x'.repeat(maxLength), 'x'.repeat(maxLength + 1)] as [string, unknown, unknown]]
      : []),
    ...(typeof minimum === 'number' ? [[name, minimum, minimum - 1] as [string, unknown, unknown]] : []),
    ...(typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER
      ? [[name, maximum, maximum + 1] as [string, unknown, unknown]]
      : []),
  ]);
}
