import { OpenApiGeneratorV31, OpenAPIRegistry, type ResponseConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { CONFIRMED_FOR_MS } from '../../domain/people/confirmation.js';
import { completeDocument } from './document/complete-document.js';
import { HEADERS, responseHeaders } from './document/response-headers.js';
import { ERRORS, type ErrorCode } from './error-table.js';
import type { Operation, ResponseSpec } from './operation.js';
import { problemSchema } from './problem.js';

const JSON_TYPE = 'application/json';
const BODY_TYPES = {
  json: JSON_TYPE,
  recipients: JSON_TYPE,
  multipart: 'multipart/form-data',
  raw: JSON_TYPE,
} as const;
const VERSION = '1';

/** The OpenAPI 3.1 document of operations: made of the very schemas that validate. */
export function openApiDocument(operations: readonly Operation[]): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key: Authorization: Bearer dw_…',
  });
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'dialwright_session',
    description: 'Of a person who has signed in: POST /v1/session. Requests from other sites are refused',
  });
  for (const [name, header] of Object.entries(HEADERS)) registry.registerComponent('headers', name, header);
  for (const operation of operations) {
    const { id, method, path, summary, tag, role, params, query, confirmation } = operation;
    registry.registerPath({
      operationId: id,
      method,
      path,
      summary,
      description: describe(operation),
      tags: [tag],
      security: role === null ? [] : [{ apiKey: [] }, { session: [] }],
      ...(role !== null && { 'x-lowest-role': role }),
      ...(confirmation && { 'x-needs-confirmation': confirmation === 'always' ? 'always' : confirmation.when }),
      request: {
        ...(params && { params: params as z.ZodObject }),
        ...(query && { query: query as z.ZodObject }),
        ...headersOf(operation),
        ...(operation.body &&
          operation.bodyKind && {
            body: {
              required: operation.bodyKind !== 'json' || !operation.body.safeParse(undefined).success,
              content: { [BODY_TYPES[operation.bodyKind]]: { schema: operation.body } },
            },
          }),
      },
      responses: responsesOf(operation),
    });
  }
  const generated = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Dialwright',
      version: VERSION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Batch outbound calling for AI voice agents. Every error is a problem document (RFC 9457) with a `code`; all codes: /docs/errors. Every answer carries `X-Request-Id`, and takes the one that was sent.',
    },
    servers: [{ url: '/' }],
  });
  return completeDocument(generated);
}

function describe({ description, role, confirmation }: Operation): string {
  if (role === null) return description;
  const needsRole = `${description}\n\nNeeds the role ${role} or higher.`;
  if (!confirmation) return needsRole;
  const when = confirmation === 'always' ? '' : `, ${confirmation.when},`;
  return `${needsRole} With a session${when} only within ${CONFIRMED_FOR_MS / 60_000} minutes after its person has shown who it is: by signing in, or by \`PUT /v1/session/confirmation\`.`;
}

function headersOf({ method, role, takesIfMatch }: Operation): { headers?: z.ZodObject } {
  const shape = {
    ...(method === 'post' && role !== null && idempotencyKey),
    ...(takesIfMatch && ifMatch),
  };
  return Object.keys(shape).length > 0 ? { headers: z.object(shape) } : {};
}

const idempotencyKey = {
  'Idempotency-Key': z.string().min(1).max(255).optional().meta({
    description:
      'The same key with the same request is carried out once; the stored answer is given again, with Idempotency-Replayed: true.',
  }),
};
const ifMatch = {
  'If-Match': z.string().optional().meta({
    description: 'The `ETag` of the answer that the change was made from: 412 when there is another version by now',
    example: '"7"',
  }),
};

function responsesOf(operation: Operation): Record<string, ResponseConfig> {
  const { responses, errorCodes } = operation;
  const all: Record<string, ResponseConfig> = {};
  for (const [status, spec] of Object.entries(responses)) all[status] = successOf(spec);
  const statuses = new Set(errorCodes.map((code) => ERRORS[code].status));
  for (const status of statuses) {
    const codes = errorCodes.filter((code) => ERRORS[code].status === status);
    all[status] = {
      description: codes.map(describeCode).join('\n\n'),
      content: { ...all[status]?.content, 'application/problem+json': { schema: problemSchema } },
    };
  }
  for (const [status, response] of Object.entries(all)) response.headers = responseHeaders(operation, Number(status));
  return all;
}

function successOf({ description, schema, contentType }: ResponseSpec): ResponseConfig {
  if (!schema && !contentType) return { description };
  return { description, content: { [contentType ?? 'application/json']: { schema: schema ?? z.string() } } };
}

function describeCode(code: ErrorCode): string {
  return `\`${code}\`: ${ERRORS[code].title}. ${ERRORS[code].advice}`;
}
