import { z } from 'zod';
import { defineOperation } from '../../http/operation.js';

export const getHealthOperation = defineOperation({
  id: 'getHealth',
  method: 'get',
  path: '/healthz',
  summary: 'Whether the process lives',
  description: 'Asks nobody else.',
  tag: 'operations',
  role: null,
  responses: { 200: { description: 'It does', schema: z.object({ status: z.literal('ok') }) } },
  usesDatabase: false,
  async handler() {
    return { status: 200, body: { status: 'ok' } };
  },
});
