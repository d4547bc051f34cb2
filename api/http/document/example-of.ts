import { resolve, type Components, type JsonSchema } from './json-schema.js';
import { wordFor } from './words.js';

/** Whose example it is: what is sent has only what is needed, or has an example of its own; what is answered has all. */
type Side = 'sent' | 'answered';
type Place = { name: string; owners: readonly string[] };

/**
 * An example of a schema: what it says itself, else what its name says, else the first value that it allows. Null where a schema
 * allows nothing else.
 */
export function exampleOf(schema: JsonSchema, components: Components, side: Side, place: Place): unknown {
  const { id, schema: meant } = resolve(schema, components);
  const owners = id === null ? place.owners : [id, ...place.owners];
  const told = [schema, meant].map(toldBy).find((value) => value !== undefined);
  if (told !== undefined) return told;
  const one = (meant.anyOf ?? meant.oneOf ?? meant.allOf)?.find((choice) => !typesOf(choice).includes('null'));
  if (one) return exampleOf(one, components, side, { ...place, owners });
  if (meant.properties) return objectOf(meant, components, side, { name: place.name, owners });
  const word = wordFor(place.name, owners)?.[1];
  if (word !== undefined && fits(word, meant)) return word;
  if (meant.items && typesOf(meant).includes('array'))
    return [exampleOf(meant.items, components, side, { name: place.name, owners })];
  return plainOf(meant);
}

function toldBy({ example, examples, default: usual, const: only, enum: all }: JsonSchema): unknown {
  return example ?? examples?.[0] ?? usual ?? only ?? all?.find((value) => value !== null);
}

function objectOf(schema: JsonSchema, components: Components, side: Side, { name, owners }: Place): unknown {
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties).filter((key) => side === 'answered' || required.includes(key));
  const inside = [...(name === '' ? [] : [name]), ...owners];
  return Object.fromEntries(
    names.map((key) => [
      key,
      // Of what is asked for above.
      exampleOf(properties[key] ?? {}, components, side, { name: key, owners: inside }),
    ]),
  );
}

function plainOf(schema: JsonSchema): unknown {
  const types = typesOf(schema);
  if (types.includes('string')) return schema.format === 'date-time' ? '2026-12-01T08:00:00.000Z' : 'text';
  if (types.includes('integer') || types.includes('number')) return schema.minimum ?? 1;
  if (types.includes('boolean')) return false;
  if (types.includes('object')) return {};
  return types.includes('array') ? [] : null;
}

function fits(value: unknown, schema: JsonSchema): boolean {
  const types = typesOf(schema);
  if (typeof value === 'string')
    return types.includes('string') && (schema.pattern === undefined || matches(value, schema.pattern));
  if (typeof value === 'number') return types.includes('integer') || types.includes('number');
  return types.includes(Array.isArray(value) ? 'array' : typeof value);
}

function matches(text: string, pattern: string): boolean {
  return new RegExp(pattern, 'u').test(text);
}

function typesOf({ type }: JsonSchema): readonly string[] {
  return typeof type === 'string' ? [type] : (type ?? []);
}
