import { z } from 'zod';
import { defineOperation } from '../../http/operation.js';
import { readReadiness } from '../../actions/read-readiness.js';

const readinessSchema = z
  .object({
    status: z.enum(['ready', 'degraded', 'unavailable']),
    postgresql: z.object({
      ok: z.boolean(),
      tookMs: z.number(),
      clockSkewMs: z.number().nullable(),
      error: z.string().nullable(),
    }),
    encryptionKey: z
      .object({ ok: z.boolean(), error: z.string().nullable() })
      .meta({ description: 'Whether this process has the key with which the installation seals credentials' }),
    schema: z
      .object({ ok: z.boolean(), error: z.string().nullable() })
      .meta({ description: 'Whether the database has the functions of this process, or of a release that serves it' }),
    zoneData: z
      .string()
      .meta({ description: 'The version of the time zone data that this process computes hours with' }),
    temporal: z.object({ ok: z.boolean(), tookMs: z.number(), error: z.string().nullable() }),
  })
  .meta({ id: 'Readiness' });

export const getReadinessOperation = defineOperation({
  id: 'getReadiness',
  method: 'get',
  path: '/readyz',
  summary: 'Whether requests can be served',
  description:
    'Without PostgreSQL, with another encryption key than the installation has, or on a database of another release, nothing can be: 503. Without Temporal changes are still accepted, take effect at once where they forbid calls, and the rest follows when it is back: 200, `degraded`. `clockSkewMs` is how far this process is ahead of PostgreSQL.',
  tag: 'operations',
  role: null,
  responses: {
    200: { description: 'Ready, or degraded', schema: readinessSchema },
    503: { description: 'Not ready', schema: readinessSchema },
  },
  usesDatabase: false,
  async handler({ deps }) {
    const body = await readReadiness(deps);
    return { status: body.status === 'unavailable' ? 503 : 200, body };
  },
});
