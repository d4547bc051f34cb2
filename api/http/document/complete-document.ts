import { exampleOf } from './example-of.js';
import { type Components, type JsonSchema, type MediaType } from './json-schema.js';
import { wordFor } from './words.js';

type Parameter = { name: string; description?: string; schema: JsonSchema };
type Documented = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, { content?: Record<string, MediaType> }>;
};
type Document = { paths: Record<string, Record<string, Documented>>; components: { schemas: Components } };

/** Says what each name means where its schema does not, and gives an example of each body. */
export function completeDocument(generated: object): object {
  const document = structuredClone(generated) as Document;
  const { schemas } = document.components;
  for (const [id, schema] of Object.entries(schemas)) describe(schema, [id]);
  for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
    const owners = [operation.operationId];
    for (const parameter of operation.parameters ?? []) {
      const said = parameter.schema.description ?? wordFor(parameter.name, owners)?.[0];
      if (said !== undefined) parameter.description ??= said;
    }
    for (const media of Object.values(operation.requestBody?.content ?? {})) {
      describe(media.schema, ['RequestBody', ...owners]);
      if (!isBinary(media.schema))
        media.example ??= exampleOf(media.schema, schemas, 'sent', { name: '', owners: ['RequestBody', ...owners] });
    }
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      for (const [type, media] of Object.entries(content)) {
        describe(media.schema, owners);
        if (type === 'application/json' && Number(status) < 300)
          media.example ??= exampleOf(media.schema, schemas, 'answered', { name: '', owners });
      }
    }
  }
  return document;
}

function describe(schema: JsonSchema, owners: readonly string[]): void {
  if (schema.prefixItems) asList(schema, schema.prefixItems);
  if (schema.items) schema.items = withoutRepeat(schema.items);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const said = wordFor(name, owners)?.[0];
    if (property.description === undefined && said !== undefined) property.description = said;
    describe(property, [name, ...owners]);
  }
  const { items, anyOf = [], oneOf = [], allOf = [], additionalProperties } = schema;
  const parts = [items, ...anyOf, ...oneOf, ...allOf, additionalProperties];
  for (const part of parts) if (typeof part === 'object') describe(part, owners);
}

/** The library writes a schema that it names a second time together with its type, of which clients make a type that nothing fits. */
function withoutRepeat(items: JsonSchema): JsonSchema {
  const [named, ...others] = items.allOf ?? [];
  const isRepeated = named?.$ref !== undefined && others.every((other) => Object.keys(other).join() === 'type');
  return isRepeated ? named : items;
}

/** Not every program that reads a document knows tuples: a list of so many, of the kind of the last, which is the widest. */
function asList(schema: JsonSchema, tuple: readonly JsonSchema[]): void {
  Object.assign(schema, { items: tuple.at(-1), minItems: tuple.length, maxItems: tuple.length });
  delete schema.prefixItems;
}

function isBinary(schema: JsonSchema): boolean {
  return schema.format === 'binary' || Object.values(schema.properties ?? {}).some(isBinary);
}
