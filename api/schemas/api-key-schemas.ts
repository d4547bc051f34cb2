import { z } from 'zod';
import { ROLES } from '../../domain/people/roles.js';
import { idOut, time } from './fields.js';

const shape = {
  id: idOut('apiKey'),
  name: z.string(),
  role: z.enum(ROLES),
  prefix: z.string().meta({ description: 'What the key begins with' }),
  createdAt: time,
  createdBy: z.string().meta({ description: 'The id of the key that made it; setup: the command' }),
  lastUsedAt: time.nullable().meta({ description: 'Within a minute; null: never' }),
  expiresAt: time.nullable().meta({ description: 'Null: never' }),
  revokedAt: time.nullable(),
  successorId: idOut('apiKey').nullable().meta({ description: 'The key that took over when this one was rolled' }),
};

export const apiKeySchema = z.object(shape).meta({ id: 'ApiKey' });

export const newApiKeySchema = z
  .object({
    ...shape,
    key: z.string().nullable().meta({
      description:
        'The key itself, which is shown this once: only its hash is kept. Null in the answer to a repetition with the same Idempotency-Key; roll the key if the first answer was lost',
    }),
  })
  .meta({ id: 'NewApiKey' });
