/** A schema as the document has it, as far as we look at it. */
export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  description?: string;
  minimum?: number;
  minItems?: number;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  required?: string[];
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
};
export type Components = Readonly<Record<string, JsonSchema>>;
export type MediaType = { schema: JsonSchema; example?: unknown };

/** The schema that a reference names; another one as it is. */
export function resolve(schema: JsonSchema, components: Components): { id: string | null; schema: JsonSchema } {
  const id = schema.$ref?.split('/').at(-1) ?? null;
  return { id, schema: (id === null ? schema : components[id]) ?? {} };
}
