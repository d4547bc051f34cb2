import type { z } from 'zod';

/** A field that a change may name, by its path in the body. */
export type PatchField = { path: string; takesNull: boolean };

type Def = { type: string; innerType?: z.ZodType; in?: z.ZodType; shape?: Record<string, z.ZodType> };
const WRAPPERS = ['optional', 'nullable', 'default', 'prefault', 'readonly'];

/** Every field of a body, those of its objects too. A list, a union or a record is one field. */
export function fieldsOf(body: z.ZodType): PatchField[] {
  return Object.entries(objectIn(body)?.shape ?? {}).flatMap(([name, schema]) => below(name, schema));
}

function below(path: string, schema: z.ZodType): PatchField[] {
  const parts = Object.entries(objectIn(schema)?.shape ?? {});
  const field = { path, takesNull: schema.safeParse(null).success };
  return [field, ...parts.flatMap(([name, part]) => below(`${path}.${name}`, part))];
}

function objectIn(schema: z.ZodType): Def | null {
  const def = schema.def as unknown as Def; // what every schema is made of
  if (def.type === 'object') return def;
  const inner = WRAPPERS.includes(def.type) ? def.innerType : def.type === 'pipe' ? def.in : undefined;
  return inner ? objectIn(inner) : null;
}

/** The body of a change that names one field only. */
export function naming(path: string, value: unknown): Record<string, unknown> {
  const [last, ...outer] = path.split('.').reverse();
  return outer.reduce((inner, name) => ({ [name]: inner }), { [last!]: value }); // a path has at least one part
}

/** The same with one field changed; `undefined` takes it out. */
export function withField(settings: object, path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(settings) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop()!; // a path has at least one part
  const holder = names.reduce((object, name) => object[name] as Record<string, unknown>, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}
