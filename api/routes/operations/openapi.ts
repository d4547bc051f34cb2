import { z } from 'zod';
import { defineOperation } from '../../http/operation.js';

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
  async handler({ deps }) {
    return { status: 200, text: { contentType: 'application/json', content: deps.openApi() } };
  },
});
