import { z } from 'zod';
import { openApiDocument } from '../../openapi.js';
import { defineOperation } from '../../operation.js';
import { operations } from '../../routes.js';

let text: string | null = null;

export const getOpenApiOperation = defineOperation({
  id: 'getOpenApi',
  method: 'get',
  path: '/v1/openapi.json',
  summary: 'Get this document',
  description: 'The OpenAPI 3.1 document of the API.',
  tag: 'operations',
  role: null,
  responses: { 200: { description: 'The document', schema: z.looseObject({ openapi: z.string() }) } },
  usesDatabase: false,
  async handler() {
    text ??= JSON.stringify(openApiDocument(operations));
    return { status: 200, text: { contentType: 'application/json', content: text } };
  },
});
