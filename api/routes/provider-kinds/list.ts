import { z } from 'zod';
import { problemOfAccount } from '../../../telephony/create-provider.js';
import { PROVIDER_KINDS, providerKind } from '../../../telephony/registry.js';
import { defineOperation } from '../../http/operation.js';

const fieldSchema = z.object({
  name: z.string().meta({ description: 'As `credentials` of an account has it', example: 'apiKey' }),
  title: z.string().meta({ description: 'Its label in a form', example: 'API key' }),
  description: z.string().meta({ description: 'Its help in a form', example: 'Calls are placed with it' }),
  optional: z.boolean().meta({ description: 'Whether an account may do without' }),
  identifies: z
    .boolean()
    .meta({ description: 'Whether it says whose account it is: another one has to be of the same account' }),
});

const kindSchema = z
  .object({
    kind: z.enum(PROVIDER_KINDS),
    title: z.string().meta({ description: 'What people call it', example: 'Retell AI' }),
    defaultBaseUrl: z.string().nullable().meta({
      description: 'Where accounts of the kind are; null: each says where it is',
      example: 'https://api.retellai.com',
    }),
    allowed: z
      .boolean()
      .meta({ description: 'Whether this installation takes accounts of the kind, at its usual address' }),
    credentials: z.array(fieldSchema).meta({ description: 'In the order of a form' }),
    ignoresE164: z
      .boolean()
      .meta({ description: 'Whether a number may be dialled as written (`ignoreE164Validation`)' }),
  })
  .meta({ id: 'ProviderKind' });

export const listProviderKindsOperation = defineOperation({
  id: 'listProviderKinds',
  method: 'get',
  path: '/v1/provider-kinds',
  summary: 'List the kinds of providers',
  description: 'What an account of each kind needs, as a form shows it.',
  tag: 'provider accounts',
  role: 'viewer',
  responses: {
    200: {
      description: 'All of them, in the order in which people choose',
      schema: z.object({ data: z.array(kindSchema) }),
    },
  },
  handler: ({ deps: { sender } }) =>
    Promise.resolve({
      status: 200,
      body: {
        data: PROVIDER_KINDS.map((name) => {
          const { kind, title, defaultBaseUrl, credentials, identifiedBy, traits } = providerKind(name)!; // one of them
          const fields = Object.entries(credentials.shape);
          return {
            kind,
            title,
            defaultBaseUrl,
            allowed: defaultBaseUrl === null || problemOfAccount({ kind, baseUrl: defaultBaseUrl }, sender) === null,
            credentials: fields.map(([field, schema]) => toField(field, schema, identifiedBy)),
            ignoresE164: traits.dialsAnyNumber,
          };
        }),
      },
    }),
});

function toField(name: string, schema: z.ZodType, identifiedBy: readonly string[]): z.infer<typeof fieldSchema> {
  const { title = name, description = '' } =
    (schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema).meta() ?? {};
  return {
    name,
    title,
    description,
    optional: schema instanceof z.ZodOptional,
    identifies: identifiedBy.includes(name),
  };
}
